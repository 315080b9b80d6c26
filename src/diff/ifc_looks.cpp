#include "diff/ifc_looks.h"

#include <algorithm>

#include "diff/ifc_shape_internal.h"

namespace aecos::diff {

bool only_looks_differ(const ifc::Model& base, const ifc::Model& side, const ObjectChange& change) {
  const ifc::ClassTraits& traits = base.traits(change.base);
  if (change.reclassified || change.attributes.empty() || traits.entity == nullptr) return false;
  const int shape = schema::attribute_index(*traits.entity, "Representation");
  const int maps = schema::attribute_index(*traits.entity, "RepresentationMaps");
  return std::all_of(change.attributes.begin(), change.attributes.end(), [&](std::uint16_t k) {
    return (k == shape || k == maps) &&
           ShapeValues(base).attribute(change.base, k) == ShapeValues(side).attribute(change.side, k);
  });
}

}  // namespace aecos::diff
