#pragma once

#include <string>

#include "cli/command.h"
#include "sync/workspace.h"

namespace aecos::cli {

// The GlobalId of an element by name, or by the name of its folder: of element folders as they are saved, else of the
// IFC files in the work tree. not_found: there is none; invalid_input: several have that name.
Result<std::string> find_in_project(Context& context, const sync::Workspace& workspace, const std::string& named);

}  // namespace aecos::cli
