#pragma once
// Moving the work tree, the index and the branch to another version without touching what somebody saved meanwhile.

#include <string>
#include <vector>

#include "base/result.h"
#include "os/file_system.h"
#include "sync/journal.h"
#include "sync/versions.h"

namespace aecos::sync {

// Where a work tree lies and what is known of it.
struct Desk {
  os::FileSystem& files;
  Versions& versions;
  std::string root;          // Absolute.
  std::string journal_path;  // Absolute.
  bool trust_modes = true;   // Whether permission bits mean something here (core.fileMode).
};

// A file that stays as it is for the time being.
struct Waiting {
  std::string path;
  std::string reason;   // "open in another program (~$plan.docx)"
  bool edited = false;  // Saved since: it goes through the next cycle.
};

struct Placed {
  std::vector<std::string> paths;    // Written or removed.
  std::vector<std::string> settled;  // As desired now: these, and those that were so already.
  std::vector<Waiting> waiting;
};

// Moves branch and work tree. Files that are not as `journal` says (as in move.from, or the commit they wait at) are
// left alone and wait. Safe to be killed at any moment and called again with the journal that is then on disk. Also
// places what waits when move.from == move.to.
Result<Placed> place(const Desk& desk, const Placing& move, Journal& journal, const std::string& log_message);

}  // namespace aecos::sync
