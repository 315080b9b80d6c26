#pragma once
// The program by the name pre-commit, as older set-ups link to it, is git's hook of that name.

#include <string_view>

#include "cli/command.h"

namespace aecos::cli {

// Whether a program called by this path is meant to be the hook: it does what `aecos hook pre-commit` does.
bool is_pre_commit(std::string_view program);

}  // namespace aecos::cli
