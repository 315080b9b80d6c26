#include <algorithm>
#include <cmath>

#include "generate/specification.h"
#include "generate/vocabulary.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::generate {
namespace {

void write_value(text::JsonWriter& json, const FieldRule& rule, const Field& field) {
  switch (rule.type) {
    case FieldType::text:
      json.value(field.text);
      break;
    case FieldType::truth:
      json.value(field.truth);
      break;
    case FieldType::point:
      json.begin_array();
      for (const double each : field.point) json.value(each);
      json.end_array();
      break;
    default:
      json.value(field.number);
  }
}

void write_notes(text::JsonWriter& json, const Element& element, Basis basis) {
  json.key(to_string(basis)).begin_object();
  for (const FieldRule& rule : field_rules())
    if (const Field* field = element.find(rule.name); field && field->basis == basis)
      json.member(rule.name, field->because);
  json.end_object();
}

void write_element(text::JsonWriter& json, const Element& element) {
  json.begin_object().member("kind", element.kind);
  if (!element.predefined.empty()) json.member("predefinedType", element.predefined);
  for (const FieldRule& rule : field_rules()) {
    const Field* field = element.find(rule.name);
    if (!field) continue;
    json.key(rule.name);
    write_value(json, rule, *field);
  }
  if (!element.layers.empty()) {
    json.key("layers").begin_array();
    for (const Layer& layer : element.layers)
      json.begin_object().member("material", layer.material).member("thickness", layer.thickness_m).end_object();
    json.end_array();
  }
  write_notes(json, element, Basis::reading);
  write_notes(json, element, Basis::assumed);
  json.end_object();
}

Error at(text::JsonNode node, const std::string& what) {
  return {ErrorCode::invalid_input, text::to_string(node.where()) + ": " + node.pointer() + ": " + what};
}

// A number as the table of fields allows it.
Result<Field> read_number(text::JsonNode node, const FieldRule& rule) {
  const auto number = node.as_double();
  if (!number) return at(node, "is a number");
  if (rule.type == FieldType::count && *number != std::floor(*number)) return at(node, "is a whole number");
  if (*number < rule.least || *number > rule.most)
    return at(node, "is from " + number_text(rule.least) + " to " + number_text(rule.most));
  return number_field(*number);
}

Result<Field> read_field(text::JsonNode node, const FieldRule& rule) {
  if (rule.type == FieldType::text) {
    const auto text = node.as_string();
    if (!text || text->empty() || text->size() > 200) return at(node, "is a text of at most 200 bytes");
    return text_field(std::string(*text));
  }
  if (rule.type == FieldType::truth) {
    const auto truth = node.as_bool();
    if (!truth) return at(node, "is true or false");
    return truth_field(*truth);
  }
  if (rule.type != FieldType::point) return read_number(node, rule);
  std::vector<double> point;
  for (const text::JsonNode each : node) {
    AECOS_TRY_ASSIGN(const Field one, read_number(each, rule));
    point.push_back(one.number);
  }
  if (!node.is_array() || point.size() < 2 || point.size() > 3) return at(node, "is two or three numbers");
  return point_field(std::move(point));
}

Result<> read_layers(text::JsonNode node, Element& element) {
  if (!node.is_array() || node.size() == 0) return at(node, "is a list of layers");
  const FieldRule& thickness = *find_field("thickness");
  for (const text::JsonNode each : node) {
    const auto material = each["material"].as_string();
    if (!each.is_object() || !material || material->empty()) return at(each, "has a material and a thickness");
    if (!each["thickness"] || each.size() != 2) return at(each, "has a material and a thickness, and nothing else");
    AECOS_TRY_ASSIGN(const Field number, read_number(each["thickness"], thickness));
    element.layers.push_back({std::string(*material), number.number});
  }
  return {};
}

// "assumed": {"height": "the height of its storey"}
Result<> read_notes(text::JsonNode node, Element& element, Basis basis) {
  if (!node) return {};
  if (!node.is_object()) return at(node, "says why, by the names of values");
  for (const text::JsonNode each : node) {
    const auto field = element.fields.find(each.key());
    const auto because = each.as_string();
    if (field == element.fields.end() || !because) return at(each, "is no value that this element has");
    field->second.basis = basis;
    field->second.because = *because;
  }
  return {};
}

bool is_predefined(std::string_view text) {
  return !text.empty() && text.size() < 40 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

Result<Element> read_element(text::JsonNode node) {
  Element element;
  if (!node.is_object()) return at(node, "is an element");
  element.kind = node["kind"].as_string().value_or("");
  if (!vocabulary().kind(element.kind)) return at(node, "has no kind that is known");
  for (const text::JsonNode each : node) {
    const std::string name(each.key());
    if (name == "kind" || name == "assumed" || name == "read") continue;
    if (name == "layers") {
      AECOS_TRY(read_layers(each, element));
    } else if (name == "predefinedType") {
      element.predefined = each.as_string().value_or("");
      if (!is_predefined(element.predefined)) return at(each, "is a name of IFC in capitals");
    } else if (const FieldRule* rule = find_field(name)) {
      AECOS_TRY_ASSIGN(Field field, read_field(each, *rule));
      element.set(name, std::move(field));
    } else {
      return at(each, "is no value that an element has");
    }
  }
  AECOS_TRY(read_notes(node["assumed"], element, Basis::assumed));
  AECOS_TRY(read_notes(node["read"], element, Basis::reading));
  return element;
}

}  // namespace

std::string to_json(const Specification& specification) {
  text::JsonWriter json(2);
  json.begin_object().member("version", 1).key("elements").begin_array();
  for (const Element& element : specification.elements) write_element(json, element);
  json.end_array().end_object();
  return std::move(json).take();
}

Result<Specification> from_json(std::string_view json) {
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
  const text::JsonNode root = document.root();
  if (!root.is_object() || !root["elements"].is_array()) return at(root, "is a specification with elements");
  if (root["version"].as_int() != 1) return at(root, "has \"version\": 1");
  if (root.size() != 2) return at(root, "has a version and elements, and nothing else");
  if (root["elements"].size() == 0 || root["elements"].size() > 200)
    return at(root["elements"], "has 1 to 200 elements");
  Specification specification;
  for (const text::JsonNode each : root["elements"]) {
    AECOS_TRY_ASSIGN(Element element, read_element(each));
    specification.elements.push_back(std::move(element));
  }
  return specification;
}

}  // namespace aecos::generate
