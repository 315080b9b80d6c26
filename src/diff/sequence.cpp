#include "diff/sequence.h"

#include <algorithm>

namespace aecos::diff {
namespace {

struct Box {
  std::size_t a_begin, a_end, b_begin, b_end;
  bool empty() const { return a_begin == a_end || b_begin == b_end; }
};

class Aligner {
 public:
  Aligner(std::span<const Symbol> a, std::span<const Symbol> b) : a_(a), b_(b) {
    Symbol most = 0;
    for (Symbol symbol : a) most = std::max(most, symbol);
    for (Symbol symbol : b) most = std::max(most, symbol);
    seen_.resize(a.empty() && b.empty() ? 0 : most + std::size_t{1});
  }

  std::vector<CommonRun> run() {
    align({0, a_.size(), 0, b_.size()}, 0);
    return std::move(runs_);
  }

 private:
  static constexpr int patience_levels = 2;

  void emit(std::size_t a, std::size_t b, std::size_t length) {
    if (length == 0) return;
    if (!runs_.empty() && runs_.back().a + runs_.back().length == a && runs_.back().b + runs_.back().length == b) {
      runs_.back().length += length;
    } else {
      runs_.push_back({a, b, length});
    }
  }

  // Recursion is as deep as patience_levels.
  void align(Box box, int level) {
    std::size_t prefix = 0;
    while (box.a_begin + prefix < box.a_end && box.b_begin + prefix < box.b_end &&
           a_[box.a_begin + prefix] == b_[box.b_begin + prefix]) {
      ++prefix;
    }
    emit(box.a_begin, box.b_begin, prefix);
    box.a_begin += prefix, box.b_begin += prefix;
    std::size_t suffix = 0;
    while (!box.empty() && a_[box.a_end - 1] == b_[box.b_end - 1]) --box.a_end, --box.b_end, ++suffix;
    if (!box.empty() && (level == patience_levels || !patience(box, level))) myers(box);
    emit(box.a_end, box.b_end, suffix);
  }

  struct Anchor {
    std::size_t a, b;
  };

  bool patience(Box box, int level) {
    std::vector<Anchor> anchors = longest_ascending(unique_in_both(box));
    if (anchors.empty()) return false;
    Box gap = box;
    for (Anchor anchor : anchors) {
      gap.a_end = anchor.a, gap.b_end = anchor.b;
      align(gap, level + 1);
      emit(anchor.a, anchor.b, 1);
      gap.a_begin = anchor.a + 1, gap.b_begin = anchor.b + 1;
    }
    gap.a_end = box.a_end, gap.b_end = box.b_end;
    align(gap, level + 1);
    return true;
  }

  // Ascending in b.
  std::vector<Anchor> unique_in_both(Box box) {
    for (std::size_t i = box.a_begin; i < box.a_end; ++i) {
      Seen& seen = seen_[a_[i]];
      ++seen.in_a, seen.at = i;
    }
    for (std::size_t i = box.b_begin; i < box.b_end; ++i) ++seen_[b_[i]].in_b;
    std::vector<Anchor> anchors;
    for (std::size_t i = box.b_begin; i < box.b_end; ++i) {
      const Seen& seen = seen_[b_[i]];
      if (seen.in_a == 1 && seen.in_b == 1) anchors.push_back({seen.at, i});
    }
    for (std::size_t i = box.a_begin; i < box.a_end; ++i) seen_[a_[i]] = {};
    for (std::size_t i = box.b_begin; i < box.b_end; ++i) seen_[b_[i]] = {};
    return anchors;
  }

  static std::vector<Anchor> longest_ascending(const std::vector<Anchor>& anchors) {
    constexpr std::size_t none = SIZE_MAX;
    std::vector<std::size_t> tails;  // By length - 1: the anchor with the smallest a that ends such a chain.
    std::vector<std::size_t> before(anchors.size(), none);
    for (std::size_t i = 0; i < anchors.size(); ++i) {
      auto tail = std::ranges::lower_bound(tails, anchors[i].a, {}, [&](std::size_t t) { return anchors[t].a; });
      if (tail != tails.begin()) before[i] = *(tail - 1);
      if (tail == tails.end()) {
        tails.push_back(i);
      } else {
        *tail = i;
      }
    }
    std::vector<Anchor> chain;
    for (std::size_t i = tails.empty() ? none : tails.back(); i != none; i = before[i]) chain.push_back(anchors[i]);
    std::ranges::reverse(chain);
    return chain;
  }

