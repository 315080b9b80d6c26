#include <algorithm>
#include <charconv>
#include <optional>

#include "base/utf8.h"
#include "forge/text_internal.h"

namespace aecos::forge {
namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::size_t link_max = 2000;

// What people do not see, or see in another order than it is.
bool is_unseen(char32_t code) {
  return (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || code == 0xAD || (code >= 0xE0000 && code <= 0xE0FFF);
}

bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
}

std::optional<std::int64_t> digits_at(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data() + at, text.data() + at + count, value);
  const bool is_all = read.ec == std::errc() && read.ptr == text.data() + at + count && text[at] != '-';
  return is_all ? std::optional(value) : std::nullopt;
}

// Days since 1970 of a date of the Gregorian calendar; years begin in March, so that leap days come last.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  const std::int64_t y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;
  return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719'468;
}

// Seconds east of UTC; absent: no zone.
std::optional<std::int64_t> zone_of(std::string_view text) {
  if (text == "Z" || text == "z" || text == " UTC" || text == " +0000") return 0;
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (text.size() < 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto hours = digits_at(text, 1, 2), minutes = digits_at(text, text[3] == ':' ? 4 : 3, 2);
  if (!hours || !minutes) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (*hours * 3600 + *minutes * 60);
}

}  // namespace

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

std::string string_of(text::JsonNode node) { return std::string(node.as_string().value_or(std::string_view())); }

std::string cut(std::string_view text, std::size_t characters_max) {
  std::string line;
  std::size_t count = 0, last = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t code = next_utf8(text, at);
    if (is_unseen(code)) continue;
    if (count == characters_max) return line.substr(0, last) + "…";
    last = line.size();
    append_utf8(line, is_control(code) ? U' ' : code);
    ++count;
  }
  return line;
}

std::string line_of(text::JsonNode node, std::size_t characters_max) {
  return cut(node.as_string().value_or(std::string_view()), characters_max);
}

std::string link_of(text::JsonNode node) {
  const std::string url = string_of(node);
  const bool is_web = url.starts_with("https://") || url.starts_with("http://");
  const bool is_plain = std::all_of(url.begin(), url.end(), [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("\"'<>()[]\\`|").find(c) == std::string_view::npos;
  });
  return is_web && is_plain && url.size() <= link_max ? url : "";
}

std::string commit_of(text::JsonNode node) {
  constexpr std::size_t sha1_digits = 40, sha256_digits = 64;
  const std::string id = string_of(node);
  const bool is_hex = id.find_first_not_of("0123456789abcdef") == std::string::npos;
  const bool is_sized = id.size() == sha1_digits || id.size() == sha256_digits;
  return is_hex && is_sized && id.find_first_not_of('0') != std::string::npos ? id : "";
}

std::string branch_of(text::JsonNode ref) {
  constexpr std::string_view heads = "refs/heads/";
  constexpr std::size_t branch_max = 250;
  const std::string name = string_of(ref);
  const std::string branch = name.starts_with(heads) ? name.substr(heads.size()) : "";
  return cut(branch, branch_max) == branch ? branch : "";
}

std::int64_t time_of(std::string_view text) {
  const auto year = digits_at(text, 0, 4), month = digits_at(text, 5, 2), day = digits_at(text, 8, 2);
  const auto hour = digits_at(text, 11, 2), minute = digits_at(text, 14, 2), second = digits_at(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second || *month < 1 || *month > 12 || *day < 1 || *day > 31)
    return 0;
  std::size_t end = 19;
  std::int64_t fraction_us = 0;
  if (end < text.size() && text[end] == '.') {
    std::int64_t unit = second_us / 10;
    for (++end; end < text.size() && text[end] >= '0' && text[end] <= '9'; ++end, unit /= 10)
      fraction_us += (text[end] - '0') * unit;
  }
  const auto zone = zone_of(text.substr(end));
  if (!zone) return 0;
  const std::int64_t minutes = days_of(*year, *month, *day) * 1440 + *hour * 60 + *minute;
  return (minutes * 60 + *second - *zone) * second_us + fraction_us;
}

std::int64_t time_of(text::JsonNode node) {
  constexpr std::int64_t latest_s = 1LL << 38;  // The year 10680: a number beyond it is no time.
  if (const auto seconds = node.as_int()) return *seconds > 0 && *seconds < latest_s ? *seconds * second_us : 0;
  return time_of(node.as_string().value_or(std::string_view()));
}

bool is_same_secret(std::string_view a, std::string_view b) {
  unsigned differing = a.size() == b.size() ? 0 : 1;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const char other = b.empty() ? '\0' : b[k % b.size()];
    differing |= static_cast<unsigned char>(a[k] ^ other);
  }
  return differing == 0;
}

}  // namespace aecos::forge
