#include "cost/report.h"

#include <array>
#include <set>

#include "cost/csv.h"
#include "text/json_writer.h"

namespace aecos::cost {
namespace {

using text::JsonWriter;

Decimal of(const Money& money, std::string_view currency) {
  const auto found = money.find(currency);
  return found == money.end() ? Decimal{0, currency_places(currency)} : found->second;
}

// All places of the currency, also of sums that nothing was added to.
std::string amount(const Money& money, std::string_view currency) {
  return to_text(rounded(of(money, currency), currency_places(currency)));
}

void write(JsonWriter& json, std::string_view key, const Money& money) {
  json.key(key).begin_object();
  for (const auto& [currency, cost] : money) json.member(currency, amount(money, currency));
  json.end_object();
}

void write_element(JsonWriter& json, const Position& position) {
  const Item& item = *position.item;
  json.member("globalId", item.global_id).member("class", item.entity->name).member("name", item.name);
  json.member("storey", position.storey).member("path", position.path);
}

void write_position(JsonWriter& json, const Position& position) {
  json.begin_object();
  write_element(json, position);
  json.member("state", name_of(position.state));
  if (position.state == State::priced) {
    json.member("quantity", to_text(position.quantity)).member("unit", position.rate->unit->name);
    json.member("rate", to_text(position.rate->rate)).member("cost", to_text(position.cost));
    json.member("currency", position.rate->currency).member("quantityFrom", name_of(position.origin));
  }
  if (position.rate != nullptr) json.member("ratesLine", position.rate->line);
  if (!position.note.empty()) json.member("note", position.note);
  json.end_object();
}

void write_missing(JsonWriter& json, const Bill& bill) {
  const auto list = [&](std::string_view key, auto is_one) {
    json.key(key).begin_array();
    for (const Position& position : bill.positions) {
      if (!is_one(position.state)) continue;
      json.begin_object();
      write_element(json, position);
      json.member("why", position.note).end_object();
    }
    json.end_array();
  };
  json.key("missing").begin_object();
  list("rates", [](State state) { return state == State::no_rate || state == State::ambiguous; });
  list("quantities", [](State state) { return state == State::no_quantity; });
  json.end_object();
}

void write_head(JsonWriter& json, const ReportHead& head, By by) {
  json.member("of", head.of.empty() ? "work tree" : head.of).member("by", name_of(by)).member("rounding", rounding);
  json.key("unread").begin_array();
  for (const std::string& line : head.unread) json.value(line);
  json.end_array();
}

std::set<std::string> currencies(const Bill& before, const Bill& after) {
  std::set<std::string> all;
  for (const Bill* bill : {&before, &after})
    for (const auto& [currency, cost] : bill->total) all.insert(currency);
  return all;
}

void write_change(JsonWriter& json, const Money& before, const Money& after, const std::string& currency) {
  json.member("currency", currency).member("before", amount(before, currency)).member("after", amount(after, currency));
  const Money change = less(after, before);
  json.member("difference", to_signed_text(rounded(of(change, currency), currency_places(currency))));
}

void write_groups(JsonWriter& json, const Bill& before, const Bill& after, By by) {
  json.key("groups").begin_array();
  for (const auto& [name, old, now] : group_changes(before, after, by)) {
    json.begin_object().member("name", name);
    write(json, "before", old);
    write(json, "after", now);
    json.key("difference").begin_object();
    for (const auto& [currency, cost] : less(now, old))
      json.member(currency, to_signed_text(rounded(cost, currency_places(currency))));
    json.end_object().end_object();
  }
  json.end_array();
}

void write_changes(JsonWriter& json, const std::vector<PositionChange>& changes) {
  json.key("changes").begin_array();
  for (const PositionChange& change : changes) {
    json.begin_object();
    json.member("kind", change.before == nullptr ? "added" : change.after == nullptr ? "removed" : "changed");
    write_element(json, change.after != nullptr ? *change.after : *change.before);
    const auto side = [&](std::string_view key, const Position* position) {
      json.key(key);
      if (position == nullptr) {
        json.null();
        return;
      }
      json.begin_object().member("state", name_of(position->state));
      if (position->state == State::priced) {
        json.member("quantity", to_text(position->quantity)).member("unit", position->rate->unit->name);
        json.member("cost", to_text(position->cost)).member("currency", position->rate->currency);
      }
      json.end_object();
    };
    side("before", change.before);
    side("after", change.after);
    json.end_object();
  }
  json.end_array();
}

void add_row(std::string& csv, std::initializer_list<std::string_view> cells) {
  bool first = true;
  for (const std::string_view cell : cells) {
    csv += first ? "" : ",";
    csv += csv_cell(cell);
    first = false;
  }
  csv += "\r\n";
}

struct Priced {
  std::string quantity, unit, rate, cost, currency, from;
};

Priced priced(const Position* position) {
  if (position == nullptr || position->state != State::priced) return {};
  return {to_text(position->quantity),   std::string(position->rate->unit->name),
          to_text(position->rate->rate), to_text(position->cost),
          position->rate->currency,      std::string(name_of(position->origin))};
}

std::string_view first_code(const Item& item) {
  return item.classifications.empty() ? std::string_view() : item.classifications.front();
}

}  // namespace

std::string_view name_of(By by) {
  constexpr std::array<std::string_view, 4> names{"storey", "class", "classification", "element"};
  return names[static_cast<std::size_t>(by)];
}

std::string_view name_of(State state) {
  constexpr std::array<std::string_view, 6> names{"priced",  "in-whole",    "in-parts",
                                                  "no-rate", "no-quantity", "ambiguous"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view name_of(Origin origin) {
  constexpr std::array<std::string_view, 8> names{"unknown", "counted", "base quantities", "quantities of its type",
                                                  "sizes",   "shape",   "metadata.json",   "its parts"};
  return names[static_cast<std::size_t>(origin)];
}

std::string report_json(const Bill& bill, By by, const ReportHead& head) {
  JsonWriter json(2);
  json.begin_object();
  write_head(json, head, by);
  json.key("totals").begin_array();
  for (const auto& [currency, cost] : bill.total)
    json.begin_object().member("currency", currency).member("cost", amount(bill.total, currency)).end_object();
  json.end_array();
  json.member("elements", bill.positions.size()).member("repeated", bill.repeated);
  json.member("missingRates", bill.missing_rates).member("missingQuantities", bill.missing_quantities);
  json.key("groups").begin_array();
  if (by != By::element)
    for (const Group& group : groups_of(bill, by)) {
      json.begin_object().member("name", group.name).member("elements", group.elements);
      json.member("missing", group.missing);
      write(json, "cost", group.cost);
      json.end_object();
    }
  json.end_array();
  if (by == By::element) {
    json.key("positions").begin_array();
    for (const Position& position : bill.positions) write_position(json, position);
    json.end_array();
  }
  write_missing(json, bill);
  json.end_object();
  return std::move(json).take();
}

std::string report_json(const Bill& before, const Bill& after, By by, const ReportHead& head) {
  JsonWriter json(2);
  json.begin_object();
  write_head(json, head, by);
  json.key("totals").begin_array();
  for (const std::string& currency : currencies(before, after)) {
    json.begin_object();
    write_change(json, before.total, after.total, currency);
    json.end_object();
  }
  json.end_array();
  const auto counts = [&](std::string_view key, const Bill& bill) {
    json.key(key).begin_object().member("elements", bill.positions.size()).member("missingRates", bill.missing_rates);
    json.member("missingQuantities", bill.missing_quantities).end_object();
  };
  counts("before", before);
  counts("after", after);
  write_groups(json, before, after, by);
  write_changes(json, difference(before, after).changes);
  write_missing(json, after);
  json.end_object();
  return std::move(json).take();
}

std::string report_csv(const Bill& bill) {
  std::string csv;
  add_row(csv, {"globalId", "class", "predefinedType", "name", "storey", "type", "classification", "quantity", "unit",
                "rate", "cost", "currency", "state", "quantityFrom", "note", "file"});
  for (const Position& position : bill.positions) {
    const Item& item = *position.item;
    const Priced money = priced(&position);
    add_row(csv, {item.global_id, item.entity->name, item.predefined_type, item.name, position.storey, item.type_name,
                  first_code(item), money.quantity, money.unit, money.rate, money.cost, money.currency,
                  name_of(position.state), money.from, position.note, position.path});
  }
  return csv;
}

std::string report_csv(const Bill& before, const Bill& after) {
  std::string csv;
  add_row(csv, {"change", "globalId", "class", "name", "storey", "quantityBefore", "unitBefore", "costBefore",
                "currencyBefore", "stateBefore", "quantityAfter", "unitAfter", "costAfter", "currencyAfter",
                "stateAfter", "file"});
  const auto state = [](const Position* position) {
    return position == nullptr ? std::string_view() : name_of(position->state);
  };
  for (const PositionChange& change : difference(before, after).changes) {
    const Position& shown = change.after != nullptr ? *change.after : *change.before;
    const Priced old = priced(change.before), now = priced(change.after);
    add_row(csv, {change.before == nullptr  ? "added"
                  : change.after == nullptr ? "removed"
                                            : "changed",
                  shown.item->global_id, shown.item->entity->name, shown.item->name, shown.storey, old.quantity,
                  old.unit, old.cost, old.currency, state(change.before), now.quantity, now.unit, now.cost,
                  now.currency, state(change.after), shown.path});
  }
  return csv;
}

std::string change_json(const Bill& before, const Bill& after, std::size_t unread_files) {
  std::set<std::string> all = currencies(before, after);
  std::string first = all.empty() ? "" : *all.begin();
  // The one that the rates begin with.
  if (after.rates && !after.rates->rates.empty() && all.count(after.rates->rates.front().currency) != 0)
    first = after.rates->rates.front().currency;
  JsonWriter json;
  json.begin_object();
  if (!first.empty()) write_change(json, before.total, after.total, first);
  json.member("missingRates", after.missing_rates).member("missingQuantities", after.missing_quantities);
  json.member("changedElements", difference(before, after).changes.size());
  if (unread_files > 0) json.member("unreadFiles", unread_files);
  all.erase(first);
  if (!all.empty()) {
    json.key("others").begin_array();
    for (const std::string& currency : all) {
      json.begin_object();
      write_change(json, before.total, after.total, currency);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
  return std::move(json).take();
}

}  // namespace aecos::cost