  // Greedy forward search. When `limit` edits do not reach the end, it goes on from the furthest point reached.
  void myers(Box box) {
    std::size_t size = box.a_end - box.a_begin + box.b_end - box.b_begin;
    std::size_t limit = size <= 65536 ? 1024 : 256;
    while (!box.empty()) {
      auto [a, b] = search(box, limit);
      box.a_begin = a, box.b_begin = b;
    }
  }

  // Emits the runs of one search and returns where it ended.
  std::pair<std::size_t, std::size_t> search(Box box, std::size_t limit) {
    auto n = static_cast<std::ptrdiff_t>(box.a_end - box.a_begin);
    auto m = static_cast<std::ptrdiff_t>(box.b_end - box.b_begin);
    auto bound = std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(limit), n + m);
    std::vector<std::vector<std::ptrdiff_t>> furthest;  // [d][k + d]: the x reached on diagonal k with d edits.
    for (std::ptrdiff_t d = 0; d <= bound; ++d) {
      auto& row = furthest.emplace_back(static_cast<std::size_t>(2 * d + 1), -1);
      for (std::ptrdiff_t k = -d; k <= d; k += 2) {
        std::ptrdiff_t x = start_of(furthest, d, k);
        if (x < 0 || x > n || x - k > m) continue;
        while (x < n && x - k < m && a_at(box, x) == b_at(box, x - k)) ++x;
        row[static_cast<std::size_t>(k + d)] = x;
        if (x == n && x - k == m) return trace(box, furthest, d, k);
      }
    }
    auto& last = furthest.back();
    std::ptrdiff_t best = -bound, best_sum = -1;
    for (std::ptrdiff_t k = -bound; k <= bound; k += 2) {
      std::ptrdiff_t x = last[static_cast<std::size_t>(k + bound)];
      if (x >= 0 && 2 * x - k > best_sum) best = k, best_sum = 2 * x - k;
    }
    return trace(box, furthest, bound, best);
  }

  Symbol a_at(const Box& box, std::ptrdiff_t x) const { return a_[box.a_begin + static_cast<std::size_t>(x)]; }
  Symbol b_at(const Box& box, std::ptrdiff_t y) const { return b_[box.b_begin + static_cast<std::size_t>(y)]; }

  // Where diagonal k begins with d edits: one step right of diagonal k - 1 or one down from k + 1; -1: nowhere.
  static std::ptrdiff_t start_of(const std::vector<std::vector<std::ptrdiff_t>>& furthest, std::ptrdiff_t d,
                                 std::ptrdiff_t k) {
    if (d == 0) return 0;
    std::ptrdiff_t right = reached(furthest, d - 1, k - 1);
    std::ptrdiff_t down = reached(furthest, d - 1, k + 1);
    return std::max(right < 0 ? -1 : right + 1, down);
  }

  static std::ptrdiff_t reached(const std::vector<std::vector<std::ptrdiff_t>>& furthest, std::ptrdiff_t d,
                                std::ptrdiff_t k) {
    if (k < -d || k > d) return -1;
    return furthest[static_cast<std::size_t>(d)][static_cast<std::size_t>(k + d)];
  }

  std::pair<std::size_t, std::size_t> trace(const Box& box, const std::vector<std::vector<std::ptrdiff_t>>& furthest,
                                            std::ptrdiff_t d, std::ptrdiff_t k) {
    std::ptrdiff_t end_x = reached(furthest, d, k), end_y = end_x - k;
    std::vector<CommonRun> backwards;
    for (; d >= 0; --d) {
      std::ptrdiff_t x = reached(furthest, d, k), start = start_of(furthest, d, k);
      backwards.push_back({box.a_begin + static_cast<std::size_t>(start),
                           box.b_begin + static_cast<std::size_t>(start - k), static_cast<std::size_t>(x - start)});
      if (d > 0) k += reached(furthest, d - 1, k + 1) == start ? 1 : -1;
    }
    for (auto run = backwards.rbegin(); run != backwards.rend(); ++run) emit(run->a, run->b, run->length);
    return {box.a_begin + static_cast<std::size_t>(end_x), box.b_begin + static_cast<std::size_t>(end_y)};
  }

  struct Seen {
    std::uint32_t in_a = 0, in_b = 0;
    std::size_t at = 0;
  };

  std::span<const Symbol> a_, b_;
  std::vector<Seen> seen_;
  std::vector<CommonRun> runs_;
};

}  // namespace

std::vector<Symbol> Symbols::of_all(std::span<const std::string_view> texts) {
  std::vector<Symbol> symbols;
  symbols.reserve(texts.size());
  for (std::string_view text : texts) symbols.push_back(of(text));
  return symbols;
}

std::vector<CommonRun> common_runs(std::span<const Symbol> a, std::span<const Symbol> b) { return Aligner(a, b).run(); }

}  // namespace aecos::diff
