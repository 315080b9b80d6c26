#include "ifc/units.h"

#include <cmath>
#include <unordered_map>

#include "step/token.h"

namespace aecos::ifc {
namespace {

constexpr int deepest_unit = 8;  // Units of units; deeper ones are broken files.
constexpr UnitScale unreadable{1, 0, false};

struct Named {
  std::string_view name;
  double value;
};

double lookup(std::string_view name, std::initializer_list<Named> table, double otherwise) {
  for (const Named& one : table)
    if (one.name == name) return one.value;
  return otherwise;
}

double prefix_factor(std::string_view prefix) {
  return lookup(prefix,
                {{".EXA.", 1e18},
                 {".PETA.", 1e15},
                 {".TERA.", 1e12},
                 {".GIGA.", 1e9},
                 {".MEGA.", 1e6},
                 {".KILO.", 1e3},
                 {".HECTO.", 1e2},
                 {".DECA.", 1e1},
                 {".DECI.", 1e-1},
                 {".CENTI.", 1e-2},
                 {".MILLI.", 1e-3},
                 {".MICRO.", 1e-6},
                 {".NANO.", 1e-9},
                 {".PICO.", 1e-12},
                 {".FEMTO.", 1e-15},
                 {".ATTO.", 1e-18}},
                1);
}

// A prefix belongs to the metre: a square millimetre is a millionth of a square metre.
UnitScale si_scale(std::string_view prefix, std::string_view name) {
  const double power = lookup(name, {{".SQUARE_METRE.", 2}, {".CUBIC_METRE.", 3}}, 1);
  UnitScale scale{std::pow(prefix_factor(prefix), power), 0, name != "$"};
  if (name == ".GRAM.") scale.factor *= 1e-3;
  if (name == ".DEGREE_CELSIUS.") scale.offset = 273.15;
  return scale;
}

int at(const Model& model, Index i, std::string_view attribute) {
  const schema::Entity* const entity = model.traits(i).entity;
  return entity == nullptr ? -1 : schema::attribute_index(*entity, attribute);
}

std::string_view text_of(const Model& model, Index i, std::string_view attribute) {
  const int position = at(model, i, attribute);
  return position < 0 ? "$" : model.attribute(i, static_cast<std::size_t>(position));
}

double number_of(const Model& model, Index i, std::string_view attribute, double otherwise) {
  std::string_view text = text_of(model, i, attribute);
  if (const std::size_t open = text.find('('); open != std::string_view::npos)
    text = text.substr(open + 1, text.rfind(')') - open - 1);
  double number = 0;
  return step::number_value(text, number) ? number : otherwise;
}

UnitScale scale_of(const Model& model, Index unit, int depth);

UnitScale converted(const Model& model, Index unit, int depth) {
  UnitScale scale;
  const Index factor = model.reference(text_of(model, unit, "ConversionFactor"));
  if (factor == no_instance) return unreadable;
  const Index base = model.reference(text_of(model, factor, "UnitComponent"));
  const UnitScale below = base == no_instance ? unreadable : scale_of(model, base, depth + 1);
  const double value = number_of(model, factor, "ValueComponent", 0);
  if (!(value > 0) || !below.is_known) return unreadable;
  scale.factor = value * below.factor;
  // Degrees Fahrenheit: what is added, in the base unit, once the factor was applied.
  if (at(model, unit, "ConversionOffset") >= 0)
    scale.offset = number_of(model, unit, "ConversionOffset", 0) * below.factor;
  scale.offset += below.offset;
  return scale;
}

UnitScale derived(const Model& model, Index unit, int depth) {
  UnitScale scale;
  const int position = at(model, unit, "Elements");
  if (position < 0) return unreadable;
  for (const Index element : model.refs_in(unit, static_cast<std::size_t>(position))) {
    const Index part = element == no_instance ? no_instance : model.reference(text_of(model, element, "Unit"));
    const UnitScale one = part == no_instance ? unreadable : scale_of(model, part, depth + 1);
    if (!one.is_known) return unreadable;
    scale.factor *= std::pow(one.factor, number_of(model, element, "Exponent", 1));
  }
  return scale;
}

UnitScale scale_of(const Model& model, Index unit, int depth) {
  const std::string& keyword = model.file.keyword(unit);
  if (depth > deepest_unit) return unreadable;
  if (keyword == "IFCSIUNIT") return si_scale(text_of(model, unit, "Prefix"), text_of(model, unit, "Name"));
  if (keyword.starts_with("IFCCONVERSIONBASEDUNIT")) return converted(model, unit, depth);
  return keyword == "IFCDERIVEDUNIT" ? derived(model, unit, depth) : unreadable;
}

std::string kind_of(const Model& model, Index unit) {
  std::string_view kind = text_of(model, unit, "UnitType");
  return kind.size() > 2 && kind.front() == '.' ? std::string(kind.substr(1, kind.size() - 2)) : "";
}

}  // namespace

UnitScale scale_of(const Model& model, Index unit) { return scale_of(model, unit, 0); }

std::string unit_name(const Model& model, Index unit) {
  const int position = at(model, unit, "Name");
  std::string name = position < 0 ? "" : model.text_attribute(unit, static_cast<std::size_t>(position));
  if (name.empty() && position >= 0) name = model.attribute(unit, static_cast<std::size_t>(position));
  std::erase(name, '.');
  return name.empty() || name == "$" ? model.file.keyword(unit) : name;
}

ProjectUnits::ProjectUnits(const Model& model) {
  if (model.schema == nullptr) return;
  std::unordered_map<std::string, UnitScale> by_kind;
  for (Index i = 0; i < model.size(); ++i) {
    if (model.file.keyword(i) != "IFCUNITASSIGNMENT") continue;
    for (const Index unit : model.refs_in(i, 0))
      if (unit != no_instance) by_kind.emplace(kind_of(model, unit), scale_of(model, unit));
  }
  by_type_.resize(model.schema->types().size());
  for (const schema::Type& type : model.schema->types())
    if (const auto found = by_kind.find(unit_kind_of(type.keyword)); found != by_kind.end())
      by_type_[type.index] = found->second;
}

std::string unit_kind_of(std::string_view measure) {
  constexpr std::string_view begin = "IFC", end = "MEASURE";
  if (!measure.starts_with(begin) || !measure.ends_with(end) || measure.size() < begin.size() + end.size()) return {};
  std::string_view name = measure.substr(begin.size(), measure.size() - begin.size() - end.size());
  for (const std::string_view kind : {"POSITIVE", "NONNEGATIVE"})
    if (name.starts_with(kind)) name.remove_prefix(kind.size());
  if (name == "THERMALCONDUCTIVITY") name = "THERMALCONDUCTANCE";
  return name.empty() ? "" : std::string(name) + "UNIT";
}

}  // namespace aecos::ifc
