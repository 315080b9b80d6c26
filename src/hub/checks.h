#pragma once
// What must hold of a version before it becomes part of a branch.

#include <string>
#include <vector>

#include "hub/projects.h"

namespace aecos::hub {

// denied: more differs between the trees than can be looked at, as where a few folders stand in each other again and
// again. To be known before anything else is done with a tree that somebody pushed.
Result<> check_extent(const git::Repository& repository, TreeId before, TreeId after);

// What a branch would get, as policy judges it. denied: there is something that no branch takes, whoever pushes it: too
// much, a link that leads out of the project, or the pointer to a large object that was not uploaded to it.
Result<std::vector<policy::FileChange>> look_at_changes(OpenProject& project, TreeId before, TreeId after);

struct Checked {
  CommitId commit;       // What was offered: checks reported from outside are of this.
  TreeId before, after;  // Of the branch.
  std::vector<std::string> names, advisory;
  bool as_a_whole = false;  // What was wrong before counts, too.
};

// The names this hub checks itself; all others are reported through the API.
//   "readable": every IFC, JSON and Markdown file that changes can be read as what it is.
//   "validate": what aecos validate holds a project to; see hub/validation.h.
bool is_own_check(const std::string& name);

// What is to be told of them: `json` is a list for Step::checks, or empty.
struct ChecksMade {
  Result<> passed;  // denied: one of `names` failed, or was not reported yet; the message says which and why.
  std::string json;
  std::vector<std::string> warnings;  // Of `advisory`, a line each.
};
ChecksMade run_checks(const Parts& parts, Projects& projects, OpenProject& project, const Checked& checked);

}  // namespace aecos::hub
