#include <charconv>
#include <cstdio>

#include "base/utf8.h"
#include "step/token.h"

namespace aecos::step {
namespace {

// Reads `digits` hexadecimal digits; false where there are fewer.
bool read_hex(std::string_view text, std::size_t at, std::size_t digits, char32_t& value) {
  if (at + digits > text.size()) return false;
  std::uint32_t number = 0;
  const char* const begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + digits, number, 16);
  value = number;
  return error == std::errc() && end == begin + digits;
}

// \X2\00E4\X0\ (UTF-16 units) and \X4\0001F3E0\X0\; `at` stands behind the opening directive.
std::size_t decode_wide(std::string_view text, std::size_t at, std::size_t digits, std::string& out) {
  char32_t unit = 0;
  char32_t high = 0;
  while (read_hex(text, at, digits, unit)) {
    at += digits;
    if (digits == 4 && unit >= 0xd800 && unit < 0xdc00) {
      high = unit;
    } else if (digits == 4 && high != 0 && unit >= 0xdc00 && unit < 0xe000) {
      append_utf8(out, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
      high = 0;
    } else {
      append_utf8(out, unit);
    }
  }
  return text.substr(at, 4) == "\\X0\\" ? at + 4 : at;
}

// One directive that starts with a backslash; returns where to go on.
std::size_t decode_directive(std::string_view text, std::size_t at, std::string& out) {
  const std::string_view rest = text.substr(at);
  char32_t code = 0;
  if (rest.starts_with("\\\\")) return out += '\\', at + 2;
  if (rest.starts_with("\\S\\") && rest.size() > 3 && rest[3] >= ' ' && rest[3] <= '~') {
    append_utf8(out, static_cast<unsigned char>(rest[3]) + 0x80U);
    return at + (rest.substr(3).starts_with("''") ? 5 : 4);
  }
  if (rest.starts_with("\\X2\\")) return decode_wide(text, at + 4, 4, out);
  if (rest.starts_with("\\X4\\")) return decode_wide(text, at + 4, 8, out);
  if (rest.starts_with("\\X\\") && read_hex(text, at + 3, 2, code)) return append_utf8(out, code), at + 5;
  if (rest.size() > 3 && rest[1] == 'P' && rest[3] == '\\')
    return at + 4;  // An alphabet other than Latin-1: see below.
  out += '\\';
  return at + 1;
}

}  // namespace

std::string decode_string(std::string_view token) {
  if (token.size() >= 2 && token.front() == '\'') token = token.substr(1, token.size() - 2);
  std::string out;
  out.reserve(token.size());
  const bool utf8 = is_utf8(token);
  for (std::size_t at = 0; at < token.size();) {
    const char c = token[at];
    if (c == '\\') {
      at = decode_directive(token, at, out);
    } else if (c == '\'' && at + 1 < token.size() && token[at + 1] == '\'') {
      out += c;
      at += 2;
    } else {
      if (utf8 || static_cast<unsigned char>(c) < 0x80)
        out += c;
      else
        append_utf8(out, static_cast<unsigned char>(c));
      ++at;
    }
  }
  return out;
}

std::string encode_string(std::string_view utf8) {
  std::string out = "'";
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t code = next_utf8(utf8, at);
    char buffer[24];
    if (code == '\'' || code == '\\') {
      out.append(2, static_cast<char>(code));
    } else if (code >= 0x20 && code < 0x7f) {
      out += static_cast<char>(code);
    } else if (code <= 0xffff) {
      std::snprintf(buffer, sizeof buffer, "\\X2\\%04X\\X0\\", static_cast<unsigned>(code));
      out += buffer;
    } else {
      std::snprintf(buffer, sizeof buffer, "\\X4\\%08X\\X0\\", static_cast<unsigned>(code));
      out += buffer;
    }
  }
  return out += '\'';
}

}  // namespace aecos::step
