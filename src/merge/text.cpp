#include "diff/text.h"

#include <array>

#include "merge/conflict_internal.h"
#include "merge/line_ends_internal.h"
#include "merge/sequence.h"

namespace aecos::merge {
namespace {

using diff::lines_value;
using text::Line;

using Lines = std::vector<Line>;

bool ends_with_line_end(const Lines& lines) { return lines.empty() || !lines.back().end.empty(); }

class TextMerger {
 public:
  TextMerger(std::string_view base, std::string_view ours, std::string_view theirs, const Options& options)
      : options_(options), versions_{text::split_lines(base), text::split_lines(ours), text::split_lines(theirs)} {}

  Outcome run() {
    diff::Symbols symbols;
    std::array<std::vector<diff::Symbol>, 3> lists;
    for (std::size_t i = 0; i < 3; ++i) lists[i] = symbols.of_all(text::line_contents(versions_[i]));
    ends_ = merge_line_ends(versions_, outcome_.taken);
    for (const Region& region : merge_sequences(lists[0], lists[1], lists[2], Touching::conflicts)) add(region);
    finish();
    return std::move(outcome_);
  }

 private:
  const Lines& of(Side side) const { return versions_[static_cast<std::size_t>(side)]; }

  static const Range& range_of(const Region& region, Side side) {
    return side == Side::base ? region.base : side == Side::ours ? region.ours : region.theirs;
  }

  Value value(const Region& region, Side side) const {
    const Range& range = range_of(region, side);
    return lines_value(of(side), range.begin, range.end);
  }

  void add(const Region& region) {
    switch (region.kind) {
      case Region::Kind::unchanged:
        return add_unchanged(region);
      case Region::Kind::ours:
      case Region::Kind::both:
        return take(region, Side::ours);
      case Region::Kind::theirs:
        return take(region, Side::theirs);
      case Region::Kind::conflict:
        return add_conflict(region);
    }
  }

  void add_unchanged(const Region& region) {
    for (std::size_t i = 0; i < region.base.size(); ++i) {
      const Line& base = of(Side::base)[region.base.begin + i];
      const Line& ours = of(Side::ours)[region.ours.begin + i];
      const Line& theirs = of(Side::theirs)[region.theirs.begin + i];
      put({base.content, merged_of(base.end, ours.end, theirs.end)});
    }
  }

  void add_lines(const Region& region, Side side) {
    const Range& range = range_of(region, side);
    for (std::size_t i = range.begin; i < range.end; ++i) put(of(side)[i]);
  }

  // A line in the middle has an end, and where all versions agree on one end each, so does the result.
  void put(Line line) {
    if (!merged_.empty() && merged_.back().end.empty()) merged_.back().end = ends_.any;
    if (!line.end.empty() && !ends_.all.empty()) line.end = ends_.all;
    merged_.push_back(line);
  }

  void take(const Region& region, Side side) {
    std::size_t begin = merged_.size();
    add_lines(region, side);
    diff::Change change{diff::ChangeKind::text,
                        {},
                        diff::line_place(begin, merged_.size()),
                        value(region, Side::base),
                        value(region, side)};
    outcome_.taken.push_back({side, region.kind == Region::Kind::both, std::move(change)});
  }

  void add_conflict(const Region& region) {
    Conflict conflict;
    conflict.base = value(region, Side::base), conflict.ours = value(region, Side::ours);
    conflict.theirs = value(region, Side::theirs);
    std::optional<Rule> rule;
    if (!conflict.base) {
      conflict.kind = ConflictKind::both_added;
    } else if (!conflict.ours || !conflict.theirs) {
      conflict.kind = ConflictKind::deleted_changed;
      rule = keep_change(!conflict.ours);
    }
    // By base's lines: a place that does not depend on which side is chosen.
    conflict.at = diff::line_place(region.base.begin, region.base.end);
    add_lines(region, settle(conflict, options_, rule));
    outcome_.conflicts.push_back(std::move(conflict));
  }

  void finish() {
    bool ended = merged_of(ends_with_line_end(of(Side::base)), ends_with_line_end(of(Side::ours)),
                           ends_with_line_end(of(Side::theirs)));
    if (!merged_.empty()) {
      std::string_view& end = merged_.back().end;
      end = !ended ? std::string_view() : end.empty() ? ends_.any : end;
    }
    for (const Line& line : merged_) (outcome_.merged += line.content) += line.end;
  }

  const Options& options_;
  std::array<Lines, 3> versions_;
  LineEnds ends_;
  Lines merged_;
  Outcome outcome_;
};

}  // namespace

Result<Outcome> merge_text(std::string_view base, std::string_view ours, std::string_view theirs,
                           const Options& options) {
  Outcome outcome = TextMerger(base, ours, theirs, options).run();
  if (ours == theirs || base == theirs) {
    outcome.merged = ours;
  } else if (base == ours) {
    outcome.merged = theirs;
  }
  return outcome;
}

}  // namespace aecos::merge
