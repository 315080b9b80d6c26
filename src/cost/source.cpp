#include <cmath>

#include "cost/source_internal.h"
#include "step/token.h"

namespace aecos::cost {
namespace {

constexpr int placements_max = 100;  // Of one in another; more is a ring.

ifc::UnitScale scale_of_kind(const ifc::Model& model, const ifc::ProjectUnits& units, std::string_view measure) {
  return model.schema == nullptr ? ifc::UnitScale{} : units.of(model.schema->type(measure));
}

}  // namespace

std::optional<Vec> unit_vector(const Vec& v) {
  const double size = length(v);
  if (!(size > 1e-12) || !std::isfinite(size)) return std::nullopt;
  return v * (1 / size);
}

Source::Source(const ifc::Model& given)
    : model(given),
      units(given),
      length_m(scale_of_kind(given, units, "IFCLENGTHMEASURE").factor),
      knows_lengths(scale_of_kind(given, units, "IFCLENGTHMEASURE").is_known),
      angle(scale_of_kind(given, units, "IFCPLANEANGLEMEASURE").factor) {}

bool is_a(const schema::Entity& entity, std::string_view upper_keyword) {
  for (const schema::Entity* at = &entity; at != nullptr; at = at->supertype)
    if (at->keyword == upper_keyword) return true;
  return false;
}

bool Source::is_a(Index i, std::string_view upper_keyword) const {
  const schema::Entity* const entity = model.traits(i).entity;
  return entity != nullptr && cost::is_a(*entity, upper_keyword);
}

std::optional<double> Source::number(Index i, std::size_t attribute) const {
  double value = 0;
  if (!step::number_value(model.attribute(i, attribute), value) || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<double> Source::positive_m(Index i, std::size_t attribute) const {
  const auto value = number(i, attribute);
  if (!value || !(*value > 0) || !knows_lengths) return std::nullopt;
  return *value * length_m;
}

std::optional<Vec> Source::coordinates(Index i, double scale) const {
  if (i == no_instance || (!is(i, "IFCCARTESIANPOINT") && !is(i, "IFCDIRECTION"))) return std::nullopt;
  const auto parts = step::split(model.attribute(i, 0));
  double out[3] = {0, 0, 0};
  if (parts.empty() || parts.size() > 3) return std::nullopt;
  for (std::size_t k = 0; k < parts.size(); ++k)
    if (!step::number_value(parts[k], out[k]) || !std::isfinite(out[k])) return std::nullopt;
  return Vec{out[0] * scale, out[1] * scale, out[2] * scale};
}

std::optional<Affine> Source::axes(Index origin, std::optional<Vec> along, std::optional<Vec> reference) const {
  const auto at = point(origin);
  const auto z = unit_vector(along.value_or(Vec{0, 0, 1}));
  if (!at || !z) return std::nullopt;
  Vec ahead = reference.value_or(Vec{1, 0, 0});
  if (!reference && length(cross(ahead, *z)) < 1e-6) ahead = {0, 1, 0};
  const auto x = unit_vector(ahead - *z * dot(ahead, *z));
  if (!x) return std::nullopt;
  return Affine{*x, cross(*z, *x), *z, *at};
}

std::optional<Affine> Source::placement3(Index i) const {
  if (i == no_instance) return Affine{};
  if (!is(i, "IFCAXIS2PLACEMENT3D")) return std::nullopt;
  return axes(reference(i, 0), coordinates(reference(i, 1), 1), coordinates(reference(i, 2), 1));
}

std::optional<Affine> Source::placement2(Index i) const {
  if (i == no_instance) return Affine{};
  if (!is(i, "IFCAXIS2PLACEMENT2D")) return std::nullopt;
  return axes(reference(i, 0), std::nullopt, coordinates(reference(i, 1), 1));
}

std::optional<Affine> Source::transformation(Index i) const {
  if (i == no_instance) return std::nullopt;
  const bool flat = is_a(i, "IFCCARTESIANTRANSFORMATIONOPERATOR2D");
  if (!flat && !is_a(i, "IFCCARTESIANTRANSFORMATIONOPERATOR3D")) return std::nullopt;
  const auto origin = point(reference(i, 2));
  if (!origin) return std::nullopt;
  const auto along = flat ? std::optional<Vec>() : coordinates(reference(i, 4), 1);
  const auto z = unit_vector(along.value_or(Vec{0, 0, 1}));
  const Vec ahead = coordinates(reference(i, 0), 1).value_or(Vec{1, 0, 0});
  const auto x = z ? unit_vector(ahead - *z * dot(ahead, *z)) : std::nullopt;
  if (!x) return std::nullopt;
  Vec y = cross(*z, *x);
  if (const auto given = coordinates(reference(i, 1), 1); given && dot(*given, y) < 0) y = y * -1;  // Mirrored.
  const double scale = number(i, 3).value_or(1);
  const double scale_y = (flat ? number(i, 4) : number(i, 5)).value_or(scale);
  const double scale_z = flat ? 1 : number(i, 6).value_or(scale);
  return Affine{*x * scale, y * scale_y, *z * scale_z, *origin};
}

std::optional<Affine> Source::object_placement(Index i) const {
  Affine all;
  for (int depth = 0; i != no_instance; ++depth) {
    if (depth > placements_max || !is(i, "IFCLOCALPLACEMENT")) return std::nullopt;
    const auto own = placement3(reference(i, 1));
    if (!own) return std::nullopt;
    all = *own * all;
    i = reference(i, 0);
  }
  return all;
}

}  // namespace aecos::cost
