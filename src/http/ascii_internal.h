#pragma once
// Letters as HTTP knows them, whatever the locale.

#include <string_view>

namespace aecos::http {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr bool is_alphanumeric(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z'); }
// RFC 9110, section 5.6.2: what methods and header names are made of.
constexpr bool is_token_letter(char c) {
  return is_alphanumeric(c) || (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}
constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20U || c == 0x7F; }
// -1: none.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  return lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
}

bool is_same_word(std::string_view a, std::string_view b);  // Without regard to case.
std::string_view trimmed(std::string_view text);            // Without blanks and tabs at both ends.

}  // namespace aecos::http
