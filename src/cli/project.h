#pragma once
// The project a command works in.

#include <optional>

#include "cli/command.h"
#include "sync/workspace.h"

namespace aecos::cli {

// The project around the current folder; the error says how to make one.
Result<sync::Workspace> open_workspace(Context& context);

// The same, absent where there is none around. Whatever else is wrong with it is an error: to go on as if there were
// none would overlook what it says.
Result<std::optional<sync::Workspace>> find_workspace(Context& context);

std::string short_id(CommitId id);

}  // namespace aecos::cli
