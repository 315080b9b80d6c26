#include "ifc/global_id.h"

#include "base/hash.h"

namespace aecos::ifc {

namespace {

constexpr std::string_view digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$";

}  // namespace

std::string global_id(std::string_view key) {
  const std::uint64_t high = hash_bytes(key);
  const std::uint64_t low = mix(high, key.size());
  // 128 bits: two in the first character, six in each of the others.
  std::string id(1, digits[high >> 62U]);
  for (int i = 0; i < 10; ++i) id += digits[high >> (6 * i) & 63U];
  for (int i = 0; i < 10; ++i) id += digits[low >> (6 * i) & 63U];
  id += digits[low >> 60U | (high >> 60U & 3U) << 4U];
  return id;
}

bool looks_like_global_id(std::string_view text) {
  constexpr std::size_t size = 22;
  return text.size() == size && text.find_first_not_of(digits) == std::string_view::npos;
}

bool is_global_id(std::string_view text) { return looks_like_global_id(text) && text[0] >= '0' && text[0] <= '3'; }

}  // namespace aecos::ifc
