#pragma once
// Secrets in a work tree and its history: what a sync holds back, what `aecos secrets scan` finds.

#include <string>
#include <string_view>
#include <vector>

#include "revision/secrets.h"
#include "sync/staged.h"
#include "sync/workspace.h"

namespace aecos::sync {

using revision::SecretAt;

// Why a file that was saved is not to be committed, "12: looks like a github-token …": a secret in it that the file has
// not in `before` (zero: no version). Empty: there is none.
Result<std::string> new_secret(Workspace& workspace, CommitId before, const std::string& path, std::string_view bytes);

// In the commits up to `head` that the shared branch has not, as far as is known here.
Result<std::vector<SecretAt>> secrets_to_share(Workspace& workspace, CommitId head);

// In all files of the work tree that git does not ignore, new or not, and in what is staged otherwise.
Result<std::vector<SecretAt>> secrets_saved(Workspace& workspace);

// In what is staged and HEAD does not have. `index_file`: as git hands it to its hooks; empty: the repository's own.
Result<std::vector<SecretAt>> secrets_staged(Workspace& workspace, const std::string& index_file);

// In what these files have and none of their versions before.
Result<std::vector<SecretAt>> secrets_in(Workspace& workspace, const std::vector<StagedFile>& files);

// In what each commit of "A..B", or the one commit, adds.
Result<std::vector<SecretAt>> secrets_in_range(Workspace& workspace, const std::string& range);

}  // namespace aecos::sync
