#include "merge/sequence.h"

#include <algorithm>

namespace aecos::merge {
namespace {

using diff::Symbol;

// A stretch of base that one side replaced.
struct Hunk {
  Range base, side;
};

std::vector<Hunk> hunks_of(std::span<const Symbol> base, std::span<const Symbol> side) {
  std::vector<Hunk> hunks;
  std::size_t base_at = 0, side_at = 0;
  auto add_until = [&](std::size_t base_end, std::size_t side_end) {
    if (base_at < base_end || side_at < side_end) hunks.push_back({{base_at, base_end}, {side_at, side_end}});
  };
  for (const diff::CommonRun& run : diff::common_runs(base, side)) {
    add_until(run.a, run.b);
    base_at = run.a + run.length, side_at = run.b + run.length;
  }
  add_until(base.size(), side.size());
  return hunks;
}

bool before(const Range& a, const Range& b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; }

// One side's hunks, read from the front.
class Cursor {
 public:
  explicit Cursor(std::vector<Hunk> hunks) : hunks_(std::move(hunks)) {}

  const Hunk* next() const { return at_ < hunks_.size() ? &hunks_[at_] : nullptr; }
  void take() { base_end_ = hunks_[at_].base.end, side_end_ = hunks_[at_].side.end, ++at_; }
  // The place in the side of a place in base that is not before the hunks taken nor inside the next.
  std::size_t place(std::size_t base) const { return side_end_ + (base - base_end_); }

 private:
  std::vector<Hunk> hunks_;
  std::size_t at_ = 0;
  std::size_t base_end_ = 0, side_end_ = 0;
};

bool meets(const Range& group, const Range& hunk, Touching touching) {
  if (touching == Touching::conflicts) return hunk.begin <= group.end;
  return hunk.begin < group.end || (group.empty() && hunk.empty() && hunk.begin == group.end);
}

class Merger {
 public:
  Merger(std::span<const Symbol> base, std::span<const Symbol> ours, std::span<const Symbol> theirs, Touching touching)
      : base_(base),
        our_symbols_(ours),
        their_symbols_(theirs),
        touching_(touching),
        ours_(hunks_of(base, ours)),
        theirs_(hunks_of(base, theirs)) {}

  std::vector<Region> run() {
    while (ours_.next() || theirs_.next()) add_group();
    add_unchanged(base_.size());
    return std::move(regions_);
  }

 private:
  bool ours_first() const {
    if (!ours_.next() || !theirs_.next()) return ours_.next();
    return before(ours_.next()->base, theirs_.next()->base);
  }

  void add_group() {
    Range group = (ours_first() ? ours_ : theirs_).next()->base;
    add_unchanged(group.begin);
    Region region;
    region.ours.begin = ours_.place(group.begin), region.theirs.begin = theirs_.place(group.begin);
    bool by_ours = false, by_theirs = false;
    while (true) {
      bool first_ours = ours_first();
      Cursor& cursor = first_ours ? ours_ : theirs_;
      if (!cursor.next()) break;
      bool fresh = !by_ours && !by_theirs;
      if (!fresh && !meets(group, cursor.next()->base, touching_)) break;
      group.end = std::max(group.end, cursor.next()->base.end);
      cursor.take();
      (first_ours ? by_ours : by_theirs) = true;
    }
    region.base = group;
    region.ours.end = ours_.place(group.end), region.theirs.end = theirs_.place(group.end);
    region.kind = kind_of(region, by_ours, by_theirs);
    regions_.push_back(region);
    done_ = region;
  }

  Region::Kind kind_of(const Region& region, bool by_ours, bool by_theirs) const {
    if (!by_theirs) return Region::Kind::ours;
    if (!by_ours) return Region::Kind::theirs;
    bool same = std::ranges::equal(our_symbols_.subspan(region.ours.begin, region.ours.size()),
                                   their_symbols_.subspan(region.theirs.begin, region.theirs.size()));
    return same ? Region::Kind::both : Region::Kind::conflict;
  }

  void add_unchanged(std::size_t base_end) {
    std::size_t size = base_end - done_.base.end;
    if (size == 0) return;
    auto next = [size](const Range& range) { return Range{range.end, range.end + size}; };
    done_ = {Region::Kind::unchanged, next(done_.base), next(done_.ours), next(done_.theirs)};
    regions_.push_back(done_);
  }

  std::span<const Symbol> base_, our_symbols_, their_symbols_;
  Touching touching_;
  Cursor ours_, theirs_;
  Region done_;
  std::vector<Region> regions_;
};

}  // namespace

std::vector<Region> merge_sequences(std::span<const Symbol> base, std::span<const Symbol> ours,
                                    std::span<const Symbol> theirs, Touching touching) {
  return Merger(base, ours, theirs, touching).run();
}

}  // namespace aecos::merge
