#include "cost/unit.h"

#include <array>

#include "base/ascii.h"

namespace aecos::cost {
namespace {

constexpr double foot = 0.3048, pound = 0.45359237;

constexpr std::array<Unit, 14> units{{
    {"pcs", Dimension::count, 1},
    {"m", Dimension::length, 1},
    {"m2", Dimension::area, 1},
    {"m3", Dimension::volume, 1},
    {"kg", Dimension::mass, 1},
    {"t", Dimension::mass, 1000},
    {"h", Dimension::time, 3600},
    {"l", Dimension::volume, 0.001},
    {"ft", Dimension::length, foot},
    {"ft2", Dimension::area, foot* foot},
    {"ft3", Dimension::volume, foot* foot* foot},
    {"yd2", Dimension::area, 9 * foot* foot},
    {"yd3", Dimension::volume, 27 * foot* foot* foot},
    {"lb", Dimension::mass, pound},
}};

struct Alias {
  std::string_view alias, name;
};

// In lower case, without dots at their end.
constexpr std::array<Alias, 47> aliases{{
    {"pc", "pcs"},    {"pce", "pcs"}, {"piece", "pcs"}, {"pieces", "pcs"}, {"ea", "pcs"},  {"each", "pcs"},
    {"no", "pcs"},    {"nr", "pcs"},  {"unit", "pcs"},  {"st", "pcs"},     {"stk", "pcs"}, {"stck", "pcs"},
    {"stück", "pcs"}, {"u", "pcs"},   {"count", "pcs"}, {"lm", "m"},       {"lfm", "m"},   {"rm", "m"},
    {"ml", "m"},      {"m1", "m"},    {"m²", "m2"},     {"sqm", "m2"},     {"qm", "m2"},   {"sm", "m2"},
    {"m^2", "m2"},    {"m³", "m3"},   {"cbm", "m3"},    {"cum", "m3"},     {"m^3", "m3"},  {"to", "t"},
    {"tonne", "t"},   {"hr", "h"},    {"hrs", "h"},     {"hour", "h"},     {"hours", "h"}, {"std", "h"},
    {"lf", "ft"},     {"sf", "ft2"},  {"sqft", "ft2"},  {"ft²", "ft2"},    {"cf", "ft3"},  {"cuft", "ft3"},
    {"ft³", "ft3"},   {"sy", "yd2"},  {"cy", "yd3"},    {"yd³", "yd3"},    {"lbs", "lb"},
}};

}  // namespace

std::string_view name_of(Dimension dimension) {
  constexpr std::array<std::string_view, dimensions> names{"count", "length", "area", "volume", "mass", "time"};
  return names[static_cast<std::size_t>(dimension)];
}

const Unit* find_unit(std::string_view name) {
  const std::string word = lower(name);
  std::string_view wanted = word;
  while (wanted.ends_with('.')) wanted.remove_suffix(1);
  for (const Alias& each : aliases)
    if (each.alias == wanted) {
      wanted = each.name;
      break;
    }
  for (const Unit& unit : units)
    if (unit.name == wanted) return &unit;
  return nullptr;
}

std::string unit_names() {
  std::string names;
  for (const Unit& unit : units) names += (names.empty() ? "" : ", ") + std::string(unit.name);
  return names;
}

}  // namespace aecos::cost
