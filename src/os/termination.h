#pragma once
// Being asked to end.

#include <cstdint>
#include <memory>

namespace aecos::os {

// While it lives, Ctrl-C and the system's request to end (SIGINT, SIGTERM) do not end the process, but are told here.
// One at a time.
class Termination {
 public:
  virtual ~Termination() = default;
  // True: somebody asked. Waits at most so long for it; negative: as long as it takes.
  virtual bool wait(std::int64_t timeout_us) = 0;
};

std::unique_ptr<Termination> catch_termination();

}  // namespace aecos::os
