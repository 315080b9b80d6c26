#pragma once
// Copies of everything a hub keeps, and looking whether it is sound.

#include <cstdint>
#include <string>
#include <vector>

#include "hub/hub.h"

namespace aecos::hub {

struct BackedUp {
  std::size_t projects = 0, files = 0;
  std::uint64_t bytes = 0;
};

// While the hub works on. `folder` must not be there. First the tables, then the repositories: what a repository has
// more than the tables tell is told when the copy is started.
Result<BackedUp> back_up_hub(Hub& hub, const std::string& folder);

// Puts a backup into an empty data folder.
struct Places {
  os::FileSystem& files;
  std::string backup, data, database;  // Database as in Config; empty: SQLite in the data folder.
};
Result<> restore_hub(const Places& places);

// Damage in words: tables, chains, repositories (git fsck), large objects that are not what they are named.
Result<std::vector<std::string>> check_hub(Hub& hub);

}  // namespace aecos::hub
