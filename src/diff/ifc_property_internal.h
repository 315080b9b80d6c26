#pragma once
// What two versions of one property set say differently.

#include <string>
#include <vector>

#include "diff/change.h"
#include "ifc/model.h"

namespace aecos::diff {

struct PropertyDifference {
  ChangeKind kind;  // property or quantity.
  std::string at;   // "Pset_WallCommon.FireRating"; for what is said of the set as a whole, its name.
  Value before;
  Value after;
};

// Either set may be no_instance: then all of the other one came or went. Never empty where the values of the sets
// differ. Linear.
std::vector<PropertyDifference> compare_sets(const ifc::Model& base, ifc::Index before, const ifc::Model& side,
                                             ifc::Index after);

// Whether only the name differs.
bool renamed_set(const ifc::Model& base, ifc::Index before, const ifc::Model& side, ifc::Index after);

// Name, else class.
std::string set_name(const ifc::Model& model, ifc::Index set);

}  // namespace aecos::diff
