#pragma once

#include "sync/sync.h"

namespace aecos::sync {

struct Undone {
  CommitId commit;                   // Zero: it has been taken back already, nothing changed.
  CommitId integration;              // What was taken back.
  std::vector<CommitMade> commits;   // Of work that was saved before.
  std::vector<FileChanges> changes;  // What taking back changed.
  std::vector<Record> opened;        // Where something was edited since: the edit stands, both are recorded.
  std::vector<Waiting> waiting;
};

// Takes back what the last integration brought into this work tree, as a new commit; calling it again brings it back.
// not_found: there is no integration to take back.
Result<Undone> undo(Workspace& workspace);

}  // namespace aecos::sync
