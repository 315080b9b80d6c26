#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace aecos::os {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;
};

// Unpredictable: fit for secrets.
std::unique_ptr<Random> real_random();

// The same bytes for the same seed on every machine, for tests and demonstrations.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::byte> bytes) override;

 private:
  std::uint64_t state_;
};

std::uint64_t random_number(Random& random);

// Twice as many lower-case hex digits as `bytes`.
std::string random_hex(Random& random, std::size_t bytes);

}  // namespace aecos::os
