#pragma once
// One building element as a folder of a project: elements/SLUG/{element.ifc, metadata.json, spec.md}. docs/FORMATS.md
// says what stands in each.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::element {

// The bytes of the three files; an empty one is no file.
struct ElementFolder {
  std::string slug;
  std::string element_ifc;
  std::string metadata_json;
  std::string spec_md;
};

inline constexpr std::string_view folders_path = "elements";
inline constexpr std::string_view ifc_file = "element.ifc", metadata_file = "metadata.json", spec_file = "spec.md";

// "W-12", "IfcWall", "3cUkl32yn9qRSPvBJVyWYp" -> "wall-w12-3cUkl32y". ASCII letters, digits, '-' and '_' only, at most
// 64 of them, no name that Windows keeps for itself. Two elements may get the same one, also in another case.
std::string slug_of(std::string_view name, std::string_view ifc_class, std::string_view global_id);

// As slug_of, but different for every GlobalId, also where case does not count.
std::string long_slug_of(std::string_view name, std::string_view ifc_class, std::string_view global_id);

// One property or quantity, as it stands in metadata.json: `value` is JSON text.
struct Statement {
  std::string set, name;
  std::string value;
  std::string unit = {};  // Of quantities with a unit: "m", "mm", "m2".
  bool quantity = false;
  bool operator==(const Statement&) const = default;
};

// What element.ifc says of its element, in the words of metadata.json.
struct Description {
  std::string global_id;
  std::string ifc_class;  // "IfcWall"
  std::string name;
  std::string storey;                 // Name of the storey, or else of what it lies in; empty: none.
  std::vector<Statement> statements;  // Of its own property and quantity sets, in the order of the file.
};

// Which element a file is of: the only one that it does not merely refer to, or `global_id` where it is given.
// invalid_input: no IFC file, or none or several are candidates.
Result<Description> describe(std::string_view element_ifc, std::string_view global_id = {});

// Members of metadata.json that element.ifc does not state; JSON text, empty: not written.
struct MoreMetadata {
  std::string model = {};  // Name of the model it belongs to; plain text.
  std::string compliance = {};
  std::string provenance = {};
};

// metadata.json, written anew.
std::string metadata_text(const Description& description, const MoreMetadata& more = {});

}  // namespace aecos::element
