#include <algorithm>
#include <map>
#include <set>

#include "base/ascii.h"
#include "merge/markdown_internal.h"
#include "merge/order_internal.h"

namespace aecos::merge {
namespace {

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

// A cell's text in the width of the one that was there, on the side of it where that one stood.
std::string padded(const std::string& text, std::string_view old) {
  std::string piece = " " + text + " ";
  std::size_t width = std::max(width_of(old), width_of(piece));
  std::string filling(width - width_of(piece), ' ');
  bool right = old.starts_with("  ") && !old.ends_with("  ");
  return right ? filling + piece : piece + filling;
}

std::string_view line_of(MarkdownRef table, std::size_t line) {
  return table.document->lines[table.node->begin + line].content;
}

}  // namespace

RowText::RowText(std::string_view line) {
  std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
  if (begin < line.size() && line[begin] == '|') ++begin;
  before_ = line.substr(0, begin);
  for (std::size_t i = begin; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '|') {
      cells_.push_back(line.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  std::string_view rest = line.substr(begin);
  if (trimmed(rest).empty()) {
    after_ = cells_.empty() ? rest : line.substr(begin - 1);
  } else {
    cells_.push_back(rest);
  }
}

std::string_view RowText::cell(std::size_t column) const {
  return column < cells_.size() ? trimmed(cells_[column]) : std::string_view();
}

std::string RowText::with(const std::vector<std::string>& cells) const {
  std::string out(before_);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += '|';
    std::string_view old = i < cells_.size() ? cells_[i] : std::string_view();
    if (i < cells_.size() && trimmed(old) == cells[i]) {
      out += old;
      continue;
    }
    out += padded(cells[i], old);
  }
  return out + std::string(after_.empty() && cells.size() > cells_.size() ? "|" : after_);
}

std::vector<std::string> header_cells(MarkdownRef table) {
  RowText header(line_of(table, 0).substr(table.node->offset));
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < header.size(); ++i) cells.emplace_back(header.cell(i));
  return cells;
}

namespace {

using Cells = std::map<std::string, std::string>;  // By the title of the column.

// One version of a table, by the titles of its columns.
struct Columns {
  explicit Columns(MarkdownRef version) : table(version), titles(header_cells(version)) {}

  bool is_regular() const {
    std::set<std::string> different(titles.begin(), titles.end());
    return different.size() == titles.size() && !different.contains("");
  }
  Cells cells(std::string_view line) const {
    RowText row(line);
    Cells cells;
    for (std::size_t i = 0; i < titles.size(); ++i) cells[titles[i]] = row.cell(i);
    return cells;
  }
  Cells row(std::size_t position) const { return cells(line_of(table, position + 2)); }

  MarkdownRef table;
  std::vector<std::string> titles;
};

class ColumnMerger {
 public:
  explicit ColumnMerger(const MarkdownTriple& table)
      : table_(table), base_(table.base), ours_(table.ours), theirs_(table.theirs) {}

  std::optional<std::string> run() {
    bool regular = base_.is_regular() && ours_.is_regular() && theirs_.is_regular();
    bool titled = !base_.titles.empty() && !ours_.titles.empty() && !theirs_.titles.empty();
    bool same_key =
        titled && ours_.titles.front() == base_.titles.front() && theirs_.titles.front() == base_.titles.front();
    if (!regular || !same_key || !order_columns()) return std::nullopt;
    Cells titles, rules;
    for (const Columns* version : {&base_, &ours_, &theirs_}) {
      for (const auto& [title, rule] : version->cells(line_of(version->table, 1))) rules.emplace(title, rule);
    }
    for (const std::string& title : columns_) titles[title] = title;
    add_line(titles);
    add_line(rules);
    return add_rows() ? std::optional(std::move(out_)) : std::nullopt;
  }

 private:
  const Columns& of(Side side) const { return side == Side::base ? base_ : side == Side::ours ? ours_ : theirs_; }

  static bool has(const Columns& version, const std::string& title) {
    return std::ranges::find(version.titles, title) != version.titles.end();
  }

