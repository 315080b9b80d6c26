#pragma once
// Where elements of a model are.

#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::generate {

// Upright, in the world's coordinates, in metres. Of an element with a body that is no simple extrusion, a metre around
// its placement.
struct ElementBox {
  std::array<double, 3> low{0, 0, 0}, high{0, 0, 0};
};

struct ElementBoxes {
  std::string project_id;                   // GlobalId; empty: the file has no project.
  std::map<std::string, ElementBox> boxes;  // By GlobalId; what stands nowhere is left out.
};

// invalid_input: the text is no IFC file.
Result<ElementBoxes> find_boxes(std::string_view text, const std::set<std::string>& global_ids);

}  // namespace aecos::generate
