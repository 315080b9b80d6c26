#include "os/watcher.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace aecos::os {

Result<Changed> ManualWatcher::wait(std::int64_t timeout_us) {
  std::unique_lock lock(mutex_);
  const auto is_over = [&] { return is_woken_ || error_ || !changed_.empty(); };
  if (timeout_us < 0) {
    told_.wait(lock, is_over);
  } else {
    told_.wait_for(lock, std::chrono::microseconds(timeout_us), is_over);
  }
  is_woken_ = false;
  if (error_) return *std::exchange(error_, std::nullopt);
  return std::exchange(changed_, {});
}

void ManualWatcher::wake() {
  const std::lock_guard lock(mutex_);
  is_woken_ = true;
  told_.notify_all();
}

void ManualWatcher::tell(Changed changed) {
  const std::lock_guard lock(mutex_);
  auto& paths = changed_.paths;
  paths.insert(paths.end(), changed.paths.begin(), changed.paths.end());
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  changed_.everything = changed_.everything || changed.everything;
  told_.notify_all();
}

void ManualWatcher::fail(Error error) {
  const std::lock_guard lock(mutex_);
  error_ = std::move(error);
  told_.notify_all();
}

}  // namespace aecos::os
