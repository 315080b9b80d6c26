#pragma once
// The ids of git objects. Mixing kinds does not compile.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace aecos {

// SHA-1 of an object, by the kind of object. All zero, the default, is no object.
template <class Kind>
struct ObjectId {
  std::array<std::uint8_t, 20> bytes{};

  auto operator<=>(const ObjectId&) const = default;
  explicit operator bool() const { return *this != ObjectId{}; }

  // 40 lower-case hex digits.
  [[nodiscard]] std::string hex() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const std::uint8_t byte : bytes) {
      text += digits[byte >> 4U];
      text += digits[byte & 15U];
    }
    return text;
  }

  // Absent unless `text` is exactly 40 hex digits.
  static std::optional<ObjectId> from_hex(std::string_view text) {
    ObjectId id;
    if (text.size() != 2 * id.bytes.size()) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const int digit = digit_of(text[i]);
      if (digit < 0) return std::nullopt;
      id.bytes[i / 2] = static_cast<std::uint8_t>(id.bytes[i / 2] << 4U | digit);
    }
    return id;
  }

 private:
  static int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  }
};

using CommitId = ObjectId<struct CommitKind>;
using TreeId = ObjectId<struct TreeKind>;
using BlobId = ObjectId<struct BlobKind>;

}  // namespace aecos

template <class Kind>
struct std::hash<aecos::ObjectId<Kind>> {
  std::size_t operator()(const aecos::ObjectId<Kind>& id) const noexcept {
    std::size_t value = 0;
    std::memcpy(&value, id.bytes.data(), sizeof value);  // Already a hash.
    return value;
  }
};
