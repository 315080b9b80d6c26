#pragma once

#include "cli/command.h"

namespace aecos::cli {

// Where the parts of the view lie that belong to this program: after an installation, or after a build. Empty: nowhere.
std::string view_tools_beside(Context& context);

}  // namespace aecos::cli
