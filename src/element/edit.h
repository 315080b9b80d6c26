#pragma once
// Edits of one element's folder that need to know its surroundings.

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "element/editor.h"
#include "element/folder.h"

namespace aecos::element {

struct NamedId {
  std::string global_id, name;
};

// The storeys of a frame (or model), in its order.
Result<std::vector<NamedId>> storeys(std::string_view frame);

// element.ifc after an edit that was made where the whole frame is known: all of its storeys, types, materials. Ids are
// kept as far as possible, spelling need not be.
Result<std::string> edited(std::string_view frame, const ElementFolder& folder, const std::string& global_id,
                           const std::function<Result<>(Editor&)>& edit);
// The same where nothing is known but the element's own file: no other storeys, types, materials.
Result<std::string> edited(std::string_view element_ifc, const std::string& global_id,
                           const std::function<Result<>(Editor&)>& edit);

struct NewElement {
  std::string ifc_class;  // "IfcWall", in any case.
  std::string name;
  std::string storey;  // GlobalId.
};

// element.ifc of a new element without a shape, at the origin of its storey, and its GlobalId. `who` decides the ids.
// invalid_input: the schema has no such class of elements.
Result<std::pair<std::string, std::string>> added(std::string_view frame, std::string_view who,
                                                  const NewElement& element);

}  // namespace aecos::element
