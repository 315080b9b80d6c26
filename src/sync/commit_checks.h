#pragma once
// What a commit is held to before it is made: a list of checks, each of which looks at the files that would change.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/staged.h"

namespace aecos::sync {

struct CommitCheck {
  std::string_view name;  // "soundness": what it is called where it is skipped.
  // A line for each finding: "house.ifc:12:3: …". What was wrong before counts for nothing. `unread`: a line for what
  // is not checked, as its content is out of reach here.
  Result<std::vector<std::string>> (*run)(Workspace& workspace, const std::vector<StagedFile>& files,
                                          std::vector<std::string>& unread);
  bool only_tells = false;  // What it says holds no commit up.
};

// In the order in which they are run.
std::span<const CommitCheck> commit_checks();

}  // namespace aecos::sync
