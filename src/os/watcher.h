#pragma once
// Noticing that files in a folder, or anywhere below it, changed.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::os {

struct Changed {
  // Files and folders that came, went, or have other content or permissions; relative to the root, sorted, each once. A
  // folder that came is followed by all that lies in it; one that went stands for all that lay in it. May name more
  // than what changed, also what is there no more.
  std::vector<std::string> paths;
  // Changes may have been missed: look at everything.
  bool everything = false;
  [[nodiscard]] bool empty() const { return paths.empty() && !everything; }
};

class Watcher {
 public:
  virtual ~Watcher() = default;
  // What changed since the last call, or since the watch stands. Blocks until something changed, somebody called
  // wake(), or the time is over (then empty); a negative time: as long as it takes. For one thread at a time. To be
  // called often: the system keeps only so many changes. After an error the next call starts anew, with `everything`.
  // unavailable: a limit of the system is reached; the message says what to do.
  virtual Result<Changed> wait(std::int64_t timeout_us) = 0;
  virtual void wake() = 0;  // From any thread. If nobody waits: the next wait() returns at once.
};

// Watches every folder below `root` but those for which `leave_out` is true (called with paths relative to the root),
// and what lies in them. Symbolic links are not followed, save `root` itself. If `root` goes away: `everything`, and
// once more when there is a folder at that path again. Cost: one watch of the system for each folder, which has a limit
// a user. Errors: those of wait(); not_found: there is no such folder; denied.
Result<std::unique_ptr<Watcher>> watch_folder(const std::string& root,
                                              std::function<bool(std::string_view relative_folder)> leave_out);

// Tells what it is told, for tests.
class ManualWatcher final : public Watcher {
 public:
  Result<Changed> wait(std::int64_t timeout_us) override;
  void wake() override;

  // From any thread. What is told before the next wait() comes together.
  void tell(Changed changed);
  void fail(Error error);  // The result of the next wait(), before all that is told.

 private:
  std::mutex mutex_;
  std::condition_variable told_;
  Changed changed_;
  std::optional<Error> error_;
  bool is_woken_ = false;
};

}  // namespace aecos::os
