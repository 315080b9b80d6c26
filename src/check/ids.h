#pragma once
// Requirements to a model: buildingSMART IDS 1.0 (Information Delivery Specification) as values. docs/VALIDATION.md
// says what is supported.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "check/ids_value.h"
#include "schema/schema.h"

namespace aecos::check {

enum class Cardinality : std::uint8_t { required, optional, prohibited };

struct EntityFacet {
  IdsValue name, predefined_type;
};
struct AttributeFacet {
  IdsValue name, value;
};
struct PropertyFacet {
  IdsValue set, name, value;
  std::string data_type;  // "IFCLABEL"; empty: any.
};
struct ClassificationFacet {
  IdsValue system, value;
};
struct MaterialFacet {
  IdsValue value;
};
// The relations by which something can be part of something else.
enum PartRelation : std::uint8_t {
  part_aggregates = 1,
  part_group = 2,
  part_contained = 4,
  part_nests = 8,
  part_voids = 16,
  part_fills = 32,
  part_any = 63,
};
struct PartOfFacet {
  EntityFacet whole;
  std::uint8_t relations = part_any;
};

struct Facet {
  std::variant<EntityFacet, AttributeFacet, PropertyFacet, ClassificationFacet, MaterialFacet, PartOfFacet> what;
  Cardinality cardinality = Cardinality::required;
  std::string instructions;  // To whoever makes the model.
  std::size_t offset = 0;    // In the file.
};

struct Specification {
  std::string name, identifier, description, instructions;
  std::vector<schema::Version> versions;
  Cardinality cardinality = Cardinality::required;  // Of elements to which it applies.
  std::vector<Facet> applicability, requirements;
  std::size_t offset = 0;
};

struct Ids {
  std::string title;
  std::vector<Specification> specifications;
  std::vector<std::string> notes;  // What is valid and yet hardly meant.
};

// Reads and audits: what the format does not allow and what no model could ever satisfy is refused, with the place and
// the reason of the first fault. No document type, no entities, nothing outside of the text is ever looked at; sizes
// are bounded. Errors: invalid_input "12:3: specification \"Walls\": …".
Result<Ids> read_ids(std::string_view xml);

// "attribute", "partOf": the name of the facet in the format.
std::string_view facet_name(const Facet& facet);
// What is asked for, in words: "Pset_WallCommon.FireRating (IFCLABEL) = one of REI 60, REI 90".
std::string in_words(const Facet& facet);

}  // namespace aecos::check
