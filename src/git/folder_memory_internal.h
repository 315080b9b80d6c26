#pragma once
// What was found in folders when they were last listed, so that they need not be listed again while nothing is added,
// removed or renamed in them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "os/file_system.h"

namespace aecos::git {

struct Stranger {
  std::string name;
  os::FileType type = os::FileType::file;
};

struct KnownFolder {
  std::string path;           // From the root of the work tree; "" is the root.
  std::int64_t ctime_ns = 0;  // 0: was changing while it was listed.
  std::uint64_t inode = 0;
  std::uint64_t tracked = 0;        // A hash of the names in it that the index has.
  std::vector<Stranger> strangers;  // What lies there and is not in the index.
};

// Sorted as folders are met in the index: by path with a slash at its end, the root first.
using FolderMemory = std::vector<KnownFolder>;
bool is_met_before(std::string_view a, std::string_view b);

std::string to_bytes(const FolderMemory& memory);
// Of bytes that are not whole: nothing.
FolderMemory from_bytes(std::string_view bytes);

}  // namespace aecos::git
