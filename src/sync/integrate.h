#pragma once
// Bringing two lines of work together, as a commit, without touching the work tree.

#include <string>
#include <vector>

#include "sync/record.h"
#include "sync/workspace.h"

namespace aecos::sync {

struct Integration {
  CommitId commit;  // One of the two, where it has all of the other; else a new merge of both.
  bool is_new = false;
  std::vector<Record> opened;    // Conflicts recorded in it that were not recorded before.
  std::size_t merged_files = 0;  // Changed on both sides and merged.
};

// `ours` is what is already shared, `theirs` what comes in; either may be zero. The first parent of a new merge is
// ours. `policy` decides where both changed a value.
Result<Integration> integrate(Workspace& workspace, CommitId ours, CommitId theirs, const std::string& subject,
                              merge::Policy policy);

// A commit on top of `head` with all that differs between `from` and `to` applied to it (taking back is from the newer
// to the older). Zero: nothing changes.
Result<Integration> apply(Workspace& workspace, CommitId head, CommitId from, CommitId to, const std::string& message);

}  // namespace aecos::sync
