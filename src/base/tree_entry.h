#pragma once
// One line of a git tree.

#include <cstdint>
#include <string>

#include "base/object_id.h"

namespace aecos {

enum class FileMode : std::uint32_t {
  folder = 0040000,
  file = 0100644,
  executable = 0100755,
  symlink = 0120000,
  submodule = 0160000,
};

struct TreeEntry {
  std::string name;  // One path component, bytes as git has them.
  FileMode mode = FileMode::file;
  BlobId id;  // Of what the mode says: for a folder tree_id() is the typed one, for a submodule it is a commit.

  [[nodiscard]] TreeId tree_id() const { return TreeId{id.bytes}; }
  [[nodiscard]] bool is_folder() const { return mode == FileMode::folder; }
  [[nodiscard]] bool is_regular() const { return mode == FileMode::file || mode == FileMode::executable; }
  bool operator==(const TreeEntry&) const = default;
};

// A file to be put at, or taken away from, a path of a tree.
struct TreeEdit {
  std::string path;  // From the root of the tree, '/'-separated.
  bool remove = false;
  FileMode mode = FileMode::file;
  BlobId id;
  bool operator==(const TreeEdit&) const = default;
};

}  // namespace aecos
