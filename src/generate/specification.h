#pragma once
// What is to be built, in building terms: what a sentence comes to, what is written as IFC, and what a person can read,
// keep and change. As JSON: docs/schemas/element-specification.schema.json.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "generate/fields.h"

namespace aecos::generate {

struct Layer {
  std::string material;
  double thickness_m = 0;
  bool operator==(const Layer&) const = default;
};

// One element, or a row or grid of equal ones.
struct Element {
  std::string kind;        // "wall"; see data/kinds.txt.
  std::string ifc_class;   // Where it is not that of the kind.
  std::string predefined;  // "PARTITIONING"; empty: that of the kind.
  std::map<std::string, Field, std::less<>> fields;
  std::vector<Layer> layers;  // From inside to outside, from top to bottom.

  bool has(std::string_view name) const { return fields.find(name) != fields.end(); }
  const Field* find(std::string_view name) const;
  double number(std::string_view name, double otherwise = 0) const;
  std::string text(std::string_view name) const;
  bool truth(std::string_view name) const;
  void set(std::string_view name, Field field) { fields.insert_or_assign(std::string(name), std::move(field)); }
  // Only where nothing is said of it.
  void assume(std::string_view name, Field field);
};

struct Specification {
  std::vector<Element> elements;
};

// Why something cannot be built as it was said.
enum class ProblemKind {
  missing,         // A value that nobody but the designer knows: asked for.
  not_understood,  // Words that mean nothing here.
  refused,         // A contradiction, or what cannot be.
};
struct Problem {
  ProblemKind kind = ProblemKind::refused;
  std::string key;          // "length", "conflict: fire", the words.
  std::size_t element = 0;  // Position in Specification::elements.
  std::string message;      // One line for people.
};

// "wall: length=5; height=3*; material=Concrete": a value with * is assumed, with ~ read.
std::string line_of(const Element& element);

// Stable order, indented. Without the trouble.
std::string to_json(const Specification& specification);
// Reads and checks what to_json writes, and what others write by the schema: unknown kinds and members, wrong types and
// values out of bounds are errors (invalid_input) that name the place.
Result<Specification> from_json(std::string_view json);

// Its JSON schema, as text.
std::string specification_schema();

}  // namespace aecos::generate
