#include <algorithm>
#include <cmath>

#include "generate/step_reader_internal.h"
#include "step/token.h"

namespace aecos::generate {
namespace {

using Vector = std::array<double, 3>;

constexpr int depth_max = 100;  // Of placements on placements, and of cuts of cuts.

Vector cross(const Vector& a, const Vector& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Vector unit(Vector v, const Vector& otherwise) {
  const double size = std::sqrt(dot(v, v));
  if (size < 1e-12) return otherwise;
  for (double& each : v) each /= size;
  return v;
}

double prefix(std::string_view name) {
  if (name == ".MILLI.") return 1e-3;
  if (name == ".CENTI.") return 1e-2;
  if (name == ".DECI.") return 1e-1;
  if (name == ".KILO.") return 1e3;
  if (name == ".MICRO.") return 1e-6;
  return 1;
}

void widen(const Vector& point, std::array<double, 2>& x, std::array<double, 2>& y, std::array<double, 2>& z) {
  std::array<double, 2>* ranges[3] = {&x, &y, &z};
  for (std::size_t i = 0; i < 3; ++i) {
    (*ranges[i])[0] = std::min((*ranges[i])[0], point[i]);
    (*ranges[i])[1] = std::max((*ranges[i])[1], point[i]);
  }
}

bool along_an_axis(const Vector& direction) {
  return std::any_of(direction.begin(), direction.end(),
                     [](double each) { return std::abs(std::abs(each) - 1) < 1e-6; });
}

}  // namespace

Result<StepReader> StepReader::open(std::string_view text) {
  StepReader reader;
  AECOS_TRY_ASSIGN(reader.file_, step::read(text));
  if (!reader.file_.schemas.empty()) reader.schema_ = schema::find(reader.file_.schemas.front());
  const schema::Entity* product = reader.schema_ ? reader.schema_->entity("IFCPRODUCT") : nullptr;
  for (const std::string& keyword : reader.file_.keywords) {
    const schema::Entity* entity = product ? reader.schema_->entity(keyword) : nullptr;
    reader.products_.push_back(entity && entity->is_a(*product));
  }
  reader.unit_m_ = reader.read_unit();
  return reader;
}

std::vector<step::Index> StepReader::of(std::string_view keyword) const {
  std::vector<step::Index> found;
  const auto at = std::find(file_.keywords.begin(), file_.keywords.end(), keyword);
  if (at == file_.keywords.end()) return found;
  const auto number = static_cast<std::uint32_t>(at - file_.keywords.begin());
  for (step::Index i = 0; i < file_.size(); ++i)
    if (file_.instances[i].keyword == number) found.push_back(i);
  return found;
}

bool StepReader::is_product(step::Index i) const { return products_[file_.instances[i].keyword]; }

std::string_view StepReader::attribute(step::Index i, std::size_t at) const {
  return i == step::no_instance ? std::string_view() : step::nth(file_.args(i), at).text;
}

std::string StepReader::text(step::Index i, std::size_t at) const {
  const std::string_view raw = attribute(i, at);
  return raw.starts_with('\'') ? step::decode_string(raw) : std::string();
}

std::optional<double> StepReader::number(step::Index i, std::size_t at) const {
  double value = 0;
  if (!step::number_value(attribute(i, at), value)) return std::nullopt;
  return value;
}

step::Index StepReader::target(step::Index i, std::size_t at) const {
  const std::string_view raw = attribute(i, at);
  return raw.starts_with('#') ? file_.find(step::reference_id(raw)) : step::no_instance;
}

std::vector<step::Index> StepReader::targets(step::Index i, std::size_t at) const {
  std::vector<step::Index> found;
  for (const std::string_view each : step::split(attribute(i, at)))
    if (each.starts_with('#'))
      if (const step::Index index = file_.find(step::reference_id(each)); index != step::no_instance)
        found.push_back(index);
  return found;
}

double StepReader::read_unit() const {
  const auto assignments = of("IFCUNITASSIGNMENT");
  if (assignments.empty()) return 1;
  for (const step::Index i : targets(assignments.front(), 0)) {
    if (attribute(i, 1) != ".LENGTHUNIT.") continue;
    if (file_.keyword(i) == "IFCSIUNIT") return prefix(attribute(i, 2));
    const step::Index factor = target(i, 3);
    std::string_view value = attribute(factor, 0);
    const std::size_t open = value.find('(');
    if (open != std::string_view::npos) value = value.substr(open + 1, value.size() - open - 2);
    double number = 0;
    if (step::number_value(value, number)) return number * prefix(attribute(target(factor, 1), 2));
  }
  return 1;
}

Vector StepReader::vector(step::Index i, double scale) const {
  Vector result{};
  const auto parts = step::split(attribute(i, 0));
  for (std::size_t k = 0; k < parts.size() && k < 3; ++k)
    if (double value = 0; step::number_value(parts[k], value)) result[k] = value * scale;
  return result;
}

// Of an IfcAxis2Placement3D or 2D.
Frame StepReader::axes(step::Index i) const {
  Frame frame;
  if (i == step::no_instance) return frame;
  frame.origin = vector(target(i, 0), unit_m_);
  const bool flat = file_.keyword(i) == "IFCAXIS2PLACEMENT2D";
  const step::Index axis = flat ? step::no_instance : target(i, 1), reference = target(i, flat ? 1 : 2);
  if (axis != step::no_instance) frame.z = unit(vector(axis, 1), {0, 0, 1});
  Vector x = reference != step::no_instance ? vector(reference, 1) : Vector{1, 0, 0};
  const double along = dot(x, frame.z);
  for (std::size_t k = 0; k < 3; ++k) x[k] -= along * frame.z[k];
  frame.x = unit(x, std::abs(frame.z[0]) < 0.9 ? Vector{1, 0, 0} : Vector{0, 1, 0});
  frame.y = cross(frame.z, frame.x);
  return frame;
}

Frame StepReader::frame(step::Index placement, int depth) const {
  if (placement == step::no_instance || depth > depth_max) return {};
  return frame(target(placement, 0), depth + 1).of(axes(target(placement, 1)));
}

// The one item of its body; what it was cut from, where it was cut.
step::Index StepReader::body_item(step::Index product) const {
  for (const step::Index representation : targets(target(product, 6), 2)) {
    if (text(representation, 1) != "Body") continue;
    const auto items = targets(representation, 3);
    if (items.size() != 1) return step::no_instance;
    step::Index item = items.front();
    for (int depth = 0; depth < depth_max; ++depth) {
      if (item == step::no_instance || file_.keyword(item).find("BOOLEAN") == std::string::npos) return item;
      item = target(item, 1);
    }
  }
  return step::no_instance;
}

std::vector<Vector> StepReader::curve_points(step::Index curve) const {
  std::vector<Vector> points;
  if (curve == step::no_instance) return points;
  if (file_.keyword(curve) == "IFCPOLYLINE")
    for (const step::Index point : targets(curve, 0)) points.push_back(vector(point, unit_m_));
  if (file_.keyword(curve) != "IFCINDEXEDPOLYCURVE") return points;
  for (const std::string_view each : step::split(attribute(target(curve, 0), 0))) {
    Vector point{};
    const auto parts = step::split(each);
    for (std::size_t k = 0; k < parts.size() && k < 3; ++k)
      if (double value = 0; step::number_value(parts[k], value)) point[k] = value * unit_m_;
    points.push_back(point);
  }
  return points;
}

std::vector<Vector> StepReader::profile_points(step::Index profile) const {
  if (profile == step::no_instance) return {};
  if (file_.keyword(profile) == "IFCARBITRARYCLOSEDPROFILEDEF") return curve_points(target(profile, 2));
  if (file_.keyword(profile) != "IFCRECTANGLEPROFILEDEF") return {};
  const double x = number(profile, 3).value_or(0) * unit_m_ / 2, y = number(profile, 4).value_or(0) * unit_m_ / 2;
  const Frame position = axes(target(profile, 2));
  return {position.out({-x, -y, 0}), position.out({x, -y, 0}), position.out({x, y, 0}), position.out({-x, y, 0})};
}

bool StepReader::body_box(step::Index product, std::array<double, 2>& x, std::array<double, 2>& y,
                          std::array<double, 2>& z) const {
  const step::Index solid = body_item(product);
  if (solid == step::no_instance || file_.keyword(solid) != "IFCEXTRUDEDAREASOLID") return false;
  const std::vector<Vector> points = profile_points(target(solid, 0));
  if (points.size() < 3) return false;
  const Frame position = axes(target(solid, 1));
  const Vector along = unit(vector(target(solid, 2), 1), {0, 0, 1});
  const double depth = number(solid, 3).value_or(0) * unit_m_;
  Frame turned = position;
  turned.origin = {0, 0, 0};
  if (!along_an_axis(turned.out(along)) || !along_an_axis(position.x) || depth <= 0) return false;
  constexpr double far = 1e300;
  x = y = z = {far, -far};
  for (const Vector& point : points) {
    widen(position.out(point), x, y, z);
    widen(position.out({point[0] + along[0] * depth, point[1] + along[1] * depth, point[2] + along[2] * depth}), x, y,
          z);
  }
  return true;
}

}  // namespace aecos::generate
