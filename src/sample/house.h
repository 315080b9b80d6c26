#pragma once
// A small IFC4 house, made by program, for tests and demonstrations.
//
// Every storey has walls, doors, windows, a slab and three rooms; on top is a gable roof. Everything a real export
// has is there: units and contexts, owner history, types, openings, material layers with usage, property sets, base
// quantities, classification, layers, styles, connections of walls, a zone. Lengths are in millimetres.
//
// Elements are known by their names, and sample::house_id(name) is their GlobalId:
//   storey k (from 0)  "Storey k"
//   walls              "W-01" … six on each storey; 1 to 4 are external (south, east, north, west)
//   doors, windows     "D-01" … three on each storey, "F-01" … six on each storey
//   slabs, rooms       "S-01" … one on each storey, "R-01" … three on each storey
//   the rest           "Project", "Site", "Building", "Roof", "Roof south", "Roof north"
// External walls have a Pset_WallCommon each; the two internal walls of a storey share one, and so do its windows.

#include <string>
#include <string_view>

namespace aecos::sample {

struct HouseOptions {
  int storeys = 2;  // At least 1; about 50 kB each.
};

// The text of the file; the same for the same options. Valid by all rules of the schema.
std::string house(const HouseOptions& options = {});

std::string house_id(std::string_view name);

}  // namespace aecos::sample
