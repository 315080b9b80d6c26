#pragma once
// Settling a conflict: a person says which value stands.

#include <string>
#include <variant>
#include <vector>

#include "sync/open_conflicts.h"
#include "sync/sync.h"

namespace aecos::sync {

struct AsItIs {};  // What the file says now stands.
struct NewValue {
  std::string json;  // Neither of the sides' values but this one.
};
using Decision = std::variant<merge::Side, NewValue, AsItIs>;

struct Resolution {
  Record record;
  CommitId commit;                  // Zero: of a merge by plain git, which is not committed yet.
  std::vector<CommitMade> commits;  // Of work that was saved before.
  std::vector<Waiting> waiting;     // The file could not be replaced yet.
  std::size_t open_in_path = 0;     // Conflicts that are left in this file.
};

// Writes the value into the file and removes the record, as one commit on the branch that is checked out. Of a path
// that plain git left unmerged: writes the value into the file and, when no conflict is left in it, adds the path to
// the index. `reasons`: lines for the commit's message. invalid_input: the value cannot be put there; nothing was
// changed.
Result<Resolution> resolve(Workspace& workspace, const std::string& id, const Decision& decision,
                           std::vector<std::string> reasons = {});

// Whether resolve() could do it, of a conflict that is recorded in a commit; its error says why not. Changes nothing.
Result<> can_resolve(Workspace& workspace, const OpenConflict& conflict, const Decision& decision);

// A value as people write it: JSON as it is; what is none is a text.
std::string json_of(const std::string& value);

}  // namespace aecos::sync
