#include "diff/markdown.h"

#include <algorithm>
#include <array>

#include "diff/diff.h"
#include "merge/conflict_internal.h"
#include "merge/line_ends_internal.h"
#include "merge/markdown_internal.h"
#include "merge/order_internal.h"
#include "text/json_writer.h"

namespace aecos::merge {
namespace {

using diff::Change;
using diff::Symbol;
using text::MarkdownKind;

// What stands at a place in the merged file; nothing where it is gone.
using Piece = std::optional<std::string>;

// Recursion is as deep as items nest: markdown_depth_max.
class MarkdownMerger {
 public:
  MarkdownMerger(const Options& options, Outcome& outcome) : options_(options), outcome_(outcome) {}

  Piece merge(const MarkdownTriple& part, const std::string& at) {
    const auto& [base, ours, theirs] = part;
    if (ours && ours.node->kind == MarkdownKind::document) return merge_children(part, at);
    if (equal(ours, theirs)) {
      if (!equal(base, ours)) take(Side::ours, true, base, ours, at);
      return whole(ours);
    }
    if (equal(base, ours)) {
      take(Side::theirs, false, base, theirs, at);
      return whole(theirs);
    }
    if (equal(base, theirs)) {
      take(Side::ours, false, base, ours, at);
      return whole(ours);
    }
    if (!ours || !theirs) return conflict(ConflictKind::deleted_changed, part, at, keep_change(!ours));
    MarkdownKind kind = ours.node->kind;
    bool same_kind = theirs.node->kind == kind && (!base || base.node->kind == kind);
    if (same_kind && kind == MarkdownKind::row) return merge_row(part, at);
    if (same_kind && kind == MarkdownKind::table) return merge_table(part, at);
    if (same_kind && is_composed(ours) && is_composed(theirs) && (!base || is_composed(base))) {
      return merge_children(part, at);
    }
    return merge_whole(part, at);
  }

 private:
  static Piece whole(const MarkdownRef& part) { return part ? Piece(part.raw()) : std::nullopt; }

  void take(Side side, bool both, const MarkdownRef& before, const MarkdownRef& after, const std::string& at) {
    std::vector<Change> changes;
    diff::markdown_changes(before, after, at, changes);
    for (Change& change : changes) outcome_.taken.push_back({side, both, std::move(change)});
  }

  Side record(ConflictKind kind, const std::string& at, Value base, Value ours, Value theirs,
              const std::optional<Rule>& rule = {}) {
    Conflict& conflict = outcome_.conflicts.emplace_back();
    conflict.at = at, conflict.kind = kind;
    conflict.base = std::move(base), conflict.ours = std::move(ours), conflict.theirs = std::move(theirs);
    return settle(conflict, options_, rule);
  }

  Piece conflict(ConflictKind kind, const MarkdownTriple& part, const std::string& at,
                 const std::optional<Rule>& rule = {}) {
    Side chosen = record(kind, at, value_of(part.base), value_of(part.ours), value_of(part.theirs), rule);
    return whole(part.of(chosen));
  }

  // A block that is no more than its text.
  Piece merge_whole(const MarkdownTriple& part, const std::string& at) {
    if (std::optional<std::string> merged = merge_block(part)) {
      take(Side::ours, false, part.base, part.ours, at);
      take(Side::theirs, false, part.base, part.theirs, at);
      return merged;
    }
    return conflict(part.base ? ConflictKind::both_changed : ConflictKind::both_added, part, at);
  }

  // ---- Parts made of parts ----

  struct Child {
    const MarkdownRow* row;
    std::string text;
  };

  Piece merge_children(const MarkdownTriple& part, const std::string& at) {
    std::vector<MarkdownRow> rows = match_children(part);
    std::array<std::vector<std::string>, 3> places;
    for (Side side : all_sides) places[index(side)] = child_places(at, part.of(side));
    auto place = [&](const MarkdownRow& row) {
      Side side = row.versions.base ? Side::base : row.versions.ours ? Side::ours : Side::theirs;
      return places[index(side)][row.at(side)];
    };
    std::vector<bool> needed = needed_headings(part, rows);
    std::vector<Symbol> order = merge_order(rows, needed, part, at);
    std::vector<Child> children;
    std::vector<bool> there(rows.size());
    for (Symbol symbol : order) {
      there[symbol] = true;
      Piece piece = needed[symbol] ? keep_heading(rows[symbol].versions, place(rows[symbol]))
                                   : merge(rows[symbol].versions, place(rows[symbol]));
      if (piece) children.push_back({&rows[symbol], std::move(*piece)});
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!there[i]) merge(rows[i].versions, place(rows[i]));  // Gone: to be reported.
    }
    bool empty_list = children.empty() && part.ours.node->kind == MarkdownKind::list;
    return empty_list ? std::nullopt : Piece(join(part, children));
  }

  Piece keep_heading(const MarkdownTriple& heading, const std::string& at) {
    Rule rule{heading.ours ? Side::ours : Side::theirs, "something under the heading was changed"};
    return conflict(ConflictKind::deleted_referenced, heading, at, rule);
  }

