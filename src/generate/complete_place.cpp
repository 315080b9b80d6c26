// Where: storeys, ends, rows and grids.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "generate/complete_internal.h"

namespace aecos::generate {
namespace {

double rounded(double number) { return std::round(number * 1e9) / 1e9; }

// From one end to the other.
struct Line {
  std::vector<double> from;
  double length_m = 0, direction = 0;
};

Line line_of(const std::vector<double>& both) {
  const std::size_t half = both.size() / 2;
  Line line{{both.begin(), both.begin() + static_cast<std::ptrdiff_t>(half)}, 0, 0};
  const double dx = both[half] - both[0], dy = both[half + 1] - both[1];
  line.length_m = rounded(std::hypot(dx, dy));
  line.direction = rounded(std::atan2(dy, dx) * 180 / std::numbers::pi);
  return line;
}

void settle_line(Work& work) {
  Element& element = work.element();
  const Field* given = element.find(raw_line);
  if (!given) return;
  const std::vector<double> both = given->point;
  const Line line = line_of(both);
  if (both.size() == 6 && std::abs(both[2] - both[5]) > 1e-9)
    return work.refuse("impossible: slope", work.called() + " would be sloped; both ends must be at one height");
  element.set("at", point_field(line.from));
  if (!work.kind().line) {
    element.set("arrayDirection", number_field(line.direction));
    return element.set(raw_along, number_field(line.length_m));
  }
  const Field* length = element.find("length");
  if (length && std::abs(length->number - line.length_m) > 1e-6)
    return work.refuse("conflict: length",
                       "the ends are " + number_text(line.length_m) + " m apart, not " + number_text(length->number));
  if (const Field* direction = element.find("direction");
      direction && std::abs(direction->number - line.direction) > 1e-6)
    return work.refuse("conflict: direction", "the ends say another direction than the words");
  element.set("length", number_field(line.length_m));
  element.set("direction", number_field(line.direction));
}

// How many stand along a stretch, or how far apart.
void settle_along(Work& work) {
  Element& element = work.element();
  const Field* given = element.find(raw_along);
  if (!given) return;
  const double along = given->number;
  const Field* spacing = element.find("spacing");
  const Field* count = element.find("count");
  if (spacing && spacing->number > 0 && !count) {
    element.set("count", number_field(std::floor(along / spacing->number + 1e-9) + 1));
  } else if (count && !spacing && count->number > 1) {
    element.set("spacing", number_field(rounded(along / (count->number - 1))));
  } else if (count && spacing && (count->number - 1) * spacing->number > along + 1e-6) {
    work.refuse("conflict: count", number_text(count->number) + " every " + number_text(spacing->number) +
                                       " m are longer than " + number_text(along) + " m");
  } else if (!count && !spacing && work.kind().line) {
    element.set("length", *given);
  }
}

// Of elements that stand freely: in what direction the row goes.
void settle_row(Work& work) {
  Element& element = work.element();
  const bool row = element.number("count", 1) > 1 || element.has("spacing");
  if (element.has(raw_end_to_end)) {
    if (!element.has("length")) return;
    element.set("spacing", number_field(element.number("length")));
    element.set("arrayDirection", number_field(element.number("direction")));
  }
  if (!row) return;
  if (element.has(raw_across)) element.set("arrayDirection", number_field(element.number("direction") + 90));
  const double direction = element.number("direction") + (work.kind().line ? 90 : 0);
  element.assume("arrayDirection",
                 number_field(direction, Basis::assumed,
                              work.kind().line ? "side by side" : "along the direction of the elements"));
  if (!element.has("count")) work.ask("count", work.called() + ": how many, or along what length?");
  if (!element.has("spacing")) work.ask("spacing", work.called() + ": how far apart?");
  if (element.has("rows") && element.has("spacing"))
    element.assume("rowSpacing", number_field(element.number("spacing")));
  if (element.has("rowSpacing") && element.find("rowSpacing")->basis == Basis::assumed)
    element.set("rowSpacing", number_field(element.number("spacing")));
}

bool is_hosted(const Work& work) { return work.kind().takes.contains("host"); }

// It stands where its wall does; what was said of it must agree.
void check_storey_of_host(Work& work) {
  Element& element = work.element();
  const Field* said = element.find("storey");
  if (!said) return;
  const auto storeys = storeys_called(work.context, said->text);
  const auto hosts = hosts_called(work.context, element.text("host"));
  if (storeys.empty())
    work.refuse("unknown: storey", "there is no storey “" + said->text + "”");
  else if (hosts.size() == 1 && hosts.front()->storey_id != storeys.front()->global_id)
    work.refuse("conflict: storey", hosts.front()->name + " is not on " + storeys.front()->name);
  element.fields.erase("storey");
}

// "columns" are more than one.
void ask_how_many(Work& work) {
  const Element& element = work.element();
  if (!element.has(raw_plural) || element.has("count") || element.has("spacing") || element.has(raw_along)) return;
  work.ask("count", work.called() + ": how many?");
}

}  // namespace

double storey_height_m(const Work& work) {
  const auto found = storeys_called(work.context, work.element().text("storey"));
  if (found.empty()) return 3;
  return storey_height_m(work.context, *found.front()).value_or(3);
}

void find_storey(Work& work) {
  Element& element = work.element();
  const Field* said = element.find("storey");
  const auto& storeys = work.context.storeys;
  if (is_hosted(work)) return check_storey_of_host(work);
  if (said && said->basis == Basis::said) {
    const auto found = storeys_called(work.context, said->text);
    std::string names;
    for (const Storey& storey : storeys) names += (names.empty() ? "" : ", ") + storey.name;
    if (found.empty() && storeys.empty())
      return work.refuse("unknown: storey", "the project has no storeys yet, so there is no “" + said->text + "”");
    if (found.empty())
      return work.refuse("unknown: storey", "there is no storey “" + said->text + "”; there are " + names);
    if (found.size() > 1) return work.ask("storey", "“" + said->text + "” may be several storeys; there are " + names);
    return element.set("storey", text_field(found.front()->name));
  }
  if (storeys.empty())
    return element.assume("storey", text_field("Ground floor", Basis::assumed, "the project has no storeys yet"));
  const bool top = element.kind == "roof";
  const auto closest = std::min_element(storeys.begin(), storeys.end(), [](const Storey& one, const Storey& other) {
    return std::abs(one.elevation_m) < std::abs(other.elevation_m);
  });
  element.assume("storey", top ? text_field(storeys.back().name, Basis::assumed, "the highest")
                               : text_field(closest->name, Basis::assumed, "the one closest to level 0"));
}

void settle_place(Work& work) {
  Element& element = work.element();
  settle_line(work);
  ask_how_many(work);
  if (element.number("count", 0) == 1 && !element.has("rows")) element.fields.erase("count");
  if (is_hosted(work)) return;
  settle_along(work);
  settle_row(work);
  element.assume("at", point_field({0, 0}, Basis::assumed, "nothing was said of its position"));
  if (const Field* at = element.find("at"); at->point.size() == 3) {
    if (element.has("elevation")) return work.refuse("conflict: elevation", "its height is said twice");
    element.set("elevation", number_field(at->point[2]));
    element.set("at", point_field({at->point[0], at->point[1]}, at->basis));
  }
  if (work.kind().takes.contains("direction"))
    element.assume("direction", number_field(0, Basis::assumed, "along the x axis"));
}

}  // namespace aecos::generate
