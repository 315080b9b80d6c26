#pragma once
// Which classes of a schema an IDS means.

#include <string_view>
#include <vector>

#include "check/ids_value.h"
#include "schema/schema.h"

namespace aecos::check {

struct ClassSet {
  std::vector<const schema::Entity*> entities;
  // Of IFC2X3, which has one class for many kinds of device: IFCAIRTERMINAL means what is typed by an
  // IfcAirTerminalType.
  std::vector<const schema::Entity*> typed_by;
  bool empty() const { return entities.empty() && typed_by.empty(); }
};

// Exactly the named ones, never their subtypes. Keywords are in upper case.
ClassSet classes_named(const IdsValue& name, const schema::Schema& schema);

// The type of XML Schema in which an IDS writes values of that shape; empty: it cannot (lists, objects, selects).
std::string_view xsd_base(const schema::Shape& shape);
std::string_view xsd_base(const schema::Type& type);

}  // namespace aecos::check