  static std::size_t index(Side side) { return static_cast<std::size_t>(side); }

  std::vector<Symbol> merge_order(const std::vector<MarkdownRow>& rows, const std::vector<bool>& needed,
                                  const MarkdownTriple& part, const std::string& at) {
    std::array<std::vector<Symbol>, 3> lists;
    for (Side side : all_sides) {
      std::vector<std::size_t> by_place(part.of(side).size(), MarkdownRow::none);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        bool dropped = side != Side::base && is_dropped(rows[i]) && !needed[i];
        if (rows[i].at(side) != MarkdownRow::none && !dropped) by_place[rows[i].at(side)] = i;
      }
      for (std::size_t row : by_place) {
        if (row != MarkdownRow::none) lists[index(side)].push_back(static_cast<Symbol>(row));
      }
    }
    MarkdownOrder order = order_of(rows);
    std::vector<std::string_view> names(order.names.begin(), order.names.end());
    OrderInput input{lists[0], lists[1], lists[2], names, order.ranks};
    return merged_order(input, order_leader(input, part, at));
  }

  Side order_leader(const OrderInput& input, const MarkdownTriple& part, const std::string& at) {
    OrderChange change = order_change(input);
    Side leader = natural_leader(input, change);
    if (change == OrderChange::none) return leader;
    std::string place = at.empty() ? "order" : at + ", order";
    auto order = [&](Side side) { return part.of(side) ? Value(order_value(part.of(side))) : std::nullopt; };
    if (change == OrderChange::conflict) {
      return record(ConflictKind::list_order, place, order(Side::base), order(Side::ours), order(Side::theirs));
    }
    Change moved{diff::ChangeKind::text, {}, place, order(Side::base), order(leader)};
    outcome_.taken.push_back({leader, change == OrderChange::both, std::move(moved)});
    return leader;
  }

  // ---- What stands between the parts ----

  std::string join(const MarkdownTriple& part, const std::vector<Child>& children) const {
    MarkdownKind kind = part.ours.node->kind;
    bool fenced = kind == MarkdownKind::front_matter, table = kind == MarkdownKind::table;
    std::string text = kind == MarkdownKind::document ? form(part, &edge_before)
                       : fenced                       ? "---"
                                                      : form(part, &head_of);
    for (std::size_t i = 0; i < children.size(); ++i) {
      if (i > 0 || table || fenced) text += i == 0 ? "\n" : gap(part, *children[i - 1].row, *children[i].row);
      text += children[i].text;
    }
    if (fenced) text += "\n" + form(part, &last_line);
    if (kind == MarkdownKind::document) text += form(part, &edge_after);
    return text;
  }

  static std::string head_of(MarkdownRef part) { return part ? diff::head_of(part) : std::string(); }
  static std::string last_line(MarkdownRef part) {
    return part ? std::string(part.document->lines[part.node->end - 1].content) : "---";
  }
  static std::string edge_before(MarkdownRef part) {
    return part.size() > 0 ? between(part, 0, part[0].node->begin) : std::string();
  }
  static std::string edge_after(MarkdownRef part) {
    if (part.size() == 0) return "\n";
    const auto& lines = part.document->lines;
    std::size_t last = part[part.size() - 1].node->end;
    return std::string(lines[last - 1].end) + between(part, last, lines.size());
  }
  static std::string between(MarkdownRef part, std::size_t begin, std::size_t end) {
    std::string text;
    for (std::size_t i = begin; i < end; ++i) {
      const text::Line& line = part.document->lines[i];
      (text += line.content) += line.end;
    }
    return text;
  }

  static std::string form(const MarkdownTriple& part, std::string (*read)(MarkdownRef)) {
    std::string ours = read(part.ours), theirs = read(part.theirs);
    return part.base ? merged_form(read(part.base), ours, theirs) : std::min(ours, theirs);
  }

  // From the end of one child's last line to where the next begins, in the versions where they follow each other.
  static std::string gap(const MarkdownTriple& part, const MarkdownRow& before, const MarkdownRow& after) {
    std::array<std::optional<std::string>, 3> gaps;
    for (Side side : all_sides) {
      bool adjacent = before.at(side) != MarkdownRow::none && before.at(side) + 1 == after.at(side);
      if (adjacent) gaps[index(side)] = gap_before(part.of(side), after.at(side));
    }
    const auto& [base, ours, theirs] = gaps;
    if (ours && theirs) return base ? merged_form(*base, *ours, *theirs) : std::min(*ours, *theirs);
    return ours ? *ours : theirs ? *theirs : base ? *base : new_gap(part, before, after);
  }

  static std::string gap_before(MarkdownRef part, std::size_t child) {
    std::size_t last = part[child - 1].node->end - 1, next = part[child].node->begin;
    const auto& lines = part.document->lines;
    return std::string(lines[last].end) + between(part, last + 1, next) +
           std::string(lines[next].content.substr(0, part[child].node->offset));
  }

