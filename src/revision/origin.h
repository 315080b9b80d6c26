#pragma once
// Who set a value, and when: found by walking the history of a file.

#include <functional>
#include <string>
#include <vector>

#include "diff/change.h"
#include "revision/library.h"

namespace aecos::revision {

struct FileEdit {
  git::Commit commit;
  std::vector<diff::Change> changes;  // In this file, by this commit: against every parent the same.
};

struct FileHistory {
  CommitId from;
  std::vector<CommitId> hide = {};  // And their ancestors.
  std::string path = {};
};

// The commits that edited the file, newest first, until `visit` returns false. What a merge only brought together is
// left out: the commits that made it are visited themselves. A version that cannot be compared (not readable as its
// type) counts as a commit without changes.
Result<> walk_edits(const Library& library, const FileHistory& history,
                    const std::function<bool(const FileEdit&)>& visit);

struct Origin {
  CommitId commit;
  std::string author;
};

// The commit that last changed this place of this element after `base`, else the last that changed the file, else
// `tip`. Looks at no more than 100 commits.
Result<Origin> find_origin(const Library& library, CommitId tip, CommitId base, const std::string& path,
                           const diff::ElementRef& element, const std::string& at);

}  // namespace aecos::revision
