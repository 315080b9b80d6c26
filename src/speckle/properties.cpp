#include "speckle/properties.h"

#include <algorithm>
#include <map>

#include "step/token.h"

namespace aecos::speckle {
namespace {

using ifc::Index;
using ifc::Model;
using ifc::no_instance;

constexpr std::size_t name_at = 0;  // Of a property.

// A value as JSON: texts decoded, typed values without their type, lists of them; absent: nothing that can be said.
std::optional<std::string> json_of(std::string_view text) {
  step::Tokens tokens(text);
  step::Token token = tokens.next();
  if (token.kind == step::TokenKind::keyword) {
    const auto inner = step::split(text.substr(std::min(text.find('('), text.size())));
    return inner.size() == 1 ? json_of(inner[0]) : std::nullopt;
  }
  switch (token.kind) {
    case step::TokenKind::string:
      return text::json_quote(step::decode_string(token.text));
    case step::TokenKind::number: {
      double number = 0;
      if (!step::number_value(token.text, number)) return std::nullopt;
      return text::json_number(number);
    }
    case step::TokenKind::enumeration: {
      if (token.text == ".T.") return "true";
      if (token.text == ".F.") return "false";
      if (token.text == ".U." || token.text.size() < 2) return std::nullopt;
      return text::json_quote(token.text.substr(1, token.text.size() - 2));
    }
    default:
      return std::nullopt;
  }
}

std::optional<std::string> list_of(std::string_view text) {
  std::string list;
  for (const std::string_view item : step::split(text)) {
    if (const auto value = json_of(item)) list += (list.empty() ? "" : ",") + *value;
  }
  return list.empty() ? std::nullopt : std::optional("[" + list + "]");
}

// A single, listed or enumerated property; a quantity.
std::optional<std::string> value_of(const Model& model, Index property) {
  constexpr std::size_t value_at = 2, quantity_at = 3;
  const std::string& keyword = model.file.keyword(property);
  if (keyword == "IFCPROPERTYSINGLEVALUE") return json_of(model.attribute(property, value_at));
  if (keyword == "IFCPROPERTYLISTVALUE" || keyword == "IFCPROPERTYENUMERATEDVALUE")
    return list_of(model.attribute(property, value_at));
  if (!keyword.starts_with("IFCQUANTITY")) return std::nullopt;
  const auto value = json_of(model.attribute(property, quantity_at));
  if (!value) return std::nullopt;
  text::JsonWriter json;
  json.begin_object().member("name", model.text_attribute(property, name_at)).key("value").raw(*value).end_object();
  return std::move(json).take();
}

using Values = std::map<std::string, std::string>;  // Names are unique in JSON; the first one stays.

Values members_of(const Model& model, Index set) {
  Values values;
  const int at = model.traits(set).properties;
  if (at < 0) return values;
  for (const Index property : model.refs_in(set, static_cast<std::size_t>(at))) {
    if (property == no_instance) continue;
    if (auto value = value_of(model, property)) values.emplace(model.text_attribute(property, name_at), *value);
  }
  return values;
}

void write_values(text::JsonWriter& json, const Values& values) {
  json.begin_object();
  for (const auto& [name, value] : values) json.key(name).raw(value);
  json.end_object();
}

void write_sets(text::JsonWriter& json, const std::map<std::string, Values>& sets, const char* title) {
  if (sets.empty()) return;
  json.key(title).begin_object();
  for (const auto& [name, values] : sets) {
    json.key(name);
    write_values(json, values);
  }
  json.end_object();
}

// What stands in the element's own line, but for references.
Values attributes_of(const Model& model, Index i) {
  Values values;
  const schema::Entity* entity = model.traits(i).entity;
  if (entity == nullptr) return values;
  values["type"] = text::json_quote(entity->name);
  const auto attributes = model.attributes(i);
  for (std::size_t at = 0; at < attributes.size() && at < entity->attributes.size(); ++at) {
    if (const auto value = json_of(attributes[at])) values.emplace(entity->attributes[at].name, *value);
  }
  return values;
}

// The names of all materials in layers, constituents, profiles or lists.
void add_material_names(const Model& model, Index i, std::vector<std::string>& names, std::size_t depth) {
  constexpr std::size_t depth_max = 8;
  if (i == no_instance || depth > depth_max) return;
  if (model.traits(i).is("IFCMATERIAL")) {
    const std::string name = model.text_attribute(i, name_at);
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    return;
  }
  if (!model.file.keyword(i).starts_with("IFCMATERIAL")) return;
  for (const Index ref : model.file.refs_of(i)) add_material_names(model, ref, names, depth + 1);
}

std::string material_of(const Model& model, const Relations& relations, Index element, Index type) {
  std::vector<std::string> names;
  add_material_names(model, relations.material[element], names, 0);
  if (names.empty() && type != no_instance) add_material_names(model, relations.material[type], names, 0);
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : "; ") + name;
  return all;
}

}  // namespace

