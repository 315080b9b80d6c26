#include "text/value.h"

#include "base/utf8.h"
#include "text/json_writer.h"

namespace aecos::text {
namespace {

std::string base64(std::string_view bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    unsigned group = 0;
    for (std::size_t i = at; i < at + 3; ++i)
      group = group << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i) out += at + i <= bytes.size() ? digits[group >> (18 - 6 * i) & 63] : '=';
  }
  return out;
}

}  // namespace

std::string bytes_value(std::string_view bytes) {
  if (is_utf8(bytes)) return json_quote(bytes);
  return "{\"base64\":\"" + base64(bytes) + "\"}";
}

}  // namespace aecos::text
