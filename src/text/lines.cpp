#include "text/lines.h"

namespace aecos::text {

std::vector<Line> split_lines(std::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    std::size_t feed = text.find('\n');
    std::size_t size = feed == std::string_view::npos ? text.size() : feed + 1;
    std::size_t content = feed == std::string_view::npos ? size : feed > 0 && text[feed - 1] == '\r' ? feed - 1 : feed;
    lines.push_back({text.substr(0, content), text.substr(content, size - content)});
    text.remove_prefix(size);
  }
  return lines;
}

std::vector<std::string_view> line_contents(const std::vector<Line>& lines) {
  std::vector<std::string_view> contents;
  contents.reserve(lines.size());
  for (const Line& line : lines) contents.push_back(line.content);
  return contents;
}

}  // namespace aecos::text
