#include "cost/bill.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <utility>

#include "cost/match_internal.h"

namespace aecos::cost {
namespace {

constexpr int depth_max = 50;  // Of parts in each other whose quantities are added up.
constexpr std::size_t none = SIZE_MAX;
constexpr double quantity_max = 1e12;  // What is more is a fault of the file.
constexpr int quantity_places = 6;

// A folder says most about its element, a metadata.json without a model least.
int rank_of(std::string_view path) {
  if (path.ends_with("metadata.json")) return 2;
  return path.starts_with("elements/") ? 0 : 1;
}

std::string lines_of(const Matched& matched) {
  const std::size_t one = std::min(matched.rate->line, matched.other->line);
  const std::size_t other = std::max(matched.rate->line, matched.other->line);
  return "lines " + std::to_string(one) + " and " + std::to_string(other) +
         " of the rates are for it equally well; make one of them more particular";
}

class Maker {
 public:
  Maker(std::vector<BillFile> files, std::shared_ptr<const Rates> rates) : matcher_(*rates) {
    bill_.files = std::move(files);
    bill_.rates = std::move(rates);
  }

  Bill run() {
    collect();
    find_wholes();
    for (Position& position : bill_.positions) settle(position);
    for (const std::size_t k : order_) inherit(k);
    for (Position& position : bill_.positions) count(position);
    std::erase_if(bill_.positions, [](const Position& each) {
      return !each.item->wants_rate && each.rate == nullptr && each.state == State::no_rate;
    });
    for (const Position& position : bill_.positions) {
      if (position.state == State::priced) add(bill_.total, position);
      bill_.missing_rates += position.state == State::no_rate || position.state == State::ambiguous ? 1 : 0;
      bill_.missing_quantities += position.state == State::no_quantity ? 1 : 0;
    }
    return std::move(bill_);
  }

  static void add(Money& money, const Position& position) {
    Decimal& sum = money[position.rate->currency];
    sum = sum + position.cost;
  }

 private:
  std::size_t index_of(const Position& position) const {
    return static_cast<std::size_t>(&position - bill_.positions.data());
  }

  void collect() {
    std::stable_sort(bill_.files.begin(), bill_.files.end(), [](const BillFile& one, const BillFile& other) {
      return std::pair(rank_of(one.path), std::string_view(one.path)) <
             std::pair(rank_of(other.path), std::string_view(other.path));
    });
    std::unordered_map<std::string_view, const BillFile*> first;  // By GlobalId.
    for (const BillFile& file : bill_.files)
      for (const Item& item : file.takeoff->items) {
        std::string key(item.global_id);
        const auto [known, is_new] = first.emplace(item.global_id, &file);
        if (!is_new && known->second != &file && !key.empty()) {
          ++bill_.repeated;
          continue;
        }
        // Twice in one file, or without an id: a fault of the file; both are built all the same.
        if (!is_new) key += "#" + std::to_string(++copies_);
        Position position;
        position.key = std::move(key);
        position.item = &item;
        position.path = file.path;
        if (is_new) by_key_.emplace(item.global_id, bill_.positions.size());
        bill_.positions.push_back(std::move(position));
      }
  }

  // Who is a part of whom, and `order_`: wholes before their parts. What is above itself is no part.
  void find_wholes() {
    whole_.assign(bill_.positions.size(), none);
    in_rated_.resize(whole_.size());
    for (const Position& position : bill_.positions) {
      const auto whole = by_key_.find(position.item->whole);
      if (!position.item->whole.empty() && whole != by_key_.end()) whole_[index_of(position)] = whole->second;
    }
    enum class Seen : std::uint8_t { no, now, done };
    std::vector<Seen> seen(whole_.size(), Seen::no);
    for (std::size_t k = 0; k < whole_.size(); ++k) {
      std::vector<std::size_t> way;
      std::size_t at = k;
      for (; at != none && seen[at] == Seen::no; at = whole_[at]) {
        seen[at] = Seen::now;
        way.push_back(at);
      }
      const std::size_t end = at != none && seen[at] == Seen::now ? at : none;
      for (std::size_t ring = end; ring != none;) ring = std::exchange(whole_[ring], none);
      for (const std::size_t each : way) seen[each] = Seen::done;
      order_.insert(order_.end(), way.rbegin(), way.rend());
    }
    for (std::size_t k = 0; k < whole_.size(); ++k)
      if (whole_[k] != none) parts_[whole_[k]].push_back(k);
  }

