#pragma once
// The order of things that have an identity: members of an object, elements of a keyed list. Order is a weak attribute:
// it follows the side that changed it, and never decides whether something is there.

#include <span>
#include <string_view>
#include <vector>

#include "diff/sequence.h"
#include "merge/merge.h"

namespace aecos::merge {

// Each version lists every symbol at most once. names[symbol] orders additions at one place.
struct OrderInput {
  std::span<const diff::Symbol> base, ours, theirs;
  std::span<const std::string_view> names;
  // What belongs to what: an element takes with it those after it of higher rank. Empty: all are of one rank.
  std::span<const int> ranks = {};
};

enum class OrderChange : std::uint8_t { none, ours, theirs, both, conflict };  // Of what base, ours and theirs share.

OrderChange order_change(const OrderInput& input);

// What ours or theirs list, in the order of `leader` for what both list; what one alone lists comes after what it
// comes after there. Where both have such additions at one place, those of higher rank come first, and of one rank
// those of the side whose first name is smaller.
// With leader base: base's order, what base does not list after ours'.
std::vector<diff::Symbol> merged_order(const OrderInput& input, Side leader);

// The leader when nobody has to choose: the side whose order changed; where none did, one that does not depend on which
// side is called ours.
Side natural_leader(const OrderInput& input, OrderChange change);

}  // namespace aecos::merge
