#pragma once
// A model as Speckle has it: collections for what is in the spatial structure, data objects for elements, meshes for
// their shapes.

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ifc/model.h"
#include "speckle/object.h"

namespace aecos::speckle {

// A piece of the whole that can be shown by itself: the elements of one storey, say. Each element is in one of them.
struct Part {
  std::string key;   // The same for each version of it: its file, and the GlobalId of what the elements stand in.
  std::string name;  // "Level 1"
  Reference object;
  std::size_t elements = 0;
};

struct Building {
  Reference object;  // A collection.
  std::vector<Part> parts;
  std::size_t elements = 0;  // Data objects.
};

// The meshes of an element; empty: it has no shape, or none that could be converted.
using Shapes = std::function<std::vector<Reference>(ifc::Index element)>;

// `name`: the file's; objects go to `sink`. Elements with a GlobalId in `left_out` are shown by another file; their
// parts are not.
using GlobalIds = std::set<std::string, std::less<>>;
Building write_building(const ifc::Model& model, const std::string& name, const Shapes& shapes, const Sink& sink,
                        const GlobalIds& left_out = {});
// The GlobalIds of the elements that write_building() would show.
GlobalIds elements_of(const ifc::Model& model);

// What several files say, one above the other.
Reference write_collection(const std::string& name, const std::string& application_id,
                           std::span<const Reference> children, const Sink& sink);
// The whole of a project.
Reference write_root(const std::string& name, std::span<const Reference> children, const Sink& sink);

}  // namespace aecos::speckle
