#include <algorithm>

#include "diff/text.h"
#include "merge/line_ends_internal.h"
#include "text/json_writer.h"

namespace aecos::merge {

LineEnds merge_line_ends(const std::array<std::vector<text::Line>, 3>& versions, std::vector<Taken>& taken) {
  std::array<std::string_view, 3> ends;
  for (std::size_t i = 0; i < 3; ++i) ends[i] = diff::line_ends(versions[i]);
  if (ends[0] == "none") ends[0] = ends[1] == ends[2] ? ends[1] : "LF";
  for (std::size_t i : {1U, 2U}) {
    if (ends[i] == "none") ends[i] = ends[0];
  }
  LineEnds merged;
  merged.any = merged_of(ends[0], ends[1], ends[2]) == "CRLF" ? "\r\n" : "\n";
  if (std::ranges::find(ends, "mixed") == ends.end()) merged.all = merged.any;
  bool both = ends[1] == ends[2];
  for (std::size_t i : {1U, 2U}) {
    if (ends[i] == ends[0] || (i == 2 && both)) continue;
    diff::Change change{diff::ChangeKind::text, {}, "line ends", text::json_quote(ends[0]), text::json_quote(ends[i])};
    taken.push_back({i == 1 ? Side::ours : Side::theirs, both, std::move(change)});
  }
  return merged;
}

std::string with_line_ends(std::string_view text, const LineEnds& ends) {
  if (ends.all.empty()) return std::string(text);
  std::string out;
  for (const text::Line& line : text::split_lines(text)) {
    out += line.content;
    if (!line.end.empty()) out += ends.all;
  }
  return out;
}

}  // namespace aecos::merge
