#pragma once

#include <cstdint>
#include <string_view>

namespace aecos {

// Folds two 64-bit values into one; not symmetric. For matching content, not for security.
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a ^ 0x9e3779b97f4a7c15ULL) * (b ^ 0xd6e8feb86659fd93ULL);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64) ^ (a << 1);
}

// xxHash (XXH3, 64 bits). The same on every machine.
std::uint64_t hash_bytes(std::string_view bytes);

}  // namespace aecos
