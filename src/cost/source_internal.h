#pragma once
// Attributes of a model's instances as geometry wants them: numbers in metres and radians.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cost/convex_internal.h"
#include "ifc/model.h"
#include "ifc/units.h"

namespace aecos::cost {

using ifc::Index;
using ifc::no_instance;

// Whether a class is that one or below it, in whichever schema.
bool is_a(const schema::Entity& entity, std::string_view upper_keyword);

struct Source {
  explicit Source(const ifc::Model& given);

  const ifc::Model& model;
  ifc::ProjectUnits units;
  double length_m = 1;  // Of one of the file's units.
  bool knows_lengths = true;
  double angle = 1;  // Radians of one.
  // Work on shapes that is left for this model, in steps of a few nanoseconds: one that is made to take long ends here.
  mutable std::uint64_t work_left = 500'000'000;
  // False: there is none left.
  bool spend(std::uint64_t work) const {
    work_left -= std::min(work, work_left);
    return work_left > 0;
  }

  const std::string& keyword(Index i) const { return model.file.keyword(i); }
  bool is(Index i, std::string_view upper_keyword) const { return keyword(i) == upper_keyword; }
  // Whether its class is that one or below it.
  bool is_a(Index i, std::string_view upper_keyword) const;

  // Absent: there is none, or it is no finite number.
  std::optional<double> number(Index i, std::size_t attribute) const;
  // In metres; absent also where it is not above zero, or the file's unit cannot be read.
  std::optional<double> positive_m(Index i, std::size_t attribute) const;
  Index reference(Index i, std::size_t attribute) const { return model.reference(model.attribute(i, attribute)); }

  // Coordinates of a point, in metres; of a direction, as they stand (`scale` 1). Missing ones are 0.
  std::optional<Vec> coordinates(Index i, double scale) const;
  std::optional<Vec> point(Index i) const { return coordinates(i, length_m); }

  // Of IfcAxis2Placement3D; no_instance: the origin. Absent: it is no sound one.
  std::optional<Affine> placement3(Index i) const;
  std::optional<Affine> placement2(Index i) const;  // IfcAxis2Placement2D, in the plane.
  // IfcCartesianTransformationOperator2D and 3D, uniform or not.
  std::optional<Affine> transformation(Index i) const;
  // IfcObjectPlacement, in the world.
  std::optional<Affine> object_placement(Index i) const;

 private:
  std::optional<Affine> axes(Index origin, std::optional<Vec> along, std::optional<Vec> reference) const;
};

std::optional<Vec> unit_vector(const Vec& v);  // Absent: it has no direction.

}  // namespace aecos::cost