  // Which rate, and whether it has one.
  void settle(Position& position) {
    const Matched matched = matcher_.match(*position.item);
    position.rate = matched.other == nullptr ? matched.rate : nullptr;
    if (matched.is_unfinished) {
      position.state = State::ambiguous;
      position.note = "looking for its rate takes too long; fewer rows with * in the rates help";
    } else if (matched.other != nullptr) {
      position.state = State::ambiguous;
      position.note = lines_of(matched);
    } else if (matched.rate != nullptr) {
      position.state = State::priced;
    } else {
      position.note = "no rate is for it";
    }
    position.storey = position.item->storey;
  }

  // Of its whole: the storey, and whether there is a rate that includes it.
  void inherit(std::size_t k) {
    if (whole_[k] == none) return;
    const Position& whole = bill_.positions[whole_[k]];
    Position& position = bill_.positions[k];
    if (position.storey.empty()) position.storey = whole.storey;
    in_rated_[k] = in_rated_[whole_[k]] || whole.rate != nullptr || whole.state == State::ambiguous;
  }

  void count(Position& position) {
    if (in_rated_[index_of(position)]) {
      position.state = State::in_whole;
      position.note = "its rate is that of the whole";
      return;
    }
    if (position.state == State::no_rate && parts_.count(index_of(position)) != 0) {
      position.state = State::in_parts;
      position.note = "its parts are counted";
      return;
    }
    if (position.rate != nullptr) price(position);
  }

  // Its own, else that of all its parts.
  Amount amount_of(const Position& position, Dimension dimension, int depth) const {
    const Amount own = position.item->amount(dimension);
    const auto parts = parts_.find(index_of(position));
    if (own.origin != Origin::unknown || parts == parts_.end() || depth > depth_max) return own;
    Amount sum{Origin::parts, 0, "sum of its parts"};
    for (const std::size_t part : parts->second) {
      const Amount each = amount_of(bill_.positions[part], dimension, depth + 1);
      if (each.origin == Origin::unknown) return each;
      sum.value += each.value;
    }
    return sum;
  }

  void price(Position& position) const {
    const Unit& unit = *position.rate->unit;
    const Amount amount = amount_of(position, unit.dimension, 0);
    const double value = amount.value / unit.si;
    const bool known = amount.origin != Origin::unknown && value >= 0 && value < quantity_max;
    position.origin = known ? amount.origin : Origin::unknown;
    position.note = std::string(amount.note);
    if (!known) {
      position.state = State::no_quantity;
      const std::string why = amount.origin == Origin::unknown ? std::string(amount.note) : "it is beyond all measure";
      position.note = "its " + std::string(name_of(unit.dimension)) + " is not known" + (why.empty() ? "" : ": " + why);
      return;
    }
    position.quantity = {static_cast<Int128>(std::llround(value * 1e6)), quantity_places};
    position.cost = rounded(product(position.quantity, position.rate->rate), currency_places(position.rate->currency));
  }

  Matcher matcher_;
  Bill bill_;
  std::size_t copies_ = 0;
  std::unordered_map<std::string_view, std::size_t> by_key_;
  std::vector<std::size_t> whole_, order_;
  std::vector<bool> in_rated_;
  std::unordered_map<std::size_t, std::vector<std::size_t>> parts_;
};

}  // namespace

Bill make_bill(std::vector<BillFile> files, std::shared_ptr<const Rates> rates) {
  return Maker(std::move(files), std::move(rates)).run();
}

}  // namespace aecos::cost
