#pragma once
// The program under the name pre-commit: git's hook of that name, which `aecos init` puts into a repository as a link,
// so that no shell is needed. It refuses commits that would bring in a secret.

#include <string_view>

#include "cli/command.h"

namespace aecos::cli {

// Whether a program called by this path is meant to be the hook.
bool is_pre_commit(std::string_view program);

// Status 0: the commit may be made; anything else stops it, with the reason on standard error.
int run_pre_commit(Context& context);

}  // namespace aecos::cli
