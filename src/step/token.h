#pragma once
// The tokens inside the arguments of an instance.

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace aecos::step {

enum class TokenKind : std::uint8_t {
  end,
  open,   // (
  close,  // )
  comma,
  reference,    // #12
  string,       // 'it''s', with its quotes
  binary,       // "0F", with its quotes
  number,       // 12, -1.5E-3
  enumeration,  // .ELEMENT., .T.
  omitted,      // $
  derived,      // *
  keyword,      // IFCLABEL of a typed value; as spelt
  other,        // What no rule describes; never in a sound file.
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
};

namespace detail {

enum CharacterClass : std::uint8_t { none, space, digit, letter, sign };

constexpr std::array<std::uint8_t, 256> character_classes() {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t c = 0; c <= ' '; ++c) table[c] = space;
  for (std::size_t c = '0'; c <= '9'; ++c) table[c] = digit;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) table[c] = letter;
  for (std::size_t c = 'a'; c <= 'z'; ++c) table[c] = letter;
  table['_'] = table['!'] = letter;
  table['-'] = table['+'] = sign;
  return table;
}
inline constexpr auto classes = character_classes();
inline std::uint8_t class_of(char c) { return classes[static_cast<unsigned char>(c)]; }

}  // namespace detail

// Walks over text from front to back, skipping white space and comments. Never reads past the end.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  Token next() {
    if (at_ != end_ && (detail::class_of(*at_) == detail::space || *at_ == '/')) skip_space();
    if (at_ == end_) return {};
    const char* const begin = at_++;
    switch (*begin) {
      case '(':
        return {TokenKind::open, {begin, 1}};
      case ')':
        return {TokenKind::close, {begin, 1}};
      case ',':
        return {TokenKind::comma, {begin, 1}};
      case '$':
        return {TokenKind::omitted, {begin, 1}};
      case '*':
        return {TokenKind::derived, {begin, 1}};
      case '#':
        while (at_ != end_ && detail::class_of(*at_) == detail::digit) ++at_;
        return {TokenKind::reference, from(begin)};
      case '\'':
        skip_string();
        return {TokenKind::string, from(begin)};
      case '"':
        while (at_ != end_ && *at_ != '"') ++at_;
        if (at_ != end_) ++at_;
        return {TokenKind::binary, from(begin)};
      case '.':
        while (at_ != end_ && is_word_part(*at_)) ++at_;
        if (at_ != end_ && *at_ == '.') ++at_;
        return {TokenKind::enumeration, from(begin)};
      default:
        return other(begin);
    }
  }
  // Where the next token is looked for.
  const char* position() const { return at_; }

 private:
  static bool is_word_part(char c) {
    return detail::class_of(c) == detail::letter || detail::class_of(c) == detail::digit || c == '-';
  }
  static bool is_number_part(char c) {
    return detail::class_of(c) == detail::digit || c == '.' || c == 'E' || c == 'e' ||
           detail::class_of(c) == detail::sign;
  }
  std::string_view from(const char* begin) const { return {begin, static_cast<std::size_t>(at_ - begin)}; }

  Token other(const char* begin) {
    const std::uint8_t first = detail::class_of(*begin);
    if (first == detail::digit || first == detail::sign) {
      while (at_ != end_ && is_number_part(*at_)) ++at_;
      return {TokenKind::number, from(begin)};
    }
    if (first != detail::letter) return {TokenKind::other, from(begin)};
    while (at_ != end_ && is_word_part(*at_)) ++at_;
    return {TokenKind::keyword, from(begin)};
  }

  // Behind the closing quote; two quotes are one character of the string.
  void skip_string() {
    for (;;) {
      const void* const quote = std::memchr(at_, '\'', static_cast<std::size_t>(end_ - at_));
      if (quote == nullptr) {
        at_ = end_;
        return;
      }
      at_ = static_cast<const char*>(quote) + 1;
      if (at_ == end_ || *at_ != '\'') return;
      ++at_;
    }
  }

  void skip_space();

  const char* at_;
  const char* end_;
};

// The id of a reference token; 0 if it does not fit 63 bits.
std::uint64_t reference_id(std::string_view token);

// "(a,(b,c),'d')" -> "a", "(b,c)", "'d'": the attributes of an instance or the members of a list, without white space
// or comments around them. Not a parenthesised text: empty.
std::vector<std::string_view> split(std::string_view parenthesised);

// Only the attribute at a position, and which of the references of the arguments are in it. Fewer attributes: empty.
struct Nth {
  std::string_view text;
  std::size_t first_ref = 0;
  std::size_t refs = 0;
};
Nth nth(std::string_view parenthesised, std::size_t at);

// Where the arguments are not well-formed: the offset of the first fault, and what; npos if they are sound.
struct Fault {
  std::size_t offset = std::string_view::npos;
  const char* what = "";
};
Fault check_arguments(std::string_view parenthesised);

// The text a string token stands for, as UTF-8: '' undone, \S\ \P\ \X\ \X2\ \X4\ decoded (ISO 10303-21 6.4.3); raw
// bytes that are not UTF-8 are taken as ISO 8859-1.
std::string decode_string(std::string_view token);
// A string token with only printable ASCII in it.
std::string encode_string(std::string_view utf8);

// A number token as a double, whatever its spelling. False: not a number.
bool number_value(std::string_view token, double& value);

}  // namespace aecos::step
