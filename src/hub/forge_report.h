#pragma once
// What a pull request brings, and what merging it would leave to decide; nothing is written to the repository for it.

#include "forge/comment.h"
#include "hub/projects.h"

namespace aecos::hub {

// Whether both are in the repository.
bool has_both(const OpenProject& project, CommitId target, CommitId source);

// Of the commits alone: names of branches and addresses are the caller's. Large models that cannot be read within the
// budget of a message are named, and no more.
Result<forge::Report> report_of(OpenProject& project, CommitId target, CommitId source);

}  // namespace aecos::hub
