#pragma once
// Three versions of a sequence, cut into regions by who changed them.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "diff/sequence.h"

namespace aecos::merge {

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
  bool empty() const { return begin == end; }
  bool operator==(const Range&) const = default;
};

struct Region {
  enum class Kind : std::uint8_t { unchanged, ours, theirs, both, conflict };  // both: the same change by both
  Kind kind = Kind::unchanged;
  Range base, ours, theirs;
  bool operator==(const Region&) const = default;
};

// Whether a change of one side right beside a change of the other conflicts with it, as git's line merge has it. Two
// different insertions at one place always do.
enum class Touching : std::uint8_t { merges, conflicts };

// The regions follow each other without gaps in all three versions. Swapping ours and theirs swaps them in the result.
std::vector<Region> merge_sequences(std::span<const diff::Symbol> base, std::span<const diff::Symbol> ours,
                                    std::span<const diff::Symbol> theirs, Touching touching);

}  // namespace aecos::merge
