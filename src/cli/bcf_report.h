#pragma once
// Findings and conflicts as archives of the BIM Collaboration Format.

#include <string>
#include <vector>

#include "check/finding.h"
#include "cli/command.h"
#include "cli/validate_files.h"
#include "sync/open_conflicts.h"

namespace aecos::cli {

struct BcfOptions {
  std::string file, version = "3.0";
};
// --bcf FILE and --bcf-version.
void add_bcf_options(Command& command, BcfOptions& options);

// Nothing is done where no file was asked for.
Result<> write_bcf(Context& context, const BcfOptions& options, const ValidateSources& sources,
                   const ValidateInput& input, const check::Report& report);
Result<> write_bcf(Context& context, const BcfOptions& options, sync::Workspace& workspace, CommitId head,
                   const std::vector<sync::OpenConflict>& conflicts);

}  // namespace aecos::cli
