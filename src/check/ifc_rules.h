#pragma once
// Whether a model keeps the rules of its schema: references, GlobalIds, values and their types, how many of everything.
// What a schema says in WHERE rules and functions is not looked at.

#include "check/finding.h"
#include "ifc/model.h"

namespace aecos::check {

struct IfcRulesLimits {
  std::size_t findings = 1000;  // That are told; all are counted.
};

// In the order of the file. A class that the schema does not have is told once. Instances of the released drafts
// between the schemas are held to the table that differs least, as far as they have its attributes.
void check_ifc_rules(const ifc::Model& model, const std::string& path, Report& report, IfcRulesLimits limits = {});

}  // namespace aecos::check
