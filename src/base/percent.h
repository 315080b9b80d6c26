#pragma once

#include <string>
#include <string_view>

#include "base/ascii.h"

namespace aecos {

// As part of a URI (RFC 3986): all but letters, digits, "-._~" and `kept` as "%C3%A4".
inline std::string percent_encode(std::string_view text, std::string_view kept = "") {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') ||
                       std::string_view("-._~").find(c) != std::string_view::npos ||
                       kept.find(c) != std::string_view::npos;
    const auto byte = static_cast<unsigned char>(c);
    if (plain) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return out;
}

}  // namespace aecos
