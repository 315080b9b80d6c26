#pragma once
// The values of attributes and properties as an IDS sees them.

#include <string>
#include <string_view>
#include <vector>

#include "check/ids_facts.h"
#include "step/token.h"

namespace aecos::check {

// One value as it stands in the file.
struct RawValue {
  std::string_view type;  // Keyword of its type in upper case; empty: not known.
  step::Token token;
  const schema::Type* declared = nullptr;  // That type, if the schema has it.
  ifc::Index unit = ifc::no_instance;      // Its own; else that of the project.
};

struct RawProperty {
  bool supported = true;  // False: complex and reference properties, of which IDS knows nothing.
  std::vector<RawValue> values;
};

// The values of a property or quantity; those that are null are left out.
void read_property(const Facts& facts, ifc::Index property, RawProperty& out);
// One attribute of a predefined property set, as a property.
void read_attribute(const Facts& facts, ifc::Index i, std::size_t attribute, RawProperty& out);

// Empty texts and unknown logicals are as good as null.
bool is_empty(const RawValue& value);

// Whether it is as asked for. `scratch` holds decoded text, to be used again.
bool matches(const Facts& facts, const RawValue& raw, const IdsValue& value, std::string& scratch);

// "REI 60", "0.2": as a person would write it, in SI units.
std::string shown(const Facts& facts, const RawValue& raw);

}  // namespace aecos::check
