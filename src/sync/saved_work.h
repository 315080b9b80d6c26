#pragma once
// What was saved in the work tree since the last commit, once it can be trusted to be whole.

#include <string>
#include <vector>

#include "sync/workspace.h"

namespace aecos::sync {

// Edits of one version.
struct SavedEdits {
  CommitId base;
  TreeId tree;  // Of base, with the edits.
  std::vector<FileDifference> files;
};

// Saved, but not to be committed as it is.
struct Held {
  std::string path;
  std::string reason;  // "half-written: END-ISO-10303-21 is missing"
  bool operator==(const Held&) const = default;
};

struct SavedWork {
  std::vector<SavedEdits> edits;  // Of the head first, then of what files wait at; none that changes nothing.
  std::vector<Held> held;
};

// Waits until files stand still for a moment, leaves out what is half-written, links out of the tree, and what tools
// leave behind, and stores the rest as blobs. `head` may be zero. Drops from `journal` what does not wait any more.
// Files with a new secret are left out, too, unless they are wanted `with_secrets`.
Result<SavedWork> collect(Workspace& workspace, CommitId head, Journal& journal, bool with_secrets);

}  // namespace aecos::sync
