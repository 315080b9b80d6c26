#include "check/ids_classes.h"

#include <string>

namespace aecos::check {
namespace {

using schema::Entity;
using schema::Schema;
using schema::ValueKind;

// For IFC2X3: the class whose occurrences are told apart by their type alone, "IFCAIRTERMINAL" of IfcAirTerminalType.
std::string_view occurrence_name(const Schema& schema, const Entity& type) {
  static constexpr std::string_view ending = "TYPE";
  const Entity* const root = schema.entity("IFCELEMENTTYPE");
  if (root == nullptr || !type.is_a(*root) || type.abstract || !type.keyword.ends_with(ending)) return {};
  const std::string_view name = type.keyword.substr(0, type.keyword.size() - ending.size());
  return schema.entity(name) == nullptr ? name : std::string_view();
}

void add_named(const Schema& schema, std::string_view name, ClassSet& found) {
  if (const Entity* const entity = schema.entity(name)) {
    if (entity->keyword == name) found.entities.push_back(entity);
  } else if (schema.version() == schema::Version::ifc2x3) {
    const Entity* const type = schema.entity(std::string(name) + "TYPE");
    if (type != nullptr && occurrence_name(schema, *type) == name) found.typed_by.push_back(type);
  }
}

std::string_view base_of(ValueKind kind, std::string_view keyword) {
  switch (kind) {
    case ValueKind::string:
      if (keyword == "IFCDATE") return "date";
      if (keyword == "IFCDATETIME") return "dateTime";
      if (keyword == "IFCDURATION") return "duration";
      if (keyword == "IFCTIME") return "time";
      return "string";
    case ValueKind::enumeration:
    case ValueKind::logical:
      return "string";
    case ValueKind::boolean:
      return "boolean";
    case ValueKind::integer:
      return "integer";
    case ValueKind::real:
    case ValueKind::number:
      return keyword == "IFCCOUNTMEASURE" ? "integer" : "double";
    case ValueKind::entity:
    case ValueKind::select:
    case ValueKind::binary:
      break;
  }
  return {};
}

}  // namespace

ClassSet classes_named(const IdsValue& name, const Schema& schema) {
  ClassSet found;
  if (const std::string* const simple = name.simple()) {
    add_named(schema, *simple, found);
    return found;
  }
  for (const Entity& entity : schema.entities()) {
    if (matches(name, entity.keyword)) found.entities.push_back(&entity);
    if (schema.version() != schema::Version::ifc2x3) continue;
    const std::string_view occurrence = occurrence_name(schema, entity);
    if (!occurrence.empty() && matches(name, occurrence)) found.typed_by.push_back(&entity);
  }
  return found;
}

std::string_view xsd_base(const schema::Shape& shape) {
  return shape.depth > 0 ? std::string_view() : base_of(shape.kind, shape.type == nullptr ? "" : shape.type->keyword);
}

std::string_view xsd_base(const schema::Type& type) {
  return type.shape.depth > 0 ? std::string_view() : base_of(type.shape.kind, type.keyword);
}

}  // namespace aecos::check
