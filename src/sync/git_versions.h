#pragma once

#include "sync/versions.h"
#include "sync/workspace.h"

namespace aecos::sync {

// The versions in a git repository. The workspace must live longer.
class GitVersions final : public Versions {
 public:
  explicit GitVersions(Workspace& workspace) : workspace_(workspace) {}

  Result<std::vector<FileDifference>> difference(CommitId from, CommitId to) override;
  Result<std::vector<std::string>> contents(const std::vector<FileAt>& files) override;
  Result<std::vector<bool>> are_as(const std::vector<FileAt>& files) override;
  Result<> set_index(const std::vector<TreeEdit>& edits) override;
  Result<> move_branch(const Placing& move, const std::string& log_message) override;

 private:
  Workspace& workspace_;
};

// Whether permission bits mean something in this work tree.
bool trusts_modes(const Workspace& workspace);

Desk desk_of(Workspace& workspace, Versions& versions);

}  // namespace aecos::sync
