#pragma once
// What changed between two versions of a file, in the words of a building.

#include <optional>
#include <string>
#include <string_view>

namespace aecos::diff {

// What a person points at: a building element by its GlobalId, with its class and name as last known.
// In files that are not IFC, or for what concerns the file as a whole, global_id is empty.
struct ElementRef {
  std::string global_id;
  std::string ifc_class;  // As IFC spells it: "IfcWall".
  std::string name;
  bool operator==(const ElementRef&) const = default;
};

// A value as JSON text, ready for a record: "\"REI 60\"", "12.5", "{\"location\":[0,0,0]}". Absent: it is not there.
using Value = std::optional<std::string>;

enum class ChangeKind {
  added,         // element
  removed,       // element
  redrawn,       // element deleted and drawn again: same class, placement, type and shape, new GlobalId
  moved,         // placement
  reshaped,      // representation
  restyled,      // colours and layers of a representation
  renamed,       // Name
  retyped,       // type object
  reclassified,  // IFC class, or classification reference
  property,      // one property of a property set
  quantity,      // one quantity of a quantity set
  material,
  container,  // spatial container or aggregate
  group,      // group, system or zone
  attribute,  // any other attribute
  relation,   // any other relationship: openings, fillings, connections, ports ...
  resource,   // something shared: unit, context, material definition, style, layer ...
  text,       // a place in a JSON, Markdown or other text file
};

// "both_changed" -> as written in JSON: lower-case words with hyphens where the kind has several.
std::string_view to_string(ChangeKind kind);

struct Change {
  ChangeKind kind;
  ElementRef element;
  // Where: "Name", "Placement", "Pset_WallCommon.FireRating", "BaseQuantities.Length"; for redrawn: the old GlobalId;
  // in JSON a pointer (RFC 6901), in Markdown the heading path, in text a line range.
  std::string at;
  Value before;
  Value after;
  std::string storey = {};  // What the element stands in, by name: "Level 1". Of IFC files; empty: not known.
};

}  // namespace aecos::diff
