#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/place_internal.h"

namespace aecos::policy {

// What a rule says under "property": "Pset_WallCommon.LoadBearing", "*.LoadBearing", "Name". Without a dot it is a
// property of any set as well.
class PropertyPatterns {
 public:
  explicit PropertyPatterns(const std::vector<std::string>& patterns);
  // Whether the place is, or could be, one that is meant; case and look-alikes do not count.
  bool overlaps(const Place& place) const;
  // Whether the place is one that is meant, however its name is read.
  bool covers(const Place& place) const;

 private:
  struct Pattern {
    std::string whole;
    std::vector<std::pair<std::string, std::string>> readings;  // Set and property.
  };
  static Pattern pattern_of(std::string_view text);
  std::vector<Pattern> exact_, folded_;
};

}  // namespace aecos::policy
