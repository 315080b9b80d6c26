#include <algorithm>

#include "element/layout_internal.h"

namespace aecos::element {
namespace {

bool is_a(const schema::Schema* schema, const ifc::ClassTraits& traits, std::string_view keyword) {
  if (schema == nullptr || traits.entity == nullptr) return false;
  const schema::Entity* const other = schema->entity(keyword);
  return other != nullptr && traits.entity->is_a(*other);
}

}  // namespace

bool is_element_class(const schema::Schema* schema, const ifc::ClassTraits& traits) {
  return traits.product && is_a(schema, traits, "IFCELEMENT") && !is_feature_class(schema, traits);
}

bool is_feature_class(const schema::Schema* schema, const ifc::ClassTraits& traits) {
  return is_a(schema, traits, "IFCFEATUREELEMENT");
}

bool is_port_class(const schema::Schema* schema, const ifc::ClassTraits& traits) {
  return is_a(schema, traits, "IFCPORT");
}

bool is_sound_id(std::string_view global_id) {
  return global_id.size() == 22 && std::all_of(global_id.begin(), global_id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '$';
         });
}

}  // namespace aecos::element
