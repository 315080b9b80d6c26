#include "diff/change.h"

namespace aecos::diff {

std::string_view to_string(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::added:
      return "added";
    case ChangeKind::removed:
      return "removed";
    case ChangeKind::redrawn:
      return "redrawn";
    case ChangeKind::moved:
      return "moved";
    case ChangeKind::reshaped:
      return "reshaped";
    case ChangeKind::restyled:
      return "restyled";
    case ChangeKind::renamed:
      return "renamed";
    case ChangeKind::retyped:
      return "retyped";
    case ChangeKind::reclassified:
      return "reclassified";
    case ChangeKind::property:
      return "property";
    case ChangeKind::quantity:
      return "quantity";
    case ChangeKind::material:
      return "material";
    case ChangeKind::container:
      return "container";
    case ChangeKind::group:
      return "group";
    case ChangeKind::attribute:
      return "attribute";
    case ChangeKind::relation:
      return "relation";
    case ChangeKind::resource:
      return "resource";
    case ChangeKind::text:
      return "text";
  }
  return "";
}

}  // namespace aecos::diff
