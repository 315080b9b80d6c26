// aecos cost: what the building costs, and what a change does to it.

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>

#include "base/count.h"
#include "cli/cost_files.h"
#include "cost/report.h"

namespace aecos::cli {
namespace {

using cost::Bill;
using cost::By;
using cost::Money;
using cost::Position;
using cost::State;

constexpr std::size_t missing_shown = 10, changes_shown = 40;

struct Arguments {
  CostSources sources;
  std::string by = "storey", csv;
  bool json = false;
};

By by_of(const std::string& name) {
  for (const By by : {By::ifc_class, By::classification, By::element})
    if (cost::name_of(by) == name) return by;
  return By::storey;
}

std::string money(const Decimal& cost, const std::string& currency) {
  return to_grouped_text(rounded(cost, cost::currency_places(currency)));
}

std::string signed_money(const Decimal& cost, const std::string& currency) {
  return (cost.units > 0 ? "+" : "") + money(cost, currency);
}

Decimal of(const Money& all, const std::string& currency) {
  const auto found = all.find(currency);
  return found == all.end() ? Decimal{} : found->second;
}

// Columns of numbers end where they all end.
class Columns {
 public:
  void add(std::vector<std::string> row, Paint paint = Paint::plain) {
    rows_.push_back(std::move(row));
    paints_.push_back(paint);
  }
  void print(Terminal& terminal) const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
    }
    for (std::size_t k = 0; k < rows_.size(); ++k) {
      std::string line;
      for (std::size_t i = 0; i < rows_[k].size(); ++i) {
        const std::string gap(widths[i] - display_width(rows_[k][i]), ' ');
        line += (i == 0 ? "" : "  ") + (i == 0 ? rows_[k][i] + gap : gap + rows_[k][i]);
      }
      while (line.ends_with(' ')) line.pop_back();
      terminal.say(terminal.paint(paints_[k], line));
    }
  }

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<Paint> paints_;
};

std::vector<std::string> currencies_of(const Money& one, const Money& other) {
  std::set<std::string> all;
  for (const auto& [currency, cost] : one) all.insert(currency);
  for (const auto& [currency, cost] : other) all.insert(currency);
  return {all.begin(), all.end()};
}

std::string title(const Position& position) {
  const std::string name(position.item->name.empty() ? position.item->global_id : position.item->name);
  return printable(std::string(position.item->entity->name) + " " + name);
}

// "IfcRailing (3), IfcFurniture (2)"
std::string classes_of(const Bill& bill, bool quantities) {
  std::map<std::string, std::size_t> counts;
  for (const Position& position : bill.positions) {
    const bool missing = quantities ? position.state == State::no_quantity
                                    : position.state == State::no_rate || position.state == State::ambiguous;
    if (missing) ++counts[std::string(position.item->entity->name)];
  }
  std::string text;
  for (const auto& [name, count] : counts)
    text += (text.empty() ? "" : ", ") + name + " (" + std::to_string(count) + ")";
  return text;
}

void say_missing(Terminal& terminal, const Bill& bill) {
  if (bill.missing_rates > 0)
    terminal.say(terminal.paint(Paint::yellow, "no rate, not counted: " + std::to_string(bill.missing_rates)) + "  " +
                 classes_of(bill, false));
  if (bill.missing_quantities > 0)
    terminal.say(terminal.paint(Paint::yellow, "no quantity, not counted: " + std::to_string(bill.missing_quantities)) +
                 "  " + classes_of(bill, true));
  Table table;
  std::size_t shown = 0;
  for (const Position& position : bill.positions) {
    // Of what has no rate the classes say enough.
    if (position.state != State::no_quantity && position.state != State::ambiguous) continue;
    if (++shown <= missing_shown) table.add({{title(position)}, {printable(position.note)}});
  }
  table.print(terminal, 2);
  if (shown > missing_shown)
    terminal.say("  … and " + std::to_string(shown - missing_shown) + " more; --by element or --csv lists all");
}

