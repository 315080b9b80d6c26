#pragma once
// What a model says of an element, as Speckle's receivers look for it.

#include <string>

#include "ifc/model.h"
#include "text/json_writer.h"

namespace aecos::speckle {

// What elements are related to, by element; worked out once for a model.
struct Relations {
  std::vector<ifc::Index> type;                    // By instance; no_instance: none.
  std::vector<ifc::Index> material;                // What the element is associated with.
  std::vector<ifc::Index> container;               // The storey or other space that it stands in.
  std::vector<ifc::Index> parent;                  // What it is a part of.
  std::vector<std::vector<ifc::Index>> parts;      // The parts, in the order of the file.
  std::vector<std::vector<ifc::Index>> contained;  // What stands in it.
};
Relations relations_of(const ifc::Model& model);

// {"Attributes": …, "Property Sets": …, "Quantities": …, "Element Type Attributes": …, "Element Type Property Sets": …,
// "IFC Material": …, "Building Storey": …}; what there is nothing of is left out.
void write_properties(text::JsonWriter& json, const ifc::Model& model, const Relations& relations, ifc::Index element,
                      const std::string& storey);

}  // namespace aecos::speckle
