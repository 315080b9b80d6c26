#pragma once
// Text as lines that keep their ends.

#include <string_view>
#include <vector>

namespace aecos::text {

struct Line {
  std::string_view content;
  std::string_view end;  // "\n", "\r\n", or empty for a last line without one.
};

// Puts together what was split. An empty text has no lines. A carriage return alone is content.
std::vector<Line> split_lines(std::string_view text);

// The lines' contents, for comparing.
std::vector<std::string_view> line_contents(const std::vector<Line>& lines);

}  // namespace aecos::text
