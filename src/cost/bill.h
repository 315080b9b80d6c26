#pragma once
// What a building costs: the quantities of its elements by the rates that are for them.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "cost/rates.h"
#include "cost/takeoff.h"

namespace aecos::cost {

// Kept apart by currency.
using Money = std::map<std::string, Decimal, std::less<>>;

enum class State : std::uint8_t {
  priced,
  in_whole,     // What it is a part of has a rate, which includes it.
  in_parts,     // It has no rate; its parts are counted.
  no_rate,      // Not counted, as the three below.
  no_quantity,  // The rate's unit is of something that is not known of it.
  ambiguous,    // Several rates are for it equally well, or looking for it took too long.
};

// One element.
struct Position {
  std::string key;  // Its GlobalId; with a number behind it where a file has it twice.
  const Item* item = nullptr;
  std::string_view path;       // Of the file that states it.
  std::string_view storey;     // Its own, else that of its whole.
  const Rate* rate = nullptr;  // Absent: there is none, or more than one.
  State state = State::no_rate;
  Decimal quantity;  // In the rate's unit, six places; of what is priced.
  Decimal cost;      // Rounded to the currency's smallest coin.
  Origin origin = Origin::unknown;
  std::string note;  // Where the quantity is from; why it is not counted.
};

struct BillFile {
  std::string path;
  SharedTakeoff takeoff;
};

struct Bill {
  std::vector<Position> positions;  // By file and place in it; rooms that no rate is for are left out.
  Money total;
  std::size_t missing_rates = 0;       // Of positions: without a rate, or with several.
  std::size_t missing_quantities = 0;  // Without a quantity.
  std::size_t repeated = 0;            // Elements that a second file states too; they count once.
  // What the positions point into.
  std::vector<BillFile> files;
  std::shared_ptr<const Rates> rates;
};

// An element that several files state is taken from its folder, else from the first model by path, last from a
// metadata.json.
Bill make_bill(std::vector<BillFile> files, std::shared_ptr<const Rates> rates);

// --- sums

enum class By : std::uint8_t { storey, ifc_class, classification, element };

struct Group {
  std::string key;   // Of elements, whose names may be the same, the position's; else the name.
  std::string name;  // "Level 1"; "(none)" for what belongs to none.
  std::size_t elements = 0, missing = 0;
  Money cost;
};
// By name, numbers in it as people count.
std::vector<Group> groups_of(const Bill& bill, By by);

// What one group costs in two bills; none where it is not in one of them.
struct GroupChange {
  std::string name;
  Money before, after;
};
// In the same order.
std::vector<GroupChange> group_changes(const Bill& before, const Bill& after, By by);

// --- differences

struct PositionChange {
  const Position* before = nullptr;  // Absent: it is new.
  const Position* after = nullptr;   // Absent: it is gone.
};
struct BillDifference {
  std::vector<PositionChange> changes;  // Whose quantity, rate or state changed; by storey, class and name.
  Money change;                         // After less before; every currency of both.
};
BillDifference difference(const Bill& before, const Bill& after);

// After less before.
Money less(const Money& after, const Money& before);
// Whether there is any.
bool is_any(const Money& money);

}  // namespace aecos::cost