  bool order_columns() {
    std::map<std::string_view, diff::Symbol> ids;
    std::vector<std::string_view> names;
    std::array<std::vector<diff::Symbol>, 3> lists;
    for (Side side : all_sides) {
      for (const std::string& title : of(side).titles) {
        auto [id, fresh] = ids.try_emplace(title, static_cast<diff::Symbol>(names.size()));
        if (fresh) names.push_back(title);
        bool dropped = side != Side::base && has(base_, title) && !(has(ours_, title) && has(theirs_, title));
        if (!dropped) lists[static_cast<std::size_t>(side)].push_back(id->second);
      }
    }
    OrderInput input{lists[0], lists[1], lists[2], names};
    OrderChange change = order_change(input);
    if (change == OrderChange::conflict) return false;
    for (diff::Symbol symbol : merged_order(input, natural_leader(input, change))) columns_.emplace_back(names[symbol]);
    return true;
  }

  void add_line(const Cells& cells) {
    if (!out_.empty()) out_ += '\n';
    out_ += '|';
    for (const std::string& title : columns_) {
      auto cell = cells.find(title);
      out_ += " " + (cell == cells.end() ? std::string() : cell->second) + " |";
    }
  }

  bool add_rows() {
    std::vector<MarkdownRow> rows = match_children(table_);
    std::vector<std::string_view> names;
    std::array<std::vector<diff::Symbol>, 3> lists;
    for (Side side : all_sides) {
      auto& list = lists[static_cast<std::size_t>(side)];
      list.resize(table_.of(side).size());
      for (diff::Symbol i = 0; i < rows.size(); ++i) {
        if (rows[i].at(side) != MarkdownRow::none) list[rows[i].at(side)] = i;
      }
    }
    for (const MarkdownRow& row : rows) names.push_back(row.versions.any().node->title);
    OrderInput input{lists[0], lists[1], lists[2], names};
    OrderChange change = order_change(input);
    if (change == OrderChange::conflict) return false;
    std::vector<bool> added(rows.size());
    for (diff::Symbol symbol : merged_order(input, natural_leader(input, change))) {
      added[symbol] = true;
      if (!add_row(rows[symbol])) return false;
    }
    return true;
  }

  // False where edits meet.
  bool add_row(const MarkdownRow& row) {
    auto cells = [&](Side side) { return row.at(side) == MarkdownRow::none ? Cells() : of(side).row(row.at(side)); };
    Cells base = cells(Side::base), ours = cells(Side::ours), theirs = cells(Side::theirs);
    if (row.base != MarkdownRow::none && (ours.empty() || theirs.empty())) {
      return is_like(base, ours.empty() ? theirs : ours, ours.empty() ? theirs_ : ours_);
    }
    std::set<std::string> titles;
    for (const Cells* version : {&base, &ours, &theirs}) {
      for (const auto& [title, cell] : *version) titles.insert(title);
    }
    Cells merged;
    for (const std::string& title : titles) {
      bool in_ours = ours.contains(title), in_theirs = theirs.contains(title);
      const std::string &b = base[title], &o = in_ours ? ours[title] : b, &t = in_theirs ? theirs[title] : b;
      if (o != b && t != b && o != t) return false;
      bool column_gone = std::ranges::find(columns_, title) == columns_.end();
      if (column_gone && (o != b || t != b)) return false;
      merged[title] = o == b ? t : o;
    }
    add_line(merged);
    return true;
  }

  // Whether a row that the other side deleted is as it was, and has nothing in new columns.
  static bool is_like(const Cells& base, const Cells& row, const Columns&) {
    return std::ranges::all_of(row, [&](const auto& entry) {
      auto old = base.find(entry.first);
      return old == base.end() ? entry.second.empty() : old->second == entry.second;
    });
  }

  const MarkdownTriple& table_;
  Columns base_, ours_, theirs_;
  std::vector<std::string> columns_;
  std::string out_;
};

}  // namespace

std::optional<std::string> merge_columns(const MarkdownTriple& table) {
  if (!table.base || table.base.node->offset > 0) return std::nullopt;
  return ColumnMerger(table).run();
}

}  // namespace aecos::merge
