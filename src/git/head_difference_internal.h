#pragma once
// Where the index is not as a tree.

#include <map>
#include <optional>
#include <string>

#include "git/index_file_internal.h"
#include "git/repository.h"

namespace aecos::git {

// By path, what the tree has (absent: nothing), for paths where the index has something else or nothing. Folders whose
// tree the index knows are skipped. A path that is unmerged counts as being in the index and is not among these.
using HeadDifference = std::map<std::string, std::optional<TreeEntry>, std::less<>>;
Result<HeadDifference> head_difference(const Repository& repository, TreeId head, const IndexFile& index);

}  // namespace aecos::git
