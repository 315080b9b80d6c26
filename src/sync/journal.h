#pragma once
// What a sync must know of the one before it: which files of the work tree are not as the branch has them although
// nobody edited them.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/object_id.h"
#include "base/result.h"
#include "os/file_system.h"

namespace aecos::sync {

// The branch is being moved and the work tree with it.
struct Placing {
  std::string branch;  // Full name.
  CommitId from, to;
  bool operator==(const Placing&) const = default;
};

struct Journal {
  std::optional<Placing> placing;  // Set from before the first file is written until after the branch has moved.
  // Files that could not be replaced yet: path -> the commit whose version the work tree's file is, or is an edit of.
  // While placing: all files that are to be replaced.
  std::map<std::string, CommitId> waiting;
  // The last integration that brought somebody else's work, for undo.
  std::optional<Placing> last;
  bool operator==(const Journal&) const = default;
};

// The file has a line for each state, the last whole one counts: adding one costs less than replacing the file.

// No file is an empty journal. invalid_input: it cannot be read.
Result<Journal> read_journal(os::FileSystem& files, const std::string& path);
// One step: after a crash it is this journal or the one before.
Result<> write_journal(os::FileSystem& files, const std::string& path, const Journal& journal);

}  // namespace aecos::sync
