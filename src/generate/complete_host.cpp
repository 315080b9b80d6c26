// Doors, windows and openings: in what, where in it, and whether there is room.

#include <algorithm>
#include <charconv>
#include <cmath>

#include "generate/complete_internal.h"
#include "generate/openings.h"

namespace aecos::generate {
namespace {

const Host* host_in_project(const Work& work) {
  const auto found = hosts_called(work.context, work.element().text("host"));
  return found.size() == 1 ? found.front() : nullptr;
}

bool is_upright_kind(const std::string& kind) { return kind == "wall"; }

void find_in_sentence(Work& work, std::size_t other) {
  const Element& host = work.reading.specification.elements[other];
  if (!is_upright_kind(host.kind)) return work.refuse("impossible: host", work.called() + " goes into walls");
  if (host.number("count", 1) > 1 || host.has("rows"))
    work.ask("host", work.called() + ": in which of the walls? Say each wall by itself");
}

void find_in_project(Work& work, const std::string& said) {
  const auto found = hosts_called(work.context, said);
  if (found.empty()) return work.refuse("unknown: host", "there is no wall or slab called " + said + " in the project");
  if (found.size() > 1) {
    std::string ids;
    for (const Host* each : found) ids += (ids.empty() ? "" : ", ") + each->global_id;
    return work.ask(
        "host", "there are " + std::to_string(found.size()) + " called " + said + "; say which by GlobalId: " + ids);
  }
  const Host& host = *found.front();
  if (!host.has_shape)
    return work.refuse("impossible: host",
                       said + " is not a straight upright solid; cut the opening where it was drawn");
  Element& element = work.element();
  if (!host.is_upright() && element.kind != "opening" && element.kind != "slabOpening")
    return work.refuse("impossible: host", said + " is no wall; " + work.called() + " goes into walls");
  if (!host.is_upright()) element.kind = "slabOpening";
}

// Openings of one wall: those that are there, and those of the sentence before this one.
std::vector<OpeningPlan> others(const Work& work) {
  std::vector<OpeningPlan> all;
  if (const Host* host = host_in_project(work)) {
    for (const Host::Hole& hole : host->holes)
      all.push_back({hole.x[0] - host->x[0], hole.z[0] - host->z[0], hole.x[1] - hole.x[0], hole.z[1] - hole.z[0]});
  }
  const auto& elements = work.reading.specification.elements;
  for (std::size_t i = 0; i < work.index; ++i) {
    if (elements[i].text("host") != work.element().text("host")) continue;
    Work before{work.reading, work.context, i};
    HostSize size;
    if (!host_size(before, size)) continue;
    const auto plans = opening_plans(elements[i], size.length_m);
    all.insert(all.end(), plans.begin(), plans.end());
  }
  return all;
}

bool overlap(const OpeningPlan& one, const OpeningPlan& other) {
  constexpr double touch = 1e-6;
  return one.offset_m < other.offset_m + other.width_m - touch && other.offset_m < one.offset_m + one.width_m - touch &&
         one.sill_m < other.sill_m + other.height_m - touch && other.sill_m < one.sill_m + one.height_m - touch;
}

// As many as there is room for.
void count_that_fit(Work& work, double length_m) {
  Element& element = work.element();
  if (!element.has("spacing") || element.has("count")) return;
  const double room = length_m - element.number("offset") - element.number("width");
  const double count = std::floor(room / std::max(0.01, element.number("spacing")) + 1e-9) + 1;
  element.set("count", number_field(std::max(1.0, count)));
}

void from_the_end(Work& work, double length_m) {
  Element& element = work.element();
  const Field* end = element.find(raw_from_end);
  if (!end) return;
  const double row = (element.number("count", 1) - 1) * element.number("spacing");
  const double offset = length_m - end->number - row - element.number("width");
  element.set("offset", number_field(std::round(offset * 1e9) / 1e9));
}

void check_room(Work& work, const HostSize& size) {
  const Element& element = work.element();
  const double width = element.number("width"), spacing = element.number("spacing");
  if (element.number("sill") + element.number("height") > size.height_m + 1e-6)
    return work.refuse("impossible: height", work.called() + " reaches to " +
                                                 number_text(element.number("sill") + element.number("height")) +
                                                 " m, " + size.name + " only to " + number_text(size.height_m) + " m");
  if (spacing > 0 && element.number("count", 1) > 1 && spacing < width)
    return work.refuse("impossible: spacing", "they would overlap: each is " + number_text(width) + " m wide");
  if (element.number("count", 1) > 500) return work.refuse("impossible: count", "those are too many for " + size.name);
  const auto plans = opening_plans(element, size.length_m);
  const bool said = element.has("offset");
  for (const OpeningPlan& plan : plans)
    if (plan.offset_m < -1e-6 || plan.offset_m + plan.width_m > size.length_m + 1e-6)
      return work.refuse(
          said ? "impossible: offset" : "impossible: width",
          work.called() + " does not fit into " + size.name + ", which is " + number_text(size.length_m) + " m long");
  for (const OpeningPlan& other : others(work))
    for (const OpeningPlan& plan : plans)
      if (overlap(plan, other))
        return work.refuse("conflict: offset", work.called() + " would overlap another opening of " + size.name +
                                                   "; say where it is, such as \"1 m from the start\"");
}

void fit_slab(Work& work) {
  const Host* host = host_in_project(work);
  const Field* at = work.element().find("at");
  if (!host || !at) return;
  const double ends[2][2] = {{at->point[0], at->point[0] + work.element().number("length")},
                             {at->point[1], at->point[1] + work.element().number("width")}};
  const double room[2] = {host->x[1] - host->x[0], host->y[1] - host->y[0]};
  for (int i = 0; i < 2; ++i)
    if (ends[i][0] < -1e-6 || ends[i][1] > room[i] + 1e-6)
      return work.refuse("impossible: at", work.called() + " does not fit into " + host->name + ", which is " +
                                               number_text(room[0]) + " m x " + number_text(room[1]) + " m");
}

}  // namespace

std::size_t host_in_sentence(const Element& element) {
  const std::string text = element.text("host");
  std::size_t number = 0;
  if (text.starts_with('#')) std::from_chars(text.data() + 1, text.data() + text.size(), number);
  return number;
}

std::vector<OpeningPlan> opening_plans(const Element& element, double host_length_m) {
  constexpr double plans_max = 500;  // More are refused.
  const auto count = static_cast<std::size_t>(std::clamp(element.number("count", 1), 0.0, plans_max));
  const double width = element.number("width"), n = static_cast<double>(count);
  double spacing = element.number("spacing"), first = element.number("offset");
  if (spacing <= 0) spacing = (host_length_m - n * width) / (n + 1) + width;
  if (!element.has("offset")) first = (host_length_m - (n - 1) * spacing - width) / 2;
  std::vector<OpeningPlan> plans;
  for (std::size_t i = 0; i < count; ++i)
    plans.push_back(
        {first + spacing * static_cast<double>(i), element.number("sill"), width, element.number("height")});
  return plans;
}

bool host_size(const Work& work, HostSize& size) {
  if (const std::size_t number = host_in_sentence(work.element())) {
    if (number > work.reading.specification.elements.size()) return false;
    const Element& host = work.reading.specification.elements[number - 1];
    size = {host.number("length"), host.number("height"), host.number("thickness"), "the wall"};
    if (host.has("name")) size.name = host.text("name");
    return size.length_m > 0 && size.height_m > 0;
  }
  const Host* host = host_in_project(work);
  if (!host || !host->has_shape) return false;
  size = {host->length_m(), host->z[1] - host->z[0], host->y[1] - host->y[0], host->name};
  return true;
}

void find_host(Work& work) {
  Element& element = work.element();
  const Field* said = element.find("host");
  if (!said || !work.kind().takes.contains("host")) return;
  if (!said->text.starts_with('#')) return find_in_project(work, said->text);
  const std::size_t number = host_in_sentence(element);
  if (number == 0 || number > work.reading.specification.elements.size() || number == work.index + 1)
    return work.refuse("unknown: host", said->text + " is no element of this specification");
  find_in_sentence(work, number - 1);
}

void fit_host(Work& work) {
  Element& element = work.element();
  if (!work.kind().takes.contains("host")) return;
  if (element.kind == "slabOpening") return fit_slab(work);
  HostSize size;
  if (!host_size(work, size)) return;
  from_the_end(work, size.length_m);
  count_that_fit(work, size.length_m);
  if (!element.has("offset")) {
    Field middle = truth_field(true);
    middle.because = element.number("count", 1) > 1 ? "evenly spread" : "in the middle of the wall";
    element.assume("centred", std::move(middle));
  }
  check_room(work, size);
}

}  // namespace aecos::generate
