#pragma once
// What must hold of a version before it becomes part of a branch that asks for it.

#include <string>
#include <vector>

#include "hub/parts.h"
#include "revision/library.h"

namespace aecos::hub {

struct Checked {
  std::string project;
  CommitId commit;       // What was offered: checks reported from outside are of this.
  TreeId before, after;  // Of the branch.
  std::vector<std::string> names;
};

// The names this hub checks itself; all others are reported through the API.
//   "readable": every IFC, JSON and Markdown file that changes can be read as what it is.
bool is_own_check(const std::string& name);

// denied: one failed, or was not reported yet; the message says which and why.
Result<> run_checks(const Parts& parts, const revision::Library& library, const Checked& checked);

}  // namespace aecos::hub
