#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace aecos::os {

class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since 1970 UTC. May jump when the machine's clock is set.
  virtual std::int64_t now_us() = 0;
  // Microseconds since some moment; never goes back. For measuring how long something took.
  virtual std::int64_t monotonic_us() = 0;
  virtual void sleep_us(std::int64_t duration_us) = 0;
};

std::unique_ptr<Clock> real_clock();

// A clock that stands still until it is moved, for tests. Sleeping moves it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::int64_t now_us) : now_us_(now_us) {}
  std::int64_t now_us() override { return now_us_; }
  std::int64_t monotonic_us() override { return now_us_; }
  void sleep_us(std::int64_t duration_us) override { now_us_ += duration_us; }

 private:
  std::int64_t now_us_;
};

// "2024-02-29T07:05:09.000123Z" (RFC 3339).
std::string to_utc_text(std::int64_t time_us);

}  // namespace aecos::os