Relations relations_of(const Model& model) {
  constexpr std::size_t first_at = 4, second_at = 5;
  const std::vector<Index> none(model.size(), no_instance);
  Relations relations{none, none, none, none, {}, {}};
  relations.parts.resize(model.size());
  relations.contained.resize(model.size());
  const auto each = [&](Index relation, std::size_t one_at, std::size_t many_at, const auto& take) {
    const auto one = model.refs_in(relation, one_at);
    if (one.size() != 1 || one[0] == no_instance) return;
    for (const Index member : model.refs_in(relation, many_at))
      if (member != no_instance && member != one[0]) take(one[0], member);
  };
  for (Index i = 0; i < model.size(); ++i) {
    const ifc::ClassTraits& traits = model.traits(i);
    if (traits.role != ifc::Role::relation) continue;
    if (traits.defines_by_type) {
      each(i, second_at, first_at, [&](Index type, Index element) { relations.type[element] = type; });
    } else if (traits.is("IFCRELASSOCIATESMATERIAL")) {
      each(i, second_at, first_at, [&](Index material, Index element) { relations.material[element] = material; });
    } else if (traits.is("IFCRELCONTAINEDINSPATIALSTRUCTURE")) {
      each(i, second_at, first_at, [&](Index space, Index element) {
        if (relations.container[element] != no_instance) return;
        relations.container[element] = space;
        relations.contained[space].push_back(element);
      });
    } else if (traits.is("IFCRELAGGREGATES") || traits.is("IFCRELNESTS")) {
      each(i, first_at, second_at, [&](Index whole, Index part) {
        if (relations.parent[part] != no_instance) return;
        relations.parent[part] = whole;
        relations.parts[whole].push_back(part);
      });
    }
  }
  return relations;
}

void write_properties(text::JsonWriter& json, const Model& model, const Relations& relations, Index element,
                      const std::string& storey) {
  std::map<std::string, Values> sets, quantities, type_sets;
  for (const ifc::Attachment& attached : model.attachments_of(element)) {
    const bool is_quantity = model.file.keyword(attached.property_set) == "IFCELEMENTQUANTITY";
    const std::string name = model.name(attached.property_set);
    Values values = members_of(model, attached.property_set);
    if (!values.empty()) (is_quantity ? quantities : sets)[name].merge(values);
  }
  const Index type = relations.type[element];
  if (type != no_instance) {
    for (const ifc::Attachment& attached : model.attachments_of(type)) {
      Values values = members_of(model, attached.property_set);
      if (!values.empty()) type_sets[model.name(attached.property_set)].merge(values);
    }
  }
  json.begin_object().key("Attributes");
  write_values(json, attributes_of(model, element));
  write_sets(json, sets, "Property Sets");
  write_sets(json, quantities, "Quantities");
  if (type != no_instance) {
    json.key("Element Type Attributes");
    write_values(json, attributes_of(model, type));
  }
  write_sets(json, type_sets, "Element Type Property Sets");
  const std::string material = material_of(model, relations, element, type);
  if (!material.empty()) json.key("IFC Material").begin_object().member("Name", material).end_object();
  if (!storey.empty()) json.member("Building Storey", storey);
  json.end_object();
}

}  // namespace aecos::speckle
