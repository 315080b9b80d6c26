#pragma once
// "validate" as a check of the hub: what a branch gets is held to the project's requirements and to the rules of IFC.

#include <string>

#include "check/finding.h"
#include "hub/projects.h"
#include "revision/gate.h"

namespace aecos::hub {

inline constexpr std::string_view validate_check = "validate";

// What is wrong in a version and nobody lets pass. denied: more would have to be looked at than "limits.validate-mb"
// has it. What did not change since it was looked at last is not looked at again.
Result<revision::Gate> validate_whole(const Parts& parts, Projects& projects, OpenProject& project, TreeId tree);
// The same of what is new in the later version only.
Result<revision::Gate> validate_step(const Parts& parts, Projects& projects, OpenProject& project, TreeId before,
                                     TreeId after);

}  // namespace aecos::hub
