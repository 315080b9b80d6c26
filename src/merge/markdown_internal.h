#pragma once
// The pieces of the Markdown merge: one block, one row, one table.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diff/markdown.h"
#include "merge/merge.h"

namespace aecos::merge {

using diff::MarkdownRef;

// One part in the three versions.
struct MarkdownTriple {
  MarkdownRef base, ours, theirs;

  const MarkdownRef& of(Side side) const { return side == Side::base ? base : side == Side::ours ? ours : theirs; }
  MarkdownRef& of(Side side) { return side == Side::base ? base : side == Side::ours ? ours : theirs; }
  const MarkdownRef& any() const { return base ? base : ours ? ours : theirs; }
};

inline constexpr Side all_sides[] = {Side::base, Side::ours, Side::theirs};

// One child of a part, at its position in each version that has it.
struct MarkdownRow {
  static constexpr std::size_t none = SIZE_MAX;
  MarkdownTriple versions;
  std::size_t base = none, ours = none, theirs = none;

  std::size_t at(Side side) const { return side == Side::base ? base : side == Side::ours ? ours : theirs; }
};

// What one side deleted and the other left alone.
bool is_dropped(const MarkdownRow& row);

// By row: headings that one side deleted, but under which the other side changed or added something.
std::vector<bool> needed_headings(const MarkdownTriple& part, const std::vector<MarkdownRow>& rows);

// The names and ranks by which additions are put in order: of blocks, their headings' levels.
struct MarkdownOrder {
  std::vector<std::string> names;
  std::vector<int> ranks;
};
MarkdownOrder order_of(const std::vector<MarkdownRow>& rows);

// Which children of the three versions are the same: base's, then what ours added, then what theirs alone added.
std::vector<MarkdownRow> match_children(const MarkdownTriple& part);

// Base unless a side changed it; of two changes the smaller one. For what is no content: white space, markers.
const std::string& merged_form(const std::string& base, const std::string& ours, const std::string& theirs);

// Words: edits of one paragraph at different places, at least one word apart. Absent: the edits meet.
std::optional<std::string> merge_words(std::string_view base, std::string_view ours, std::string_view theirs);

// Lines: the same for what is made of lines.
std::optional<std::string> merge_lines(std::string_view base, std::string_view ours, std::string_view theirs);

// A block that all three versions have, by what it is; the result is a block of the same kind. Absent: the edits meet.
std::optional<std::string> merge_block(const MarkdownTriple& block);

// The cells of a row as they are written, with their white space.
class RowText {
 public:
  explicit RowText(std::string_view line);
  std::size_t size() const { return cells_.size(); }
  std::string_view cell(std::size_t column) const;  // Trimmed; empty where there is none.
  // The row with other cells; the width of those that fit stays.
  std::string with(const std::vector<std::string>& cells) const;

 private:
  std::string_view before_, after_;  // Up to the first cell, and after the last.
  std::vector<std::string_view> cells_;
};

std::vector<std::string> header_cells(MarkdownRef table);

// Tables of which a side added, removed or moved columns, when the columns have different titles in each version and
// no edits meet; rows by their first cell. Absent: something else.
std::optional<std::string> merge_columns(const MarkdownTriple& table);

}  // namespace aecos::merge
