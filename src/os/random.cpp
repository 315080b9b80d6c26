#include "os/random.h"

#include <algorithm>
#include <array>
#include <vector>

namespace aecos::os {

// SplitMix64.
void SeededRandom::fill(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    std::uint64_t word = state_ += 0x9e3779b97f4a7c15;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    word ^= word >> 31;
    auto count = std::min<std::size_t>(bytes.size(), 8);
    for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>(word >> (8 * i));
    bytes = bytes.subspan(count);
  }
}

std::uint64_t random_number(Random& random) {
  std::array<std::byte, 8> bytes;
  random.fill(bytes);
  std::uint64_t number = 0;
  for (auto byte : bytes) number = number << 8 | static_cast<std::uint64_t>(byte);
  return number;
}

std::string random_hex(Random& random, std::size_t bytes) {
  std::vector<std::byte> raw(bytes);
  random.fill(raw);
  std::string text;
  for (auto byte : raw) {
    text += "0123456789abcdef"[static_cast<unsigned>(byte) >> 4];
    text += "0123456789abcdef"[static_cast<unsigned>(byte) & 15];
  }
  return text;
}

}  // namespace aecos::os