  // Between two that no version has side by side: as before the second or after the first elsewhere, but with a blank
  // line between blocks, which could become one without it.
  static std::string new_gap(const MarkdownTriple& part, const MarkdownRow& before, const MarkdownRow& after) {
    MarkdownKind kind = after.versions.any().node->kind;
    bool lines = kind == MarkdownKind::item || kind == MarkdownKind::row || kind == MarkdownKind::entry;
    std::string indentation(after.versions.any().node->offset, ' ');
    std::string least = (lines ? "\n" : "\n\n") + indentation;
    auto line_feeds = [](const std::string& text) { return std::ranges::count(text, '\n'); };
    std::vector<std::string> gaps;
    for (Side side : all_sides) {
      std::size_t place = after.at(side), previous = before.at(side);
      if (place != MarkdownRow::none && place > 0) gaps.push_back(gap_before(part.of(side), place));
      bool follows = previous != MarkdownRow::none && previous + 1 < part.of(side).size();
      if (follows && part.of(side)[previous + 1].node->kind == kind) {
        gaps.push_back(gap_before(part.of(side), previous + 1));
      }
    }
    std::erase_if(gaps, [&](const std::string& text) { return line_feeds(text) < line_feeds(least); });
    return gaps.empty() ? least : std::ranges::min(gaps);
  }

  // ---- Tables ----

  Piece merge_table(const MarkdownTriple& part, const std::string& at) {
    const auto& [base, ours, theirs] = part;
    std::vector<std::string> columns = header_cells(ours);
    if (columns == header_cells(theirs) && (!base || columns == header_cells(base))) {
      columns_ = columns;
      return merge_children(part, at);
    }
    if (std::optional<std::string> merged = base ? merge_columns(part) : std::nullopt) {
      take(Side::ours, false, base, ours, at);
      take(Side::theirs, false, base, theirs, at);
      return merged;
    }
    return merge_whole(part, at);
  }

  Piece merge_row(const MarkdownTriple& part, const std::string& at) {
    auto line = [](const MarkdownRef& row) {
      return row ? row.document->lines[row.node->begin].content : std::string_view();
    };
    RowText base(line(part.base)), ours(line(part.ours)), theirs(line(part.theirs));
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < std::max({columns_.size(), ours.size(), theirs.size()}); ++i) {
      std::string column = i < columns_.size() && !columns_[i].empty() ? columns_[i] : std::to_string(i + 1);
      cells.push_back(merge_cell(part, base.cell(i), ours.cell(i), theirs.cell(i), at + ", column " + column));
    }
    return (part.base ? base : ours).with(cells);
  }

  std::string merge_cell(const MarkdownTriple& row, std::string_view base, std::string_view ours,
                         std::string_view theirs, const std::string& at) {
    if (ours == theirs || base == ours || base == theirs) {
      bool both = ours == theirs;
      Side side = base == ours ? Side::theirs : Side::ours;
      std::string_view merged = base == ours ? theirs : ours;
      if (merged != base) {
        Change change{diff::ChangeKind::text, {}, at, text::json_quote(base), text::json_quote(merged)};
        outcome_.taken.push_back({side, both, std::move(change)});
      }
      return std::string(merged);
    }
    Value old = row.base ? Value(text::json_quote(base)) : std::nullopt;
    Side chosen = record(row.base ? ConflictKind::both_changed : ConflictKind::both_added, at, old,
                         text::json_quote(ours), text::json_quote(theirs));
    return std::string(chosen == Side::base ? base : chosen == Side::ours ? ours : theirs);
  }

  const Options& options_;
  Outcome& outcome_;
  std::vector<std::string> columns_;  // Of the table whose rows are being merged.
};

Outcome merge_documents(std::string_view base, std::string_view ours, std::string_view theirs, const Options& options) {
  std::array documents = {text::read_markdown(base), text::read_markdown(ours), text::read_markdown(theirs)};
  auto root = [&](std::size_t i) { return MarkdownRef{&documents[i], &documents[i].root}; };
  Outcome outcome;
  LineEnds ends = merge_line_ends({documents[0].lines, documents[1].lines, documents[2].lines}, outcome.taken);
  MarkdownTriple roots{base.empty() ? MarkdownRef() : root(0), root(1), root(2)};
  Piece merged = MarkdownMerger(options, outcome).merge(roots, "");
  outcome.merged = with_line_ends(merged.value_or(""), ends);
  return outcome;
}

}  // namespace

Result<Outcome> merge_markdown(std::string_view base, std::string_view ours, std::string_view theirs,
                               const Options& options) {
  if (std::max({base.size(), ours.size(), theirs.size()}) > text::markdown_size_max) {
    return merge_text(base, ours, theirs, options);
  }
  if (ours != theirs && base != ours && base != theirs) return merge_documents(base, ours, theirs, options);
  Outcome outcome;
  outcome.merged = base == ours ? theirs : ours;
  Side side = base == ours ? Side::theirs : Side::ours;
  for (Change& change : diff::diff_markdown(base, outcome.merged)) {
    outcome.taken.push_back({side, ours == theirs, std::move(change)});
  }
  return outcome;
}

}  // namespace aecos::merge
