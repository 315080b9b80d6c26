#pragma once
// The versions of a project, as far as moving a work tree from one to the other needs them: git in the program, memory
// in tests.

#include <string>
#include <utility>
#include <vector>

#include "base/object_id.h"
#include "base/result.h"
#include "sync/journal.h"
#include "sync/revisions.h"

namespace aecos::sync {

struct FileAt {
  std::string path;
  FileVersion version;
};

class Versions {
 public:
  virtual ~Versions() = default;
  // A zero commit is the empty project.
  virtual Result<std::vector<FileDifference>> difference(CommitId from, CommitId to) = 0;
  // The bytes that belong into the work tree, as filters and line endings have it; of a link, where it leads. In order.
  virtual Result<std::vector<std::string>> contents(const std::vector<FileAt>& files) = 0;
  // Whether the regular files of the work tree are those versions, were they committed now. In order.
  virtual Result<std::vector<bool>> are_as(const std::vector<FileAt>& files) = 0;
  // Neither touches the work tree. Moving the branch fails with changed_meanwhile if it is not at `from` any more.
  virtual Result<> set_index(const std::vector<TreeEdit>& edits) = 0;
  virtual Result<> move_branch(const Placing& move, const std::string& log_message) = 0;
};

}  // namespace aecos::sync
