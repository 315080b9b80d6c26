#include "forge/comment.h"

#include <algorithm>

#include "forge/text_internal.h"

namespace aecos::forge {
namespace {

constexpr std::size_t cell_max = 120, summary_max = 300, foot_max = 400;
constexpr std::size_t lines_max = 500;  // Nobody reads more.

// A table ends its cells at every '|', whatever stands around it.
std::string without_bars(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at)) text.replace(at, 1, "│");
  return text;
}

std::size_t longest_run(std::string_view text, char letter) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) longest = std::max(longest, run = c == letter ? run + 1 : 0);
  return longest;
}

std::string code(std::string_view users, std::size_t characters_max) {
  const std::string text = without_bars(cut(users, characters_max));
  if (text.find_first_not_of(' ') == std::string::npos) return "–";
  const std::string fence(longest_run(text, '`') + 1, '`');
  const bool needs_blanks = text.starts_with('`') || text.ends_with('`');
  const std::string blank = needs_blanks ? " " : "";
  return fence + blank + text + blank + fence;
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return count == 0 ? "no " + many : std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string row_of(const ReportLine& line) {
  return "| " + code(line.element, cell_max) + " | " + code(line.what, cell_max) + " | " + code(line.before, cell_max) +
         " | " + code(line.after, cell_max) + " |\n";
}

// As many rows as there is room for, and how many there are besides.
std::string table_of(const std::string& head, const std::vector<ReportLine>& lines, std::size_t in_all,
                     const std::string& many, std::size_t room) {
  std::string table = "\n" + head + "| --- | --- | --- | --- |\n";
  std::size_t shown = 0;
  for (; shown < std::min(lines.size(), lines_max); ++shown) {
    const std::string row = row_of(lines[shown]);
    if (table.size() + row.size() + foot_max > room) break;
    table += row;
  }
  const std::size_t left_out = std::max(in_all, lines.size()) - shown;
  if (left_out > 0) table += "\nLeft out: " + std::to_string(left_out) + " more " + many + ".\n";
  return table;
}

}  // namespace

std::string marker_of(std::string_view project) { return "<!-- aecos:" + std::string(project) + " -->"; }

std::string comment_of(const Report& report, std::size_t size_max) {
  std::string text = marker_of(report.project) + "\n**" + counted(report.changes_in_all, "change", "changes") +
                     "**, **" + counted(report.conflicts_in_all, "conflict", "conflicts") + "** if " +
                     code(report.source, cell_max) + " is merged into " + code(report.target, cell_max) + " now.\n";
  if (!report.summary.empty()) text += "\n" + code(report.summary, summary_max) + "\n";
  if (!report.conflicts.empty())
    text += table_of("| Conflict at | What | Target has | This has |\n", report.conflicts, report.conflicts_in_all,
                     "conflicts", size_max / 3);
  if (!report.changes.empty())
    text += table_of("| Element | What | Before | After |\n", report.changes, report.changes_in_all, "changes",
                     size_max - std::min(size_max, text.size()));
  text += "\nCompared by aecos at " + code(report.commit.substr(0, 10), cell_max);
  return text + (report.url.empty() ? "." : "; [more in the hub](" + report.url + ").");
}

std::string status_line_of(const Report& report) {
  const std::string conflicts = counted(report.conflicts_in_all, "conflict", "conflicts");
  return report.summary.empty() ? conflicts + ", nothing changes" : conflicts + ": " + cut(report.summary, summary_max);
}

}  // namespace aecos::forge
