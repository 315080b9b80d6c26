#include <algorithm>
#include <map>

#include "merge/markdown_internal.h"

namespace aecos::merge {

using text::MarkdownKind;

std::vector<MarkdownRow> match_children(const MarkdownTriple& part) {
  std::vector<MarkdownRow> rows;
  for (std::size_t i = 0; i < part.base.size(); ++i) rows.push_back({{part.base[i], {}, {}}, i});
  auto fill = [&](Side side, std::size_t MarkdownRow::*place) {
    std::vector<std::size_t> row_of(part.of(side).size(), MarkdownRow::none);
    if (part.base) {
      for (auto [before, after] : pair_children(part.base, part.of(side))) row_of[after] = before;
    }
    std::map<std::string, std::vector<std::size_t>> added;  // By ours alone, last first.
    for (std::size_t i = rows.size(); side == Side::theirs && i-- > part.base.size();) {
      added[diff::addition_key(rows[i].versions.ours)].push_back(i);
    }
    for (std::size_t i = 0; i < row_of.size(); ++i) {
      MarkdownRef child = part.of(side)[i];
      if (row_of[i] == MarkdownRow::none) {
        auto& same = added[diff::addition_key(child)];
        row_of[i] = same.empty() ? rows.size() : same.back();
        same.empty() ? void(rows.emplace_back()) : same.pop_back();
      }
      rows[row_of[i]].versions.of(side) = child;
      rows[row_of[i]].*place = i;
    }
  };
  fill(Side::ours, &MarkdownRow::ours);
  fill(Side::theirs, &MarkdownRow::theirs);
  return rows;
}

bool is_dropped(const MarkdownRow& row) {
  const auto& [base, ours, theirs] = row.versions;
  return base && (!ours || !theirs) && (equal(base, ours) || equal(base, theirs));
}

std::vector<bool> needed_headings(const MarkdownTriple& part, const std::vector<MarkdownRow>& rows) {
  std::vector<bool> needed(rows.size());
  for (Side side : {Side::ours, Side::theirs}) {
    std::vector<std::size_t> by_place(part.of(side).size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].at(side) != MarkdownRow::none) by_place[rows[i].at(side)] = i;
    }
    std::vector<std::size_t> open;  // The headings above, the deepest last.
    auto level = [&](std::size_t row) { return rows[row].versions.of(side).node->level; };
    for (std::size_t row : by_place) {
      if (level(row) > 0) {
        while (!open.empty() && level(open.back()) >= level(row)) open.pop_back();
        open.push_back(row);
      }
      const MarkdownTriple& versions = rows[row].versions;
      bool stays_alone = (!versions.ours || !versions.theirs) && !is_dropped(rows[row]);
      for (std::size_t heading : open) {
        if (stays_alone && is_dropped(rows[heading])) needed[heading] = true;
      }
    }
  }
  return needed;
}

MarkdownOrder order_of(const std::vector<MarkdownRow>& rows) {
  constexpr int block_rank = 9;  // Deeper than any heading.
  MarkdownOrder order;
  for (const MarkdownRow& row : rows) {
    const MarkdownRef& any = row.versions.any();
    // Equal parts that are not the same one are told apart by their place in base.
    std::string place = row.base == MarkdownRow::none ? std::string() : std::to_string(row.base);
    order.names.push_back(diff::addition_key(any) + '\0' + place);
    order.ranks.push_back(any.node->kind == MarkdownKind::heading ? any.node->level : block_rank);
  }
  return order;
}

}  // namespace aecos::merge
