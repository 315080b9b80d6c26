#include "check/validate.h"
#include "ifc/global_id.h"
#include "schema/schema.h"
#include "text/json.h"

namespace aecos::check {
namespace {

using text::JsonNode;

Error fault(JsonNode node, const std::string& what) {
  return {ErrorCode::invalid_input, text::to_string(node.where()) + ": " + what};
}

Result<> check_string(JsonNode root, std::string_view name, bool needed) {
  const JsonNode node = root[name];
  if (!node) return needed ? Result<>(fault(root, "\"" + std::string(name) + "\" is missing")) : Result<>();
  return node.as_string() ? Result<>() : Result<>(fault(node, std::string(name) + " is a text"));
}

Result<> check_class(JsonNode root) {
  const JsonNode node = root["class"];
  const std::string name(node.as_string().value_or(""));
  for (const schema::Version version : {schema::Version::ifc4, schema::Version::ifc4x3, schema::Version::ifc2x3}) {
    const schema::Entity* const entity = schema::get(version).entity(name);
    if (entity != nullptr && entity->name == name) return {};
  }
  return fault(node ? node : root, "class is \"" + name + "\", which is no class of IFC");
}

bool is_value(JsonNode node) {
  if (node.is_object()) return static_cast<bool>(node["value"]);
  if (!node.is_array()) return true;
  for (const JsonNode item : node)
    if (item.is_container()) return false;
  return true;
}

// { "SET": { "NAME": value } }
Result<> check_properties(JsonNode sets) {
  if (!sets) return {};
  if (!sets.is_object()) return fault(sets, "properties is an object of property sets");
  for (const JsonNode set : sets) {
    if (!set.is_object()) return fault(set, "a property set is an object of properties");
    for (const JsonNode value : set)
      if (!is_value(value))
        return fault(value,
                     "a property is a text, a number, true, false, null, a list of them, or an object with a value");
  }
  return {};
}

bool is_quantity(JsonNode node) {
  if (!node.is_object()) return node.is_number();
  return node["value"].is_number() && (!node["unit"] || node["unit"].is_string());
}

// { "NAME": {"value": 5, "unit": "m"} }
Result<> check_quantities(JsonNode all) {
  if (!all) return {};
  if (!all.is_object()) return fault(all, "quantities is an object");
  for (const JsonNode node : all)
    if (!is_quantity(node))
      return fault(node, "a quantity is a number, or an object with a number as value, and a unit");
  return {};
}

}  // namespace

Result<> check_metadata(std::string_view json) {
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
  const JsonNode root = document.root();
  if (!root.is_object()) return fault(root, "metadata.json is an object");
  AECOS_TRY(check_string(root, "globalId", true));
  if (!ifc::is_global_id(root["globalId"].as_string().value_or("")))
    return fault(root["globalId"], "globalId is no GlobalId of IFC");
  AECOS_TRY(check_string(root, "class", true));
  AECOS_TRY(check_class(root));
  AECOS_TRY(check_string(root, "name", false));
  AECOS_TRY(check_string(root, "storey", false));
  AECOS_TRY(check_properties(root["properties"]));
  AECOS_TRY(check_quantities(root["quantities"]));
  for (const std::string_view name : {"compliance", "provenance"})
    if (root[name] && !root[name].is_object()) return fault(root[name], std::string(name) + " is an object");
  return {};
}

}  // namespace aecos::check
