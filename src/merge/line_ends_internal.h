#pragma once
// How the lines of a merged text end.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "merge/merge.h"
#include "text/lines.h"

namespace aecos::merge {

// What became of a value that each side may have changed in one way only: base's unless a side changed it.
template <class T>
const T& merged_of(const T& base, const T& ours, const T& theirs) {
  return ours == base ? theirs : ours;
}

struct LineEnds {
  std::string_view any = "\n";  // For a line that has none and needs one.
  std::string_view all;         // For all lines, where every version ends all of its own in one way; else empty.
};

// As the side wants it that changed it; such a change goes to `taken`. Base, ours, theirs.
LineEnds merge_line_ends(const std::array<std::vector<text::Line>, 3>& versions, std::vector<Taken>& taken);

// The text with the ends of its lines, the last one's excepted, made so.
std::string with_line_ends(std::string_view text, const LineEnds& ends);

}  // namespace aecos::merge
