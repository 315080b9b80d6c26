#pragma once
// Looking at very many files at once.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "os/file_system.h"

namespace aecos::os {

struct BulkStatus {
  bool found =
      false;  // False also where a folder on the way is missing; true with `other` for what cannot be looked at.
  FileType type = FileType::other;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;  // Last change of the content.
  std::int64_t ctime_ns = 0;  // Last change of anything: nobody can set it back.
  std::uint64_t inode = 0;
  std::uint32_t mode = 0;  // Permission bits.
  std::uint64_t device = 0;
  std::uint32_t user = 0, group = 0;
  bool operator==(const BulkStatus&) const = default;
};

// Looks at each path below `folder` and says what lies there: `seen(position in paths, status)`, called once for each,
// in no order and by several threads at once. Symbolic links at the end of a path are not followed. Uses all cores;
// about half a million paths a second and core where the system has them in memory.
void look_at_all(const std::string& folder, std::span<const std::string_view> paths,
                 const std::function<void(std::size_t, const BulkStatus&)>& seen);

// The same as a list, in the order of the paths.
std::vector<BulkStatus> status_of_all(const std::string& folder, std::span<const std::string_view> paths);

}  // namespace aecos::os
