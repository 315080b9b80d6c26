#pragma once
// Bringing two lines of work together, as a commit, without touching the work tree.

#include <string>
#include <vector>

#include "revision/library.h"
#include "revision/record.h"

namespace aecos::revision {

struct Integration {
  CommitId commit;  // One of the two, where it has all of the other; else a new merge of both.
  bool is_new = false;
  std::vector<Record> opened;        // Conflicts recorded in it that were not recorded before.
  std::size_t merged_files = 0;      // Changed on both sides and merged.
  std::vector<CommitId> bases = {};  // The best common ancestors of the two; none where one is zero, too.
};

// In whose name commits are made, and how.
struct Maker {
  git::Signature signature;  // With the time.
  std::string branch;        // Short; conflicts are recorded as of this branch.
  merge::Policy policy = merge::Policy::integrated;
  std::vector<std::string> trailers = {};  // Further ones of a merge commit.
  bool always_merge = false;               // A merge commit also where the branch could just move on.
};

// `ours` is what is already shared, `theirs` what comes in; either may be zero. The first parent of a new merge is
// ours. The maker's policy decides where both changed a value.
Result<Integration> integrate(const Library& library, CommitId ours, CommitId theirs, const std::string& subject,
                              const Maker& maker);

// A commit on top of `head` with all that differs between `from` and `to` applied to it (taking back is from the newer
// to the older). Zero: nothing changes.
Result<Integration> apply(const Library& library, CommitId head, CommitId from, CommitId to, const std::string& message,
                          const Maker& maker);

}  // namespace aecos::revision
