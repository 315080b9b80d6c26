#pragma once

#include <string>

#include "cli/command.h"
#include "sync/workspace.h"

namespace aecos::cli {

// The GlobalId of an element by name, or by the name of its folder: of element folders as they are saved, else of the
// IFC files in the work tree. not_found: there is none; invalid_input: several have that name.
Result<std::string> find_in_project(Context& context, const sync::Workspace& workspace, const std::string& named);

// A GlobalId as it is; else as find_in_project.
Result<std::string> global_id_of(Context& context, const sync::Workspace& workspace, const std::string& named);

// Where something is: one of the two.
struct ElementOrPath {
  std::string global_id, path;
};

// A GlobalId, a path that is there, an element as find_in_project has it, or what can only be a path (it has a '/' or a
// '*'). not_found: it is none of them.
Result<ElementOrPath> find_element_or_path(Context& context, const sync::Workspace& workspace,
                                           const std::string& named);

}  // namespace aecos::cli
