#pragma once
// Changing records of an index without reading and writing all of it through git.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/object_id.h"
#include "base/tree_entry.h"
#include "os/bulk_status.h"

namespace aecos::git {

struct IndexPatch {
  std::string path;
  FileMode mode = FileMode::file;
  BlobId id;
  os::BulkStatus status;  // Of the file in the work tree, if it is just that version; else not found.
};

// The bytes of the index with these records changed, and what git remembers of their folders forgotten. Absent where
// that is not all it takes: paths that the index does not have or that are unmerged, or an index of a rarer kind.
std::optional<std::string> patch_index(std::string_view bytes, const std::vector<IndexPatch>& patches);

}  // namespace aecos::git
