#include "ifc/traits.h"

#include "base/hash.h"

namespace aecos::ifc {
namespace {

using schema::AggregateKind;
using schema::Entity;
using schema::Schema;

bool is_a(const Schema& schema, const Entity& entity, std::string_view keyword) {
  const Entity* const other = schema.entity(keyword);
  return other != nullptr && entity.is_a(*other);
}

std::int8_t attribute(const Entity& entity, std::string_view name) {
  return static_cast<std::int8_t>(schema::attribute_index(entity, name));
}

// Classes that nothing refers to and that belong to what the named attribute refers to.
constexpr struct {
  std::string_view keyword;
  std::string_view hook;
} annotations[] = {
    {"IFCSTYLEDITEM", "Item"},
    {"IFCMATERIALDEFINITIONREPRESENTATION", "RepresentedMaterial"},
    {"IFCMATERIALPROPERTIES", "Material"},
    {"IFCPROFILEPROPERTIES", "ProfileDefinition"},
    {"IFCSHAPEASPECT", "PartOfProductDefinitionShape"},
    {"IFCINDEXEDCOLOURMAP", "MappedTo"},
    {"IFCINDEXEDTEXTUREMAP", "MappedTo"},
    {"IFCCOORDINATEOPERATION", "SourceCRS"},
};

// Shared things that are known by their name.
constexpr std::string_view resources[] = {"IFCMATERIAL", "IFCREPRESENTATIONCONTEXT", "IFCPRESENTATIONSTYLE",
                                          "IFCCLASSIFICATION", "IFCPRESENTATIONLAYERASSIGNMENT"};

// Rooted things that exporters give new GlobalIds although they are the same: found again by class and name.
constexpr std::string_view movable[] = {"IFCTYPEOBJECT",   "IFCPROJECT",        "IFCSITE",
                                        "IFCBUILDING",     "IFCBUILDINGSTOREY", "IFCFACILITY",
                                        "IFCFACILITYPART", "IFCGROUP",          "IFCPROPERTYTEMPLATEDEFINITION"};

// Whether the schema says that at most one instance of `relation` may refer to a member by this attribute.
bool member_is_unique(const Schema& schema, const Entity& relation, int members) {
  // IFC2X3 files types and properties under one inverse; a material is one by convention of the field.
  if (is_a(schema, relation, "IFCRELDEFINESBYTYPE") || is_a(schema, relation, "IFCRELASSOCIATESMATERIAL")) return true;
  for (const Entity& entity : schema.entities())
    for (const schema::Inverse& inverse : entity.inverses)
      if (inverse.upper == 1 && inverse.attribute == members && relation.is_a(*inverse.from)) return true;
  return false;
}

void add_relation(const Schema& schema, const Entity& entity, ClassTraits& traits) {
  constexpr std::size_t own = 4;  // Behind GlobalId, OwnerHistory, Name, Description.
  for (std::size_t i = own; i < entity.attributes.size(); ++i) {
    const schema::Shape& shape = entity.attributes[i].shape;
    const bool refers = shape.kind == schema::ValueKind::entity || shape.kind == schema::ValueKind::select;
    if (shape.depth == 1 && refers && traits.members < 0) traits.members = static_cast<std::int8_t>(i);
    if (shape.depth == 0 && refers && traits.relating < 0) traits.relating = static_cast<std::int8_t>(i);
  }
  if (traits.members < 0 || traits.relating < 0) {
    traits.members = traits.relating = -1;
    return;
  }
  const auto members = static_cast<std::size_t>(traits.members);
  traits.ordered_members = entity.attributes[members].shape.outer.kind == AggregateKind::list;
  traits.unique_member = member_is_unique(schema, entity, traits.members);
}

void add_role(const Schema& schema, const Entity& entity, ClassTraits& traits) {
  if (is_a(schema, entity, "IFCROOT")) {
    traits.ignored |= 3;  // GlobalId is the identity itself; the owner history is bookkeeping.
    traits.role = Role::object;
    if (is_a(schema, entity, "IFCRELATIONSHIP")) {
      traits.role = Role::relation;
      traits.defines_by_properties = entity.keyword == "IFCRELDEFINESBYPROPERTIES";
      add_relation(schema, entity, traits);
      traits.defines_by_type = entity.keyword == "IFCRELDEFINESBYTYPE" && traits.members >= 0;
    } else if (is_a(schema, entity, "IFCPROPERTYSETDEFINITION")) {
      traits.role = Role::property_set;
      traits.properties = attribute(entity, "HasProperties");
      if (traits.properties < 0) traits.properties = attribute(entity, "Quantities");
    } else if (is_a(schema, entity, "IFCTYPEOBJECT")) {
      traits.properties = attribute(entity, "HasPropertySets");
      traits.ignored |= std::uint64_t{1} << traits.properties;
    }
    for (const std::string_view keyword : movable) traits.movable_identity |= is_a(schema, entity, keyword);
    traits.product = is_a(schema, entity, "IFCPRODUCT");
    return;
  }
  traits.placement = is_a(schema, entity, "IFCOBJECTPLACEMENT");
  if (entity.keyword == "IFCOWNERHISTORY") traits.role = Role::owner_history;
  for (const auto& [keyword, hook] : annotations) {
    if (!is_a(schema, entity, keyword)) continue;
    traits.hook = attribute(entity, hook);
    if (traits.hook >= 0) traits.role = Role::annotation;
  }
  for (const std::string_view keyword : resources)
    if (is_a(schema, entity, keyword)) traits.role = Role::resource;
  traits.layer = is_a(schema, entity, "IFCPRESENTATIONLAYERASSIGNMENT");
  if (traits.layer) {
    traits.hook = attribute(entity, "AssignedItems");
    traits.ignored |= std::uint64_t{1} << traits.hook;
  }
}

}  // namespace

ClassTraits traits_of(const Schema* schema, std::string_view keyword) {
  ClassTraits traits;
  traits.hash = hash_bytes(keyword);
  traits.entity = schema == nullptr ? nullptr : schema->entity(keyword);
  if (traits.entity == nullptr) return traits;
  const Entity& entity = *traits.entity;
  for (std::size_t i = 0; i < entity.attributes.size() && i < 64; ++i) {
    const AggregateKind kind = entity.attributes[i].shape.outer.kind;
    if (kind == AggregateKind::set || kind == AggregateKind::bag) traits.unordered |= std::uint64_t{1} << i;
  }
  add_role(*schema, entity, traits);
  return traits;
}

}  // namespace aecos::ifc
