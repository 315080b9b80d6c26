#pragma once
// Patterns against paths, branches and names. The last star alone is tried again, so that no pattern takes more than
// pattern times text.

#include <string>
#include <string_view>
#include <vector>

namespace aecos::policy {

inline constexpr std::size_t pattern_max = 1000;  // Bytes.

// Whom "{member}" and "{role}" stand for.
struct Names {
  std::string member;
  std::vector<std::string> roles;
};
// The same with what these names stand for filled in.
bool matches(std::string_view pattern, std::string_view path, const Names& names);
Names folded(const Names& names);

// Whether the path can be taken for one that the pattern matches, and is none: "Models/x" for "models/**". What stands
// for a star may be written as it likes. `folded_path` and `folded_pattern` are folded already.
bool can_be_taken_for(std::string_view pattern, std::string_view folded_pattern, std::string_view path,
                      std::string_view folded_path);

// What is wrong with a pattern, in words; empty: nothing.
std::string pattern_fault(std::string_view pattern);

}  // namespace aecos::policy
