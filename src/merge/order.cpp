#include <algorithm>

#include "merge/order_internal.h"

namespace aecos::merge {
namespace {

using diff::Symbol;
using Symbols = std::vector<Symbol>;

class Membership {
 public:
  Membership(std::span<const Symbol> symbols, std::size_t count) : has_(count) {
    for (Symbol symbol : symbols) has_[symbol] = true;
  }
  bool operator[](Symbol symbol) const { return has_[symbol]; }

 private:
  std::vector<bool> has_;
};

Symbols common(std::span<const Symbol> symbols, const Membership& other) {
  Symbols kept;
  std::ranges::copy_if(symbols, std::back_inserter(kept), [&](Symbol symbol) { return other[symbol]; });
  return kept;
}

struct Sets {
  explicit Sets(const OrderInput& input)
      : base(input.base, input.names.size()),
        ours(input.ours, input.names.size()),
        theirs(input.theirs, input.names.size()) {}
  Membership base, ours, theirs;
};

Symbols in_base_order(const OrderInput& input, const Sets& sets) {
  Symbols shared = common(common(input.base, sets.ours), sets.theirs);
  for (Symbol symbol : common(input.ours, sets.theirs)) {
    if (!sets.base[symbol]) shared.push_back(symbol);
  }
  return shared;
}

// For each symbol of the skeleton, by its place + 1 (0: before all): what one side alone lists after it.
std::vector<Symbols> runs_after(std::span<const Symbol> side, const Membership& other,
                                std::span<const std::size_t> places, std::size_t skeleton_size) {
  std::vector<Symbols> runs(skeleton_size + 1);
  std::size_t place = 0;
  for (Symbol symbol : side) {
    if (other[symbol]) {
      place = places[symbol] + 1;
    } else {
      runs[place].push_back(symbol);
    }
  }
  return runs;
}

// Moves from the front of a run an element and those that belong to it.
void take_front(std::span<const Symbol>& run, const OrderInput& input, Symbols& order) {
  auto rank = [&](Symbol symbol) { return input.ranks.empty() ? 0 : input.ranks[symbol]; };
  int first = rank(run[0]);
  do {
    order.push_back(run[0]);
    run = run.subspan(1);
  } while (!run.empty() && rank(run[0]) > first);
}

void add_runs(std::span<const Symbol> ours, std::span<const Symbol> theirs, const OrderInput& input, Symbols& order) {
  auto rank = [&](std::span<const Symbol> run) { return input.ranks.empty() ? 0 : input.ranks[run[0]]; };
  bool theirs_first = !ours.empty() && !theirs.empty() && input.names[theirs[0]] < input.names[ours[0]];
  std::span<const Symbol>&first = theirs_first ? theirs : ours, &second = theirs_first ? ours : theirs;
  while (!first.empty() || !second.empty()) {
    bool take_first = second.empty() || (!first.empty() && rank(first) >= rank(second));
    take_front(take_first ? first : second, input, order);
  }
}

}  // namespace

OrderChange order_change(const OrderInput& input) {
  Sets sets(input);
  Symbols base = common(common(input.base, sets.ours), sets.theirs);
  Symbols ours = common(common(input.ours, sets.theirs), sets.base);
  Symbols theirs = common(common(input.theirs, sets.ours), sets.base);
  if (ours == theirs) return ours == base ? OrderChange::none : OrderChange::both;
  if (ours == base) return OrderChange::theirs;
  return theirs == base ? OrderChange::ours : OrderChange::conflict;
}

Side natural_leader(const OrderInput& input, OrderChange change) {
  if (change == OrderChange::ours) return Side::ours;
  if (change == OrderChange::theirs) return Side::theirs;
  auto name = [&](Symbol symbol) { return input.names[symbol]; };
  Sets sets(input);
  Symbols ours = common(input.ours, sets.theirs), theirs = common(input.theirs, sets.ours);
  return std::ranges::lexicographical_compare(theirs, ours, {}, name, name) ? Side::theirs : Side::ours;
}

Symbols merged_order(const OrderInput& input, Side leader) {
  Sets sets(input);
  Symbols skeleton = leader == Side::base   ? in_base_order(input, sets)
                     : leader == Side::ours ? common(input.ours, sets.theirs)
                                            : common(input.theirs, sets.ours);
  std::vector<std::size_t> places(input.names.size());
  for (std::size_t i = 0; i < skeleton.size(); ++i) places[skeleton[i]] = i;
  auto ours = runs_after(input.ours, sets.theirs, places, skeleton.size());
  auto theirs = runs_after(input.theirs, sets.ours, places, skeleton.size());
  Symbols order;
  for (std::size_t i = 0; i <= skeleton.size(); ++i) {
    if (i > 0) order.push_back(skeleton[i - 1]);
    add_runs(ours[i], theirs[i], input, order);
  }
  return order;
}

}  // namespace aecos::merge
