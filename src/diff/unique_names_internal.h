#pragma once

#include <string>
#include <unordered_map>

namespace aecos::diff {

// Gives the second thing of one name the name "Name (2)", and so on.
class UniqueNames {
 public:
  std::string of(const std::string& plain) {
    int& last = used_[plain];
    std::string name = plain;
    while (used_[name] > 0) name = plain + " (" + std::to_string(++last) + ")";
    used_[name] = 1;
    return name;
  }

 private:
  std::unordered_map<std::string, int> used_;
};

}  // namespace aecos::diff
