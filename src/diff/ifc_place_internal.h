#pragma once
// Where things stand, in metres.

#include <optional>

#include "ifc/model.h"

namespace aecos::diff {

// Metres per length unit of the model; 1 where it does not say.
double length_unit_m(const ifc::Model& model);

struct PlaceOf {
  const ifc::Model& model;
  ifc::Index placement;
  double unit_m;  // Of the model; finding it takes a look at every instance.
};

// How far it is from one placement to another of the same thing: between their locations where both are relative to the
// same thing, else between their positions in the world. Absent where one of them is not a local placement.
std::optional<double> distance_m(const PlaceOf& before, const PlaceOf& after);

}  // namespace aecos::diff
