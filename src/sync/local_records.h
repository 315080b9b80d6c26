#pragma once
// Records of conflicts that a merge by plain git left, in this work tree only: .git/aecos/conflicts/ID.json, with large
// values beside them as in the project. They hold as long as git calls their path unmerged: committing the path, or
// aborting the merge, settles them.

#include <string>
#include <vector>

#include "base/result.h"
#include "os/file_system.h"
#include "sync/revisions.h"

namespace aecos::sync {

// `state`: the work tree's folder for what only it knows, .git/aecos.
Result<> write_local_records(os::FileSystem& files, const std::string& state, const std::vector<Record>& records);

// All that are there, by id; what is no record is left out.
Result<std::vector<Record>> read_local_records(os::FileSystem& files, const std::string& state);

// The JSON text of a value that the record itself does not hold.
Result<std::string> read_local_value(os::FileSystem& files, const std::string& state, const std::string& hash);

// Those of that path.
Result<> drop_local_records(os::FileSystem& files, const std::string& state, const std::string& path);

}  // namespace aecos::sync
