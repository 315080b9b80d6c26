#include "http/message.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/ascii.h"
#include "http/ascii_internal.h"

namespace aecos::http {
namespace {

constexpr std::string_view base64_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::uint32_t byte_of(char c) { return static_cast<unsigned char>(c); }

}  // namespace

void Headers::set(std::string_view name, std::string value) {
  remove(name);
  list_.emplace_back(name, std::move(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(list_, [&](const auto& header) { return is_same_word(header.first, name); });
}

std::string_view Headers::get(std::string_view name) const {
  const auto found =
      std::find_if(list_.begin(), list_.end(), [&](const auto& h) { return is_same_word(h.first, name); });
  return found == list_.end() ? std::string_view() : found->second;
}

bool Headers::has(std::string_view name) const {
  return std::any_of(list_.begin(), list_.end(), [&](const auto& header) { return is_same_word(header.first, name); });
}

std::string media_type(std::string_view content_type) {
  return lower(trimmed(content_type.substr(0, content_type.find(';'))));
}

bool percent_decode(std::string_view text, bool plus_is_blank, std::string& out) {
  out.clear();
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += plus_is_blank && text[at] == '+' ? ' ' : text[at];
      continue;
    }
    if (text.size() - at < 3) return false;
    const int high = hex_value(text[at + 1]), low = hex_value(text[at + 2]);
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return true;
}

std::string base64_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t left = bytes.size() - at;
    const std::uint32_t group = byte_of(bytes[at]) << 16U | (left > 1 ? byte_of(bytes[at + 1]) << 8U : 0) |
                                (left > 2 ? byte_of(bytes[at + 2]) : 0);
    out += base64_letters[group >> 18U];
    out += base64_letters[group >> 12U & 63U];
    out += left > 1 ? base64_letters[group >> 6U & 63U] : '=';
    out += left > 2 ? base64_letters[group & 63U] : '=';
  }
  return out;
}

bool base64_decode(std::string_view text, std::string& out) {
  out.clear();
  if (text.size() % 4 != 0) return false;
  std::size_t padding = 0;
  while (padding < 2 && text.size() > padding && text[text.size() - 1 - padding] == '=') ++padding;
  text.remove_suffix(padding);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::size_t value = base64_letters.find(c);
    if (value == std::string_view::npos) return false;
    group = group << 6U | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(group >> bits & 255U);
  }
  // One text for one meaning: the bits that padding leaves over are zero.
  return (group & ((1U << bits) - 1U)) == 0;
}

}  // namespace aecos::http
