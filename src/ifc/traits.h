#pragma once
// What the merge has to know of a class, worked out once per class and file from the schema's tables.

#include <cstdint>
#include <string_view>

#include "schema/schema.h"

namespace aecos::ifc {

enum class Role : std::uint8_t {
  value,          // No identity of its own: belongs to whatever refers to it.
  object,         // Rooted and neither relationship nor property set: products, types, project, groups ...
  property_set,   // IfcPropertySetDefinition: belongs to the elements it hangs on.
  relation,       // IfcRelationship.
  resource,       // Shared and known by its name: materials, contexts, styles, layers ...
  annotation,     // Not referred to, says something about what it refers to: IfcStyledItem ...
  owner_history,  // Bookkeeping.
};

struct ClassTraits {
  const schema::Entity* entity = nullptr;  // Absent: the schema does not know the class.
  Role role = Role::value;
  bool product = false;           // IfcProduct: attribute 5 is its placement, 6 its representation.
  bool placement = false;         // IfcObjectPlacement.
  bool layer = false;             // IfcPresentationLayerAssignment.
  bool movable_identity = false;  // Without a GlobalId in common, class and name identify it: types, storeys ...
  bool unique_member = false;     // Relation: a member has at most one of these (container, type, parent, material).
  bool defines_by_properties = false;  // IfcRelDefinesByProperties.
  bool defines_by_type = false;        // IfcRelDefinesByType.
  bool ordered_members = false;        // Relation whose members are a LIST.
  std::int8_t hook = -1;               // Annotation: the attribute that says what it hangs on. Layer: its items.
  std::int8_t members = -1;            // Relation: the attribute with many members; -1: a relation one to one.
  std::int8_t relating = -1;           // Relation with members: what they are related to.
  std::int8_t properties = -1;         // Property set: its properties or quantities. Type: its property sets.
  std::uint64_t hash = 0;              // Of the keyword.
  std::uint64_t unordered = 0;         // Bit i: attribute i is a SET or BAG.
  std::uint64_t ignored = 0;           // Bit i: attribute i is no part of the value (GlobalId, owner history ...).

  bool rooted() const { return role == Role::object || role == Role::property_set || role == Role::relation; }
  // Of which each member counts by itself, however a file groups them.
  bool has_links() const {
    return role == Role::relation && members >= 0 && !ordered_members && !defines_by_properties;
  }
  bool is(std::string_view keyword) const { return entity != nullptr && entity->keyword == keyword; }
};

// For a keyword in upper case. `schema` may be absent: then every class is unknown.
ClassTraits traits_of(const schema::Schema* schema, std::string_view keyword);

}  // namespace aecos::ifc
