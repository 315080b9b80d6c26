#pragma once
// The files that `aecos validate` looks at: of folders, of what was saved since the last commit, of a revision.

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "revision/validation.h"
#include "sync/workspace.h"

namespace aecos::cli {

struct ValidateSources {
  std::vector<std::string> what;  // Files and folders, or one revision; empty: the project, or this folder.
  bool changed = false;
  std::vector<std::string> ids;  // Files beside those of the project.
};

struct ValidateInput {
  std::unique_ptr<sync::Workspace> workspace;  // Null: in no project.
  std::unique_ptr<revision::OutcomeStore> outcomes;
  revision::Validation validation;  // With the project's waivers, and today's date; refers to what is above.
};

Result<ValidateInput> collect_input(Context& context, const ValidateSources& sources);

}  // namespace aecos::cli
