#pragma once
// The program under the name ifcmerge: a drop-in for the merge tool of that name, for those who call it (Bonsai's Git
// panel, git mergetool): the same arguments, messages and exit status.

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace aecos::cli {

// Whether a program called by this path is meant to be ifcmerge.
bool is_ifcmerge(std::string_view program);

// ifcmerge [--prioritise-local] base.ifc local.ifc remote.ifc merged.ifc
// Status 0: merged, "Success!" on standard output. Status 1: conflicts that a person must settle, reported there as
// JSON, nothing written. Two placements of one object are no such conflict: the side that has priority wins.
int run_ifcmerge(const std::vector<std::string>& arguments, Context& context);

}  // namespace aecos::cli
