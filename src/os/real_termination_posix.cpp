#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "os/posix_internal.h"
#include "os/termination.h"

namespace aecos::os {
namespace {

std::atomic<int> told = -1;  // Where the handler writes; a handler can have no object.

extern "C" void on_signal(int) {
  const int saved = errno;
  const char byte = 1;
  if (const int pipe = told; pipe >= 0) static_cast<void>(!::write(pipe, &byte, 1));
  errno = saved;
}

class RealTermination final : public Termination {
 public:
  RealTermination() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
    read_ = Descriptor(ends[0]);
    write_ = Descriptor(ends[1]);
    told = *write_;
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, &before_[0]);
    ::sigaction(SIGTERM, &action, &before_[1]);
  }
  ~RealTermination() override {
    if (!read_) return;
    ::sigaction(SIGINT, &before_[0], nullptr);
    ::sigaction(SIGTERM, &before_[1], nullptr);
    told = -1;
  }
  RealTermination(const RealTermination&) = delete;
  RealTermination& operator=(const RealTermination&) = delete;

  bool wait(std::int64_t timeout_us) override {
    pollfd watched{*read_, POLLIN, 0};
    const int limit = timeout_us < 0 ? -1 : static_cast<int>((timeout_us + 999) / 1000);
    int found = ::poll(&watched, 1, limit);
    while (found < 0 && errno == EINTR) found = ::poll(&watched, 1, limit);
    return found > 0;
  }

 private:
  Descriptor read_, write_;
  std::array<struct sigaction, 2> before_{};
};

}  // namespace

std::unique_ptr<Termination> catch_termination() { return std::make_unique<RealTermination>(); }

}  // namespace aecos::os
