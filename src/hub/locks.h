#pragma once
// Soft locks: somebody says what they work on.

#include <optional>
#include <string>
#include <vector>

#include "hub/events.h"
#include "hub/projects.h"

namespace aecos::hub {

// Those that hold now, as policy looks at them.
Result<std::vector<policy::HeldLock>> held_locks(store::Store& store, const std::string& project, std::int64_t now_us);

class Locks {
 public:
  Locks(const Parts& parts, Events& events) : parts_(parts), events_(events) {}

  struct Wish {
    std::string kind, target, property_set, reason, branch, element_name, element_class;
    std::int64_t lease_s = 0;  // 0: as configured.
  };
  struct Taken {
    store::Lock lock;
    bool is_new = false;  // False: it is somebody's already; the caller's own was prolonged.
  };
  // What is in the way, if it is somebody else's, is in `lock`.
  Result<Taken> acquire(const Projects::Entry& entry, const Wish& wish);
  Result<std::vector<store::Lock>> list(const std::string& project);
  Result<store::Lock> find(const std::string& project, const std::string& id);
  Result<store::Lock> heartbeat(const Projects::Entry& entry, const std::string& id, std::int64_t lease_s);
  // denied: it is somebody else's, and `force` is not set or the caller may not manage locks.
  Result<store::Lock> release(const Projects::Entry& entry, const std::string& id, bool force,
                              const std::string& reason);
  // Asks the holder for it; handing over gives it to whoever asked.
  Result<store::Lock> ask(const Projects::Entry& entry, const std::string& id, const std::string& message);
  Result<store::Lock> hand_over(const Projects::Entry& entry, const std::string& id);
  // Ends what is over, with an event each; how many.
  Result<std::size_t> expire();

 private:
  event::Draft told(const std::string& type, const std::string& actor, const store::Lock& lock,
                    const std::string& summary);
  Parts parts_;
  Events& events_;
};

std::string title_of(const store::Lock& lock);

}  // namespace aecos::hub
