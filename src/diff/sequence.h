#pragma once
// Which elements two sequences have in common.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace aecos::diff {

// Stands for an element; equal elements have equal symbols. Small numbers from 0 on.
using Symbol = std::uint32_t;

// Gives equal texts equal symbols. The texts must outlive it.
class Symbols {
 public:
  Symbol of(std::string_view text) { return ids_.try_emplace(text, static_cast<Symbol>(ids_.size())).first->second; }
  std::vector<Symbol> of_all(std::span<const std::string_view> texts);

 private:
  std::unordered_map<std::string_view, Symbol> ids_;
};

// a[a, a + length) and b[b, b + length) are equal.
struct CommonRun {
  std::size_t a = 0;
  std::size_t b = 0;
  std::size_t length = 0;
  bool operator==(const CommonRun&) const = default;
};

// Common runs, ascending in both sequences and as long as they can be made: the same begin and end first, then elements
// that occur once in both (patience), then a shortest edit script (Myers). Where that script would be long its search
// is cut into pieces, so that the time stays about linear; the runs are then still right, only fewer.
std::vector<CommonRun> common_runs(std::span<const Symbol> a, std::span<const Symbol> b);

// Positions of one element in two versions of a list.
struct Pair {
  std::size_t before, after;
};

}  // namespace aecos::diff
