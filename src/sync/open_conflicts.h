#pragma once
// The conflicts that wait for a person: recorded in the project, or left by plain git's merge in this work tree.

#include <string>
#include <vector>

#include "sync/revisions.h"
#include "sync/workspace.h"

namespace aecos::sync {

struct OpenConflict {
  Record record;
  bool local = false;  // Of a merge by plain git that is not committed yet.
};

// Records of `commit` (zero: none) and local ones whose path is unmerged; by path, then as they were opened. Files in
// the folder of records that are none are left out.
Result<std::vector<OpenConflict>> open_conflicts(Workspace& workspace, CommitId commit);

// The one whose id is `id` or begins with it. not_found: none, or several.
Result<OpenConflict> find_conflict(Workspace& workspace, CommitId commit, const std::string& id);

// A side's value as JSON text; fetched where the record does not hold it itself.
Result<merge::Value> value_text(Workspace& workspace, const OpenConflict& conflict, merge::Side side);

}  // namespace aecos::sync