// "12 by base quantities, 3 by shape, 4 counted"
std::string origins_of(const Bill& bill) {
  std::map<cost::Origin, std::size_t> counts;
  for (const Position& position : bill.positions)
    if (position.state == State::priced) ++counts[position.origin];
  std::string text;
  for (const auto& [origin, count] : counts)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(cost::name_of(origin));
  return text;
}

void say_unread(Terminal& terminal, const CostInput& input) {
  for (const std::string& line : input.unread) terminal.warn("not counted: " + printable(line));
}

void say_footer(Terminal& terminal, const CostInput& input) {
  const Bill& bill = input.after;
  if (const std::string origins = origins_of(bill); !origins.empty())
    terminal.say(terminal.paint(Paint::dim, "Quantities: " + origins + "."));
  std::string repeated;
  if (bill.repeated > 0)
    repeated =
        " " +
        counted(bill.repeated, "element stands in two files and counts", "elements stand in two files and count") +
        " once.";
  std::string currency;
  for (const std::string& each : currencies_of(bill.total, input.before.total))
    currency += (currency.empty() ? "" : ", ") + each;
  terminal.say(terminal.paint(
      Paint::dim, (currency.empty() ? "" : "In " + currency + "; ") + std::string(cost::rounding) + "." + repeated));
}

std::string quantity_of(const Position& position) {
  const Decimal shown = rounded(position.quantity, position.rate->unit->dimension == cost::Dimension::count ? 0 : 3);
  return to_grouped_text(shown) + " " + std::string(position.rate->unit->name);
}

void say_elements(Terminal& terminal, const Bill& bill) {
  Columns columns;
  columns.add({"element", "quantity", "rate", "cost", "", ""}, Paint::bold);
  for (const Position& position : bill.positions) {
    if (position.state == State::priced)
      columns.add({title(position), quantity_of(position), to_text(position.rate->rate),
                   money(position.cost, position.rate->currency), position.rate->currency,
                   std::string(cost::name_of(position.origin))});
    else
      columns.add({title(position), "", "", "-", "", printable(std::string(cost::name_of(position.state)))});
  }
  columns.print(terminal);
}

void say_bill(Terminal& terminal, const CostInput& input, By by) {
  const Bill& bill = input.after;
  const std::vector<std::string> currencies = currencies_of(bill.total, {});
  if (by == By::element) say_elements(terminal, bill);
  Columns columns;
  std::vector<std::string> heading{std::string(cost::name_of(by)), "elements"};
  heading.insert(heading.end(), currencies.begin(), currencies.end());
  heading.push_back("not counted");
  std::vector<std::string> total{"total"};
  std::size_t elements = 0, missing = 0;
  columns.add(heading, Paint::bold);
  for (const cost::Group& group : groups_of(bill, by)) {
    std::vector<std::string> row{printable(group.name), std::to_string(group.elements)};
    for (const std::string& currency : currencies)
      row.push_back(group.cost.empty() ? "-" : money(of(group.cost, currency), currency));
    row.push_back(group.missing == 0 ? "" : std::to_string(group.missing));
    elements += group.elements;
    missing += group.missing;
    if (by != By::element) columns.add(std::move(row));
  }
  total.push_back(std::to_string(elements));
  for (const std::string& currency : currencies) total.push_back(money(of(bill.total, currency), currency));
  total.push_back(missing == 0 ? "" : std::to_string(missing));
  columns.add(std::move(total), Paint::bold);
  if (by == By::element) terminal.say("");
  columns.print(terminal);
  terminal.say("");
  say_missing(terminal, bill);
  say_footer(terminal, input);
}

// --- differences

void say_groups(Terminal& terminal, const CostInput& input, By by) {
  Columns columns;
  columns.add({std::string(cost::name_of(by)), "before", "after", "difference", ""}, Paint::bold);
  const auto add = [&](const std::string& name, const Money& before, const Money& after, Paint paint) {
    for (const std::string& currency : currencies_of(before, after)) {
      const Decimal old = of(before, currency), now = of(after, currency), change = now - old;
      if (change.units == 0 && paint == Paint::plain) continue;
      columns.add({name, money(old, currency), money(now, currency), signed_money(change, currency), currency}, paint);
    }
  };
  for (const auto& [name, before, after] : cost::group_changes(input.before, input.after, by))
    add(printable(name), before, after, Paint::plain);
  add("total", input.before.total, input.after.total, Paint::bold);
  columns.print(terminal);
}

