#include <algorithm>

#include "base/ascii.h"
#include "base/sha256.h"
#include "bcf/bcf.h"

namespace aecos::bcf {
namespace {

constexpr std::size_t guid_length = 36;

bool is_dash(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

}  // namespace

std::string guid_of(std::string_view text) {
  std::string digits = sha256_hex(text).substr(0, 32);
  digits[12] = '8';  // The version: made as whoever makes it sees fit.
  digits[16] = "89ab"[(digits[16] >= 'a' ? digits[16] - 'a' + 10 : digits[16] - '0') & 3];  // The variant.
  std::string guid;
  for (const char digit : digits) {
    if (is_dash(guid.size())) guid += '-';
    guid += digit;
  }
  return guid;
}

bool is_guid(std::string_view text) {
  if (text.size() != guid_length) return false;
  for (std::size_t i = 0; i < guid_length; ++i)
    if (is_dash(i) ? text[i] != '-' : !is_hex(text[i])) return false;
  return true;
}

std::string normal_guid(std::string_view text) {
  if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
  const std::string guid = lower(text.substr(0, guid_length + 1));
  return is_guid(guid) ? guid : std::string();
}

std::string_view to_string(Version version) {
  return version == Version::v2_0 ? "2.0" : version == Version::v2_1 ? "2.1" : "3.0";
}

}  // namespace aecos::bcf
