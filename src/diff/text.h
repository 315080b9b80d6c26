#pragma once
// Places and changes in line-based text.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "diff/change.h"
#include "text/lines.h"

namespace aecos::diff {

// "line 3", "lines 3-5"; for no lines "after line 2" ("before line 1" at the front). Lines count from `begin`, 0 for
// the first, to `end`.
std::string line_place(std::size_t begin, std::size_t end);

// The lines as a JSON string, with their ends; absent for none.
Value lines_value(const std::vector<text::Line>& lines, std::size_t begin, std::size_t end);

// How a text ends its lines: "LF", "CRLF", or "mixed"; "none" where it has no line end.
std::string_view line_ends(const std::vector<text::Line>& lines);

}  // namespace aecos::diff
