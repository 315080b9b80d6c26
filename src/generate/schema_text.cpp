#include "generate/specification.h"
#include "generate/vocabulary.h"
#include "text/json_writer.h"

namespace aecos::generate {
namespace {

using text::JsonWriter;

void write_type(JsonWriter& json, const FieldRule& rule) {
  json.begin_object();
  switch (rule.type) {
    case FieldType::text:
      json.member("type", "string").member("minLength", 1).member("maxLength", 200);
      break;
    case FieldType::truth:
      json.member("type", "boolean");
      break;
    case FieldType::point:
      json.member("type", "array").member("minItems", 2).member("maxItems", 3);
      json.key("items").begin_object().member("type", "number");
      json.member("minimum", rule.least).member("maximum", rule.most).end_object();
      break;
    default:
      json.member("type", rule.type == FieldType::count ? "integer" : "number");
      json.member("minimum", rule.least).member("maximum", rule.most);
  }
  const char* unit = rule.type == FieldType::length || rule.type == FieldType::point ? "metres"
                     : rule.type == FieldType::angle                                 ? "degrees"
                     : rule.name == "u"                                              ? "W/(m2 K)"
                                                                                     : "";
  const std::string words(rule.words);
  const std::string separator = words.empty() || std::string_view(unit).empty() ? "" : ", ";
  if (!words.empty() || !std::string_view(unit).empty()) json.member("description", words + separator + unit);
  json.end_object();
}

void write_layers(JsonWriter& json) {
  json.key("layers").begin_object().member("type", "array").member("minItems", 1);
  json.member("description", "from inside to outside, from top to bottom");
  json.key("items").begin_object().member("type", "object").member("additionalProperties", false);
  json.key("required").begin_array().value("material").value("thickness").end_array();
  json.key("properties").begin_object();
  json.key("material").begin_object().member("type", "string").member("minLength", 1).end_object();
  json.key("thickness");
  write_type(json, *find_field("thickness"));
  json.end_object().end_object().end_object();
}

void write_notes(JsonWriter& json, const char* name, const char* description) {
  json.key(name).begin_object().member("type", "object").member("description", description);
  json.key("additionalProperties").begin_object().member("type", "string").end_object().end_object();
}

void write_element(JsonWriter& json) {
  json.begin_object().member("type", "object").member("additionalProperties", false);
  json.key("required").begin_array().value("kind").end_array();
  json.key("properties").begin_object();
  json.key("kind").begin_object().key("enum").begin_array();
  for (const Kind& kind : vocabulary().kinds) json.value(kind.name);
  json.end_array().end_object();
  json.key("predefinedType").begin_object().member("type", "string").member("pattern", "^[A-Z_]{1,39}$").end_object();
  for (const FieldRule& rule : field_rules()) {
    json.key(rule.name);
    write_type(json, rule);
  }
  write_layers(json);
  write_notes(json, "read", "values that were said, and why they are read as they are");
  write_notes(json, "assumed", "values that were not said, and why they are assumed");
  json.end_object().end_object();
}

}  // namespace

std::string specification_schema() {
  JsonWriter json(2);
  json.begin_object().member("$schema", "https://json-schema.org/draft/2020-12/schema");
  json.member("title", "What is to be built, as aecos generate understands it");
  json.member("type", "object").member("additionalProperties", false);
  json.key("required").begin_array().value("version").value("elements").end_array();
  json.key("properties").begin_object();
  json.key("version").begin_object().member("const", 1).end_object();
  json.key("elements").begin_object().member("type", "array").member("minItems", 1).member("maxItems", 200);
  json.key("items");
  write_element(json);
  json.end_object().end_object().end_object();
  return std::move(json).take();
}

}  // namespace aecos::generate
