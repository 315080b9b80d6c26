#pragma once
// What a work tree is like, without changing or exchanging anything.

#include <string>
#include <vector>

#include "sync/saved_work.h"
#include "sync/sync.h"

namespace aecos::sync {

struct StatusReport {
  std::string branch, shared_branch, remote;
  bool has_shared = false;                // The shared branch is known here.
  std::size_t to_share = 0, to_take = 0;  // Commits; as far as the last exchange told.
  std::vector<FileChanges> changes;       // Saved, not committed yet.
  std::vector<Held> held;                 // Saved, and held back by the next sync: they have a secret in them.
  std::vector<Waiting> waiting;           // Others' versions of these files are not in place yet.
  std::vector<std::string> unmerged;      // By plain git.
  std::size_t conflicts = 0;              // Open, recorded in the project.
  std::string running;                    // Who holds the lock; empty: nobody.
  std::string activity;                   // "merge", "rebase" ...; empty: none.
  bool interrupted = false;               // A sync was killed; the next one goes on.
};

// What is read to tell changes in building terms; of the rest only the path is told, and whether it was added.
struct StatusLimits {
  std::size_t files = 20;
  std::uint64_t bytes = 16U << 20U;
  bool may_fetch = false;  // Also what is in Git LFS and not here.
};

Result<StatusReport> status(Workspace& workspace, const StatusLimits& limits = {});

std::string_view to_string(git::Activity activity);

}  // namespace aecos::sync
