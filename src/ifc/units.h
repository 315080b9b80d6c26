#pragma once
// From the units of a model to SI without prefixes, kilogram for mass.

#include <string>
#include <string_view>
#include <vector>

#include "ifc/model.h"

namespace aecos::ifc {

// si = value * factor + offset.
struct UnitScale {
  double factor = 1;
  double offset = 0;
  bool is_known = true;  // False: the unit cannot be read, and the factor says nothing.
  double to_si(double value) const { return value * factor + offset; }
};

// Of one unit instance. What is not known (monetary, context dependent) has factor 1.
UnitScale scale_of(const Model& model, Index unit);
// As the file calls it: "FOOT", "SQUARE_METRE"; else its class.
std::string unit_name(const Model& model, Index unit);

// By kind of measure, in the units that the project assigns.
class ProjectUnits {
 public:
  explicit ProjectUnits(const Model& model);
  // For a value of the type, which is one of the model's schema; null: as it stands.
  UnitScale of(const schema::Type* measure) const {
    return measure == nullptr || by_type_.empty() ? UnitScale{} : by_type_[measure->index];
  }

 private:
  std::vector<UnitScale> by_type_;  // By index of the type.
};

// "LENGTHUNIT" of "IFCPOSITIVELENGTHMEASURE"; empty if the type is no measure.
std::string unit_kind_of(std::string_view measure);

}  // namespace aecos::ifc
