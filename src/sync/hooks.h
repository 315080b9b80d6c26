#pragma once
// Git's hooks that call aecos. Those of the user are run first, and never written over.

#include <string>
#include <string_view>
#include <vector>

#include "sync/doctor.h"
#include "sync/workspace.h"

namespace aecos::sync {

// Puts the hooks into the repository; may be repeated. A hook of the same name that is there is kept beside, as
// NAME.yours, and run first. Where git looks for hooks elsewhere (core.hooksPath), nothing is changed. A line for each
// thing that the user is to know.
std::vector<std::string> install_hooks(os::FileSystem& files, const git::Repository& repository,
                                       const std::string& program);

// A finding for each hook that does not call aecos, or one if all do.
std::vector<Finding> check_hooks(Workspace& workspace, const std::string& program);

}  // namespace aecos::sync
