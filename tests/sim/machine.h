#pragma once
// A machine: a disk whose power can fail, a clock that can be wrong, and chances of its own.

#include <cstdint>

#include "os/clock.h"
#include "os/faulty_file_system.h"
#include "os/memory_file_system.h"
#include "os/random.h"

namespace aecos::sim {

// What the time is everywhere.
struct Time {
  std::int64_t now_us = 1'790'000'000'000'000;
};

class MachineClock final : public os::Clock {
 public:
  explicit MachineClock(Time& time) : time_(time) {}
  std::int64_t now_us() override { return time_.now_us + wrong_by_us_; }
  std::int64_t monotonic_us() override { return time_.now_us; }
  void sleep_us(std::int64_t duration_us) override { time_.now_us += duration_us; }
  void jump(std::int64_t by_us) { wrong_by_us_ += by_us; }

 private:
  Time& time_;
  std::int64_t wrong_by_us_ = 0;
};

struct Machine {
  Machine(Time& time, std::uint64_t seed) : clock(time), random(seed) {}

  [[nodiscard]] bool has_power() { return bool(files.status("/")); }
  // What is under way fails from here on; nothing is thrown.
  void cut_power();

  os::MemoryFileSystem disk;  // As whoever looks at it from outside sees it.
  os::FaultyFileSystem files{disk};
  MachineClock clock;
  os::SeededRandom random;
};

}  // namespace aecos::sim
