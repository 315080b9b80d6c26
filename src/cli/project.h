#pragma once
// The project a command works in.

#include "cli/command.h"
#include "sync/workspace.h"

namespace aecos::cli {

// The project around the current folder; the error says how to make one.
Result<sync::Workspace> open_workspace(Context& context);

std::string short_id(CommitId id);

// "2026-11-22 10:15" in UTC.
std::string short_time(std::int64_t time_s);

}  // namespace aecos::cli
