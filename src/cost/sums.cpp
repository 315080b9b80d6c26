#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "base/ascii.h"
#include "cost/bill.h"

namespace aecos::cost {
namespace {

constexpr std::string_view none = "(none)";

// "Level 2" before "Level 10"; what belongs to none last.
bool is_before(std::string_view one, std::string_view other) {
  if ((one == none) != (other == none)) return other == none;
  while (!one.empty() && !other.empty()) {
    if (is_digit(one.front()) && is_digit(other.front())) {
      const auto number = [](std::string_view& text) {
        const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
        std::string_view digits = text.substr(0, end);
        text.remove_prefix(end);
        digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
        return std::pair(digits.size(), digits);
      };
      const auto a = number(one), b = number(other);
      if (a != b) return a < b;
      continue;
    }
    if (one.front() != other.front()) return one.front() < other.front();
    one.remove_prefix(1);
    other.remove_prefix(1);
  }
  return one.size() < other.size();
}

std::string group_name(const Position& position, By by) {
  std::string_view name;
  switch (by) {
    case By::storey:
      name = position.storey;
      break;
    case By::ifc_class:
      name = position.item->entity->name;
      break;
    case By::classification:
      if (!position.item->classifications.empty()) name = position.item->classifications.front();
      break;
    case By::element:
      return std::string(position.item->entity->name) + " " +
             std::string(position.item->name.empty() ? position.item->global_id : position.item->name);
  }
  return std::string(name.empty() ? none : name);
}

bool is_missing(const Position& position) {
  return position.state == State::no_rate || position.state == State::no_quantity || position.state == State::ambiguous;
}

bool is_same(const Position& one, const Position& other) {
  if (one.state != other.state) return false;
  if (one.state != State::priced) return true;
  return one.cost == other.cost && one.quantity == other.quantity && one.rate->currency == other.rate->currency &&
         one.rate->unit == other.rate->unit;
}

}  // namespace

std::vector<Group> groups_of(const Bill& bill, By by) {
  std::unordered_map<std::string, std::size_t> places;
  std::vector<Group> groups;
  for (const Position& position : bill.positions) {
    if (position.state == State::in_whole || position.state == State::in_parts) continue;
    std::string name = group_name(position, by);
    std::string key = by == By::element ? position.key : name;
    const auto [found, is_new] = places.emplace(key, groups.size());
    if (is_new) groups.push_back({std::move(key), std::move(name), 0, 0, {}});
    Group& group = groups[found->second];
    ++group.elements;
    group.missing += is_missing(position) ? 1 : 0;
    if (position.state != State::priced) continue;
    Decimal& sum = group.cost[position.rate->currency];
    sum = sum + position.cost;
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const Group& one, const Group& other) { return is_before(one.name, other.name); });
  return groups;
}

std::vector<GroupChange> group_changes(const Bill& before, const Bill& after, By by) {
  std::unordered_map<std::string, std::size_t> places;
  std::vector<GroupChange> changes;
  for (Group& group : groups_of(after, by)) {
    places.emplace(group.key, changes.size());
    changes.push_back({std::move(group.name), {}, std::move(group.cost)});
  }
  for (Group& group : groups_of(before, by)) {
    const auto known = places.find(group.key);
    if (known != places.end())
      changes[known->second].before = std::move(group.cost);
    else
      changes.push_back({std::move(group.name), std::move(group.cost), {}});
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const GroupChange& one, const GroupChange& other) { return is_before(one.name, other.name); });
  return changes;
}

BillDifference difference(const Bill& before, const Bill& after) {
  BillDifference found;
  std::unordered_map<std::string_view, const Position*> old;
  for (const Position& position : before.positions) old.emplace(position.key, &position);
  for (const Position& position : after.positions) {
    const auto known = old.find(position.key);
    const Position* const earlier = known == old.end() ? nullptr : known->second;
    if (earlier == nullptr || !is_same(*earlier, position)) found.changes.push_back({earlier, &position});
    if (earlier != nullptr) old.erase(known);
  }
  for (const Position& position : before.positions)
    if (old.count(position.key) != 0) found.changes.push_back({&position, nullptr});
  const auto key = [](const PositionChange& change) -> const Position& {
    return change.after == nullptr ? *change.before : *change.after;
  };
  std::stable_sort(found.changes.begin(), found.changes.end(),
                   [&](const PositionChange& one, const PositionChange& other) {
                     const Position &a = key(one), &b = key(other);
                     return std::tuple(a.storey, a.item->entity->name, a.item->name) <
                            std::tuple(b.storey, b.item->entity->name, b.item->name);
                   });
  found.change = less(after.total, before.total);
  return found;
}

Money less(const Money& after, const Money& before) {
  Money change;
  for (const auto& [currency, cost] : before) change[currency] = change[currency] - cost;
  for (const auto& [currency, cost] : after) change[currency] = change[currency] + cost;
  return change;
}

bool is_any(const Money& money) {
  return std::any_of(money.begin(), money.end(), [](const auto& each) { return each.second.units != 0; });
}

}  // namespace aecos::cost
