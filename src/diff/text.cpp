#include "diff/text.h"

#include <algorithm>

#include "diff/diff.h"
#include "diff/sequence.h"
#include "text/json_writer.h"
#include "text/value.h"

namespace aecos::diff {

std::string line_place(std::size_t begin, std::size_t end) {
  if (begin == end) return begin == 0 ? "before line 1" : "after line " + std::to_string(begin);
  if (begin + 1 == end) return "line " + std::to_string(end);
  return "lines " + std::to_string(begin + 1) + "-" + std::to_string(end);
}

Value lines_value(const std::vector<text::Line>& lines, std::size_t begin, std::size_t end) {
  if (begin == end) return std::nullopt;
  std::string joined;
  for (std::size_t i = begin; i < end; ++i) (joined += lines[i].content) += lines[i].end;
  return text::bytes_value(joined);
}

std::string_view line_ends(const std::vector<text::Line>& lines) {
  auto has = [&](std::string_view end) {
    return std::ranges::any_of(lines, [&](auto& line) { return line.end == end; });
  };
  bool feed = has("\n"), both = has("\r\n");
  return feed && both ? "mixed" : feed ? "LF" : both ? "CRLF" : "none";
}

std::vector<Change> diff_text(std::string_view before, std::string_view after) {
  std::vector<text::Line> a = text::split_lines(before), b = text::split_lines(after);
  Symbols symbols;
  std::vector<Symbol> a_symbols = symbols.of_all(text::line_contents(a)),
                      b_symbols = symbols.of_all(text::line_contents(b));
  std::vector<Change> changes;
  std::size_t a_at = 0, b_at = 0;
  auto add_until = [&](std::size_t a_end, std::size_t b_end) {
    if (a_at == a_end && b_at == b_end) return;
    Value old_lines = lines_value(a, a_at, a_end), new_lines = lines_value(b, b_at, b_end);
    changes.push_back({ChangeKind::text, {}, line_place(b_at, b_end), std::move(old_lines), std::move(new_lines)});
  };
  for (const CommonRun& run : common_runs(a_symbols, b_symbols)) {
    add_until(run.a, run.b);
    a_at = run.a + run.length, b_at = run.b + run.length;
  }
  add_until(a.size(), b.size());
  if (changes.empty() && before != after) {
    changes.push_back(
        {ChangeKind::text, {}, "line ends", text::json_quote(line_ends(a)), text::json_quote(line_ends(b))});
  }
  return changes;
}

}  // namespace aecos::diff
