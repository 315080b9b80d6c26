#pragma once
// The files that `aecos validate` looks at: of folders, of what was saved since the last commit, of a revision.

#include <string>
#include <vector>

#include "check/validate.h"
#include "cli/command.h"

namespace aecos::cli {

struct ValidateSources {
  std::vector<std::string> what;  // Files and folders, or one revision; empty: the project, or this folder.
  bool changed = false;
  std::vector<std::string> ids;  // Files beside those of the project.
};

// Keeps the bytes that the files refer to.
struct ValidateInput {
  std::vector<check::InputFile> files, ids;
  bool whole_project = false;
  std::vector<os::MappedFile> mapped;
  std::vector<std::unique_ptr<std::string>> texts;
};

Result<ValidateInput> collect_input(Context& context, const ValidateSources& sources);

}  // namespace aecos::cli
