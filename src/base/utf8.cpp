#include "base/utf8.h"

namespace aecos {
namespace {

constexpr char32_t replacement = 0xfffd;

// The length that a lead byte announces; 0 for none.
int announced_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

bool decode(std::string_view bytes, std::size_t& at, char32_t& code) {
  const auto lead = static_cast<unsigned char>(bytes[at]);
  const int length = announced_length(lead);
  if (length == 0 || at + static_cast<std::size_t>(length) > bytes.size()) return false;
  code = length == 1 ? lead : lead & (0x7fU >> length);
  for (int i = 1; i < length; ++i) {
    const auto c = static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    if ((c & 0xc0) != 0x80) return false;
    code = (code << 6) | (c & 0x3f);
  }
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
  at += static_cast<std::size_t>(length);
  return true;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  char32_t code = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    if (static_cast<unsigned char>(bytes[at]) < 0x80) {
      ++at;
    } else if (!decode(bytes, at, code)) {
      return false;
    }
  }
  return true;
}

void append_utf8(std::string& out, char32_t code) {
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) code = replacement;
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const int extra = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr unsigned lead[] = {0, 0xc0, 0xe0, 0xf0};
  out += static_cast<char>(lead[extra] | (code >> (6 * extra)));
  for (int i = extra - 1; i >= 0; --i) out += static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3f));
}

char32_t next_utf8(std::string_view bytes, std::size_t& at) {
  char32_t code = replacement;
  if (!decode(bytes, at, code)) {
    ++at;
    return replacement;
  }
  return code;
}

}  // namespace aecos
