#pragma once
// The forge of the project a command works in, asked from this machine.

#include <memory>
#include <optional>
#include <string>

#include "cli/command.h"
#include "forge/forge.h"
#include "sync/workspace.h"

namespace aecos::cli {

// .aecos/forge.json as the work tree has it; absent: there is none.
Result<std::optional<forge::Settings>> read_forge(Context& context, const sync::Workspace& workspace);

// "GITHUB_TOKEN"
std::string token_variable(forge::Kind kind);

// How it is reached with the user's own token: GITHUB_TOKEN, GITLAB_TOKEN or GITEA_TOKEN (see own_settings.h). An API
// elsewhere than at the public service gets the token only if GITHUB_API_URL (…) says so too: a project that was cloned
// must not have it sent to a machine of its choice. not_found: there is no token; denied: it is not for that API.
Result<forge::Access> forge_access(Context& context, sync::Workspace& workspace, const forge::Settings& settings);

}  // namespace aecos::cli
