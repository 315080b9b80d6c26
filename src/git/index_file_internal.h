#pragma once
// The bytes of .git/index.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/object_id.h"
#include "base/result.h"
#include "base/tree_entry.h"

namespace aecos::git {

struct IndexRecord {
  std::string_view path;
  std::size_t offset = 0;  // Of its fixed fields in the bytes.
  BlobId id;
  std::uint32_t mode = 0;
  std::int64_t mtime_ns = 0;  // Its fraction is 0 where whoever wrote it had none.
  std::int64_t ctime_ns = 0;
  std::uint32_t inode = 0;  // Cut to 32 bits, as is size.
  std::uint32_t size = 0;
  std::uint8_t stage = 0;
  bool assume_unchanged = false;
  bool skip_work_tree = false;
  bool intent_to_add = false;
};

// What git remembers of a folder whose tree it has written; children sorted by the length of their names, then by name.
struct CachedFolder {
  std::string_view name;
  TreeId id;  // Zero: has changed since.
  std::vector<CachedFolder> children;
};

struct IndexFile {
  std::vector<IndexRecord> records;  // Sorted by path, then stage; they look into the bytes.
  CachedFolder root;
  std::vector<std::string> paths;  // Where the bytes hold them only in part (version 4).
  std::size_t records_end = 0;     // Offset of the first extension.
};

// The bytes must outlive the answer. invalid_input: broken, or parts of it lie elsewhere (a split or sparse index).
Result<IndexFile> parse_index(std::string_view bytes);

}  // namespace aecos::git
