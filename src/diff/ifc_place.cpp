#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "diff/ifc_place_internal.h"
#include "step/token.h"

namespace aecos::diff {
namespace {

using ifc::Index;
using ifc::Model;
using ifc::no_instance;
using Vector = std::array<double, 3>;

constexpr int chain_max = 100;  // Placements above one; real buildings have about five. Also ends cycles.

Vector cross(const Vector& a, const Vector& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

double length(const Vector& v) { return std::hypot(v[0], v[1], v[2]); }

Vector unit(const Vector& v, const Vector& otherwise) {
  const double size = length(v);
  if (!(size > 0) || !std::isfinite(size)) return otherwise;
  return {v[0] / size, v[1] / size, v[2] / size};
}

// The numbers of an IfcCartesianPoint or IfcDirection.
std::optional<Vector> vector_of(const Model& model, Index i) {
  if (i == no_instance) return std::nullopt;
  const auto attributes = model.attributes(i);
  if (attributes.empty()) return std::nullopt;
  const auto parts = step::split(attributes[0]);
  Vector v = {0, 0, 0};
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  for (std::size_t k = 0; k < parts.size(); ++k)
    if (!step::number_value(parts[k], v[k])) return std::nullopt;
  return v;
}

struct Local {
  Index parent = no_instance;
  Vector location = {0, 0, 0};
  Vector x = {1, 0, 0};
  Vector y = {0, 1, 0};
  Vector z = {0, 0, 1};

  Vector outwards(const Vector& p) const {
    Vector out = location;
    for (std::size_t k = 0; k < 3; ++k) out[k] += x[k] * p[0] + y[k] * p[1] + z[k] * p[2];
    return out;
  }
};

std::optional<Local> local_of(const Model& model, Index placement) {
  if (placement == no_instance || model.file.keyword(placement) != "IFCLOCALPLACEMENT") return std::nullopt;
  const auto attributes = model.attributes(placement);
  const Index axes = attributes.size() > 1 ? model.reference(attributes[1]) : no_instance;
  if (axes == no_instance) return std::nullopt;
  const bool flat = model.file.keyword(axes) == "IFCAXIS2PLACEMENT2D";
  if (!flat && model.file.keyword(axes) != "IFCAXIS2PLACEMENT3D") return std::nullopt;
  const auto parts = model.attributes(axes);
  const auto part = [&](std::size_t k) {
    return k < parts.size() ? vector_of(model, model.reference(parts[k])) : std::nullopt;
  };
  const auto location = part(0);
  if (!location) return std::nullopt;
  Local local;
  local.parent = model.reference(attributes[0]);
  local.location = *location;
  local.z = flat ? Vector{0, 0, 1} : unit(part(1).value_or(Vector{0, 0, 1}), {0, 0, 1});
  const Vector towards = part(flat ? 1 : 2).value_or(Vector{1, 0, 0});
  local.y = unit(cross(local.z, towards), unit(cross(local.z, {1, 0, 0}), {0, 1, 0}));
  local.x = cross(local.y, local.z);
  return local;
}

std::optional<Vector> world_location(const Model& model, Index placement) {
  Vector at = {0, 0, 0};
  for (int depth = 0; placement != no_instance; ++depth) {
    const auto local = local_of(model, placement);
    if (!local || depth == chain_max) return std::nullopt;
    at = local->outwards(at);
    placement = local->parent;
  }
  return at;
}

double prefix_factor(std::string_view prefix) {
  constexpr std::pair<std::string_view, double> prefixes[] = {{".KILO.", 1e3},  {".HECTO.", 1e2},  {".DECA.", 1e1},
                                                              {".DECI.", 1e-1}, {".CENTI.", 1e-2}, {".MILLI.", 1e-3},
                                                              {".MICRO.", 1e-6}};
  for (const auto& [name, factor] : prefixes)
    if (prefix == name) return factor;
  return 1;
}

// Metres of a unit instance; absent: it is none of length.
std::optional<double> unit_m(const Model& model, Index i, int depth) {
  const auto attributes = model.attributes(i);
  if (attributes.size() < 3 || depth > 4 || attributes[1] != ".LENGTHUNIT.") return std::nullopt;
  if (model.file.keyword(i) == "IFCSIUNIT") return prefix_factor(attributes[2]);
  if (!model.file.keyword(i).starts_with("IFCCONVERSIONBASEDUNIT") || attributes.size() < 4) return std::nullopt;
  const Index measure = model.reference(attributes[3]);
  const auto parts = measure == no_instance ? std::vector<std::string_view>() : model.attributes(measure);
  if (parts.size() < 2) return std::nullopt;
  const std::size_t open = parts[0].find('(');  // IFCLENGTHMEASURE(0.3048), or a bare number.
  std::string_view number = open == std::string_view::npos ? parts[0] : parts[0].substr(open + 1);
  if (number.ends_with(')')) number.remove_suffix(1);
  double factor = 0;
  const Index other = model.reference(parts[1]);
  if (!step::number_value(number, factor) || other == no_instance) return std::nullopt;
  const auto rest = unit_m(model, other, depth + 1);
  return rest ? std::optional(factor * *rest) : std::nullopt;
}

bool same_parent(const Model& base, Index before, const Model& side, Index after) {
  if (before == no_instance || after == no_instance) return before == after;
  if (base.is_placed(before) && side.is_placed(after)) return base.product_on(before) == side.product_on(after);
  return !base.is_placed(before) && !side.is_placed(after) && base.value[before] == side.value[after];
}

}  // namespace

double length_unit_m(const Model& model) {
  const auto& keywords = model.file.keywords;
  const auto keyword = std::find(keywords.begin(), keywords.end(), "IFCUNITASSIGNMENT") - keywords.begin();
  for (Index i = 0; i < model.size(); ++i) {
    if (model.file.instances[i].keyword != static_cast<std::uint32_t>(keyword)) continue;
    for (const Index unit_at : model.references(model.file.args(i)))
      if (const auto found = unit_m(model, unit_at, 0)) return *found;
  }
  return 1;
}

std::optional<double> distance_m(const PlaceOf& before, const PlaceOf& after) {
  const Model& base = before.model;
  const Model& side = after.model;
  const auto old_local = local_of(base, before.placement);
  const auto new_local = local_of(side, after.placement);
  if (!old_local || !new_local) return std::nullopt;
  const bool same = same_parent(base, old_local->parent, side, new_local->parent);
  const auto from = same ? std::optional(old_local->location) : world_location(base, before.placement);
  const auto to = same ? std::optional(new_local->location) : world_location(side, after.placement);
  if (!from || !to) return std::nullopt;
  return length({(*to)[0] * after.unit_m - (*from)[0] * before.unit_m,
                 (*to)[1] * after.unit_m - (*from)[1] * before.unit_m,
                 (*to)[2] * after.unit_m - (*from)[2] * before.unit_m});
}

}  // namespace aecos::diff
