#pragma once
// Syncing as people save: what is saved here goes out at once, what others save comes in at once.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "os/watcher.h"
#include "sync/hub_link.h"
#include "sync/sync.h"

namespace aecos::sync {

enum class Link {
  none,       // The remote is no hub: it is looked at every few seconds.
  connected,  // What happens is heard of at once.
  lost,       // It is tried again; what is saved is committed and goes out when it is back.
};

struct WatchOptions {
  SyncOptions sync;
  std::function<std::unique_ptr<http::Client>()> connect;  // For each conversation with a hub.
  std::function<bool()> is_ending;                         // Asked several times a second.
  std::function<void(const SyncReport&)> synced = {};      // After each cycle in which something happened.
  std::function<void(const Error&)> failed = {};           // A cycle that could not be done; it is tried again.
  std::function<void(Link, const std::string& why)> linked = {};
  std::int64_t settle_us = 15'000;   // A pause in the saving after which it is looked at.
  std::int64_t poll_us = 5'000'000;  // Between looks at a remote that is no hub.
};

// Until is_ending(). Only one at a time in a work tree: changed_meanwhile.
Result<> watch(const World& world, const std::string& folder, os::Watcher& watcher, const WatchOptions& options);

// Folders whose changes are nobody's work.
bool is_left_out(std::string_view relative_folder);

}  // namespace aecos::sync
