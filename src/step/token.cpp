#include "step/token.h"

#include <array>
#include <charconv>
#include <cstring>

namespace aecos::step {
namespace {

enum Class : std::uint8_t { none, space, digit, letter, sign };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> table{};
  for (int c = 0; c <= ' '; ++c) table[static_cast<std::size_t>(c)] = space;
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = digit;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = letter;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = letter;
  table['_'] = table['!'] = letter;
  table['-'] = table['+'] = sign;
  return table;
}
constexpr auto classes = make_classes();

Class class_of(char c) { return static_cast<Class>(classes[static_cast<unsigned char>(c)]); }
bool is_number_part(char c) { return class_of(c) == digit || c == '.' || c == 'E' || c == 'e' || class_of(c) == sign; }
bool is_word_part(char c) { return class_of(c) == letter || class_of(c) == digit || c == '-'; }

const char* skip_space(const char* p, const char* end) {
  while (p != end) {
    if (class_of(*p) == space) {
      ++p;
    } else if (*p == '/' && end - p > 1 && p[1] == '*') {
      p += 2;
      while (end - p > 1 && !(p[0] == '*' && p[1] == '/')) ++p;
      p = end - p > 1 ? p + 2 : end;
    } else {
      break;
    }
  }
  return p;
}

// Behind the closing quote; "''" is one character of the string.
const char* skip_string(const char* p, const char* end) {
  for (++p; p != end; ++p) {
    p = static_cast<const char*>(std::memchr(p, '\'', static_cast<std::size_t>(end - p)));
    if (p == nullptr) return end;
    if (p + 1 == end || p[1] != '\'') return p + 1;
    ++p;
  }
  return end;
}

template <class Predicate>
const char* skip_while(const char* p, const char* end, Predicate is_part) {
  while (p != end && is_part(*p)) ++p;
  return p;
}

TokenKind single(char c) {
  switch (c) {
    case '(':
      return TokenKind::open;
    case ')':
      return TokenKind::close;
    case ',':
      return TokenKind::comma;
    case '$':
      return TokenKind::omitted;
    case '*':
      return TokenKind::derived;
    default:
      return TokenKind::other;
  }
}

}  // namespace

Token Tokens::next() {
  at_ = skip_space(at_, end_);
  if (at_ == end_) return {};
  const char* const begin = at_;
  TokenKind kind = TokenKind::other;
  switch (*begin) {
    case '#':
      kind = TokenKind::reference;
      at_ = skip_while(begin + 1, end_, [](char c) { return class_of(c) == digit; });
      break;
    case '\'':
      kind = TokenKind::string;
      at_ = skip_string(begin, end_);
      break;
    case '"':
      kind = TokenKind::binary;
      at_ = skip_while(begin + 1, end_, [](char c) { return c != '"'; });
      if (at_ != end_) ++at_;
      break;
    case '.':
      kind = TokenKind::enumeration;
      at_ = skip_while(begin + 1, end_, is_word_part);
      if (at_ != end_ && *at_ == '.') ++at_;
      break;
    default:
      if (class_of(*begin) == digit || class_of(*begin) == sign) {
        kind = TokenKind::number;
        at_ = skip_while(begin + 1, end_, is_number_part);
      } else if (class_of(*begin) == letter) {
        kind = TokenKind::keyword;
        at_ = skip_while(begin + 1, end_, is_word_part);
      } else {
        kind = single(*begin);
        ++at_;
      }
  }
  return {kind, {begin, static_cast<std::size_t>(at_ - begin)}};
}

std::uint64_t reference_id(std::string_view token) {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(token.data() + 1, token.data() + token.size(), id);
  return error == std::errc() && id <= 0x7fffffffffffffffU ? id : 0;
}

std::vector<std::string_view> split(std::string_view parenthesised) {
  std::vector<std::string_view> parts;
  Tokens tokens(parenthesised);
  if (tokens.next().kind != TokenKind::open) return parts;
  const char* begin = nullptr;
  const char* end = nullptr;
  for (std::size_t depth = 1; depth > 0;) {
    const Token token = tokens.next();
    if (token.kind == TokenKind::end) return parts;
    if (token.kind == TokenKind::open) ++depth;
    if (token.kind == TokenKind::close) --depth;
    const bool ends = depth == 0 || (depth == 1 && token.kind == TokenKind::comma);
    if (!ends) {
      if (begin == nullptr) begin = token.text.data();
      end = token.text.data() + token.text.size();
    } else if (begin != nullptr || depth == 1 || !parts.empty()) {
      parts.emplace_back(begin == nullptr ? token.text.data() : begin,
                         begin == nullptr ? 0 : static_cast<std::size_t>(end - begin));
      begin = nullptr;
    }
  }
  return parts;
}

Fault check_arguments(std::string_view text) {
  Tokens tokens(text);
  std::size_t depth = 0;
  bool wants_value = true;  // After '(' or ',': a value; else ',' or ')'.
  bool after_open = false;
  bool after_close = false;
  for (;;) {
    const Token token = tokens.next();
    const auto at = static_cast<std::size_t>(token.text.data() - text.data());
    switch (token.kind) {
      case TokenKind::end:
        if (depth != 0) return {text.size(), "a parenthesis is not closed"};
        return {};
      case TokenKind::open:
        if (!wants_value) return {at, "a comma is missing"};
        ++depth;
        after_open = true;
        continue;
      case TokenKind::close:
        if (depth == 0) return {at, "a parenthesis is closed that was not opened"};
        if (wants_value && !after_open) return {at, "a value is missing"};
        --depth;
        wants_value = false;
        break;
      case TokenKind::comma:
        if (wants_value || depth == 0) return {at, "a value is missing"};
        wants_value = true;
        break;
      case TokenKind::keyword:  // Its value in parentheses follows. In a complex instance, A()B(), no comma comes
                                // before.
        if (!wants_value && (depth != 1 || !after_close)) return {at, "a comma is missing"};
        wants_value = true;
        break;
      case TokenKind::string:
        if (token.text.size() < 2 || token.text.back() != '\'') return {at, "a string is not closed"};
        [[fallthrough]];
      default:
        if (token.kind == TokenKind::other) return {at, "a character that has no meaning here"};
        if (token.kind == TokenKind::reference && token.text.size() == 1) return {at, "'#' without a number"};
        if (!wants_value) return {at, "a comma is missing"};
        wants_value = false;
    }
    after_open = false;
    after_close = token.kind == TokenKind::close;
  }
}

bool number_value(std::string_view token, double& value) {
  if (!token.empty() && token.front() == '+') token.remove_prefix(1);
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
  return end == token.data() + token.size() && error == std::errc();
}

}  // namespace aecos::step