// "7.840 m2, 1,411.20 EUR"; what is not counted says why.
std::string side(const Position* position) {
  if (position == nullptr) return "-";
  if (position->state != State::priced) return std::string(cost::name_of(position->state));
  return quantity_of(*position) + ", " + money(position->cost, position->rate->currency) + " " +
         position->rate->currency;
}

void say_changes(Terminal& terminal, const CostInput& input, bool all) {
  const cost::BillDifference found = cost::difference(input.before, input.after);
  if (found.changes.empty()) terminal.say("no element's cost changed");
  Table table;
  std::size_t shown = 0;
  for (const cost::PositionChange& change : found.changes) {
    if (!all && ++shown > changes_shown) break;
    const char* const kind = change.before == nullptr ? "added" : change.after == nullptr ? "removed" : "changed";
    table.add({{kind, change.before == nullptr  ? Paint::green
                      : change.after == nullptr ? Paint::red
                                                : Paint::blue},
               {title(change.after != nullptr ? *change.after : *change.before)},
               {side(change.before)},
               {"→"},
               {side(change.after)}});
  }
  table.print(terminal);
  if (shown > changes_shown)
    terminal.say("… and " + std::to_string(found.changes.size() - changes_shown) + " more; --by element lists all");
}

void say_difference(Terminal& terminal, const CostInput& input, By by) {
  say_changes(terminal, input, by == By::element);
  if (by != By::element) terminal.say("");
  say_groups(terminal, input, by == By::element ? By::ifc_class : by);
  terminal.say("");
  say_missing(terminal, input.after);
  say_footer(terminal, input);
}

Result<int> run(Context& context, const Arguments& arguments) {
  context.terminal.progress("counting");
  AECOS_TRY_ASSIGN(const CostInput input, collect_cost(context, arguments.sources));
  const By by = by_of(arguments.by);
  const Bill& bill = input.after;
  const cost::ReportHead head{input.of, input.unread};
  if (!arguments.csv.empty()) {
    const std::string csv = input.is_range ? cost::report_csv(input.before, bill) : cost::report_csv(bill);
    if (arguments.csv == "-")
      context.terminal.raw(csv);
    else
      AECOS_TRY(context.files.write(context.path(arguments.csv), csv));
  }
  if (arguments.json) {
    context.terminal.raw(input.is_range ? cost::report_json(input.before, bill, by, head)
                                        : cost::report_json(bill, by, head));
  } else if (arguments.csv != "-") {
    input.is_range ? say_difference(context.terminal, input, by) : say_bill(context.terminal, input, by);
    say_unread(context.terminal, input);
  }
  const bool complete = bill.missing_rates == 0 && bill.missing_quantities == 0 && input.unread.empty();
  return complete ? exit_ok : exit_findings;
}

}  // namespace

void add_cost(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("cost", "What the building costs, and what a change does to it");
  command->add_option("WHAT", arguments->sources.what,
                      "A revision, or two (REV1..REV2, or REV.. for what is saved), then files and folders\n"
                      "(default: the work tree, all of it)");
  command->add_option("--by", arguments->by, "Sums by storey (default), class or classification, or every element")
      ->one_of({"storey", "class", "classification", "element"});
  command->add_option("--rates", arguments->sources.rates, "Unit rates (default: .aecos/rates.csv of the revision)")
      ->type_name("FILE");
  Option* csv =
      command->add_option("--csv", arguments->csv, "Write every element, or every change, to a file (-: to the output)")
          ->type_name("FILE");
  command->add_flag("--json", arguments->json, "Answer in JSON")->excludes(csv);
  command->footer(
      "docs/COST.md says what is counted. Exit status 0: all of it, 1: rates or quantities are missing, and are "
      "listed.");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
