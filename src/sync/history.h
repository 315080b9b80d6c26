#pragma once
// What happened to an element: which files speak of it, which commits changed it, who set its values.

#include <functional>
#include <string>
#include <vector>

#include "diff/change.h"
#include "sync/revisions.h"
#include "sync/workspace.h"

namespace aecos::sync {

// The files of `commit` that speak of this GlobalId; of one that is gone, the files that once did. Looks into element
// folders named after it first.
Result<std::vector<std::string>> files_with(Workspace& workspace, CommitId commit, const std::string& global_id);

struct ElementEdit {
  git::Commit commit;
  std::string path;
  std::vector<diff::Change> changes;  // Of this element.
};

// The commits that changed the element, newest first, until `visit` returns false. not_found: no file speaks of it.
Result<> walk_element(Workspace& workspace, CommitId from, const std::string& global_id,
                      const std::function<bool(const ElementEdit&)>& visit);

// Who set a value that stands.
struct Blame {
  std::string path;
  diff::Change change;  // before -> after; of kind added for all that is as it was when the element came.
  git::Commit commit;
};

// For every place of the element that was ever changed, the commit whose value stands now; followed through merges to
// whoever made it. `place` is a whole place ("Pset_WallCommon.FireRating") or its last part ("FireRating"); empty: all.
Result<std::vector<Blame>> blame(Workspace& workspace, CommitId from, const std::string& global_id,
                                 const std::string& place);

}  // namespace aecos::sync
