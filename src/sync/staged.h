#pragma once
// What a commit would change, as git's index has it.

#include <string>
#include <vector>

#include "sync/workspace.h"

namespace aecos::sync {

// What is unmerged, or no file, is left out.
struct StagedFile {
  std::string path;
  std::vector<BlobId> before;  // In HEAD, and in what is merged into it just now; none: it is new.
  BlobId after;                // Zero: it is removed.
};

// `index_file`: as git hands it to its hooks; empty: the repository's own.
Result<std::vector<StagedFile>> staged_files(Workspace& workspace, const std::string& index_file);

// The versions that git merges into HEAD just now.
Result<std::vector<TreeId>> merged_trees(Workspace& workspace);

// From git's --raw -z: ":MODE MODE ID ID KIND", then the path.
std::vector<StagedFile> read_differences(const std::string& raw);

// "a\0b\0" -> "a", "b".
std::vector<std::string> split_list(const std::string& list);

}  // namespace aecos::sync
