#include <unordered_set>

#include "diff/ifc_property_internal.h"
#include "diff/ifc_shape_internal.h"
#include "diff/ifc_whole_internal.h"
#include "text/json_writer.h"

namespace aecos::diff {
namespace {

using ifc::ClassTraits;
using ifc::no_instance;
using ifc::Role;
using text::json_quote;

constexpr std::size_t root_attributes = 4;  // GlobalId, OwnerHistory, Name, Description.

// "ObjectType" -> "objectType".
std::string member_name(std::string place) {
  if (!place.empty() && place[0] >= 'A' && place[0] <= 'Z') place[0] = static_cast<char>(place[0] + ('a' - 'A'));
  return place;
}

bool is_a(const Model& model, Index i, std::string_view keyword) {
  const ClassTraits& traits = model.traits(i);
  if (traits.entity == nullptr || model.schema == nullptr) return false;
  const schema::Entity* const entity = model.schema->entity(keyword);
  return entity != nullptr && traits.entity->is_a(*entity);
}

}  // namespace

const Version::Meaning& Version::meaning(Index relation) {
  const auto [found, fresh] = meanings_.try_emplace(model.file.instances[relation].keyword);
  if (fresh) found->second = {relation_kind(model, relation), relation_place(model, relation)};
  return found->second;
}

const std::string& Version::relating_json(Index relation) {
  const auto [found, fresh] = relating_.try_emplace(relation);
  if (fresh) {
    const auto at = static_cast<std::size_t>(model.traits(relation).relating);
    found->second = attribute_value_json(model, relation, at).value_or("null");
  }
  return found->second;
}

std::string Version::relation_json(Index relation, int left_out) const {
  std::string members;
  append_json(members, "class", json_quote(class_name(model, relation)));
  const std::size_t count = model.attributes(relation).size();
  for (std::size_t k = root_attributes; k < count; ++k) {
    if (static_cast<int>(k) == left_out) continue;
    const Value value = attribute_value_json(model, relation, k);
    if (value) append_json(members, member_name(attribute_place(model, relation, k)), *value);
  }
  return "{" + members + "}";
}

std::string Version::whole_json(Index i, const Whole& whole) {
  std::string members;
  const ElementRef ref = element_ref(model, i);
  append_json(members, "globalId", json_quote(ref.global_id));
  append_json(members, "class", json_quote(ref.ifc_class));
  append_json(members, "name", json_quote(ref.name));
  const ClassTraits& traits = model.traits(i);
  const std::size_t count = model.attributes(i).size();
  for (std::size_t k = root_attributes - 1; k < count; ++k) {
    if (static_cast<int>(k) == traits.properties) continue;
    const Value value = attribute_kind(model, i, k) == ChangeKind::reshaped ? shape_json(model, i, k)
                                                                            : attribute_value_json(model, i, k);
    if (value) append_json(members, member_name(attribute_place(model, i, k)), *value);
  }
  if (!whole.properties.empty()) append_json(members, "properties", "{" + whole.properties + "}");
  if (!whole.relations.empty()) append_json(members, "relations", "[" + whole.relations + "]");
  if (!whole.parts.empty()) append_json(members, "parts", "[" + whole.parts + "]");
  return "{" + members + "}";
}

void Version::add_set(Whole& whole, Index set) {
  const auto [found, fresh] = sets_.try_emplace(set);
  if (fresh) found->second = property_set_json(model, set).value_or("null");
  append_json(whole.properties, whole.set_names.of(set_name(model, set)), found->second);
}

bool belongs_to_host(const Model& model, Index i) {
  return is_a(model, i, "IFCFEATUREELEMENT") || is_a(model, i, "IFCPORT");
}

std::vector<Index> ends_of(const Model& model, Index relation) {
  std::vector<Index> ends;
  std::unordered_set<Index> seen;
  const auto attributes = model.attributes(relation);
  for (std::size_t k = root_attributes; k < attributes.size(); ++k)
    for (const Index to : model.references(attributes[k]))
      if (model.traits(to).role == Role::object && seen.insert(to).second) ends.push_back(to);
  return ends;
}

void append_json(std::string& list, std::string_view json) {
  if (!list.empty()) list += ',';
  list += json;
}

void append_json(std::string& members, std::string_view name, std::string_view json) {
  append_json(members, json_quote(name));
  members += ':';
  members += json;
}

}  // namespace aecos::diff
