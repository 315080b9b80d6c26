#include <chrono>
#include <thread>

#include "os/clock.h"

namespace aecos::os {
namespace {

template <class C>
std::int64_t microseconds_of() {
  return std::chrono::duration_cast<std::chrono::microseconds>(C::now().time_since_epoch()).count();
}

class RealClock final : public Clock {
 public:
  std::int64_t now_us() override { return microseconds_of<std::chrono::system_clock>(); }
  std::int64_t monotonic_us() override { return microseconds_of<std::chrono::steady_clock>(); }
  void sleep_us(std::int64_t duration_us) override {
    std::this_thread::sleep_for(std::chrono::microseconds(duration_us));
  }
};

}  // namespace

std::unique_ptr<Clock> real_clock() { return std::make_unique<RealClock>(); }

}  // namespace aecos::os
