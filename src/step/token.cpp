#include "step/token.h"

#include <charconv>

namespace aecos::step {
void Tokens::skip_space() {
  while (at_ != end_) {
    if (detail::class_of(*at_) == detail::space) {
      ++at_;
    } else if (*at_ == '/' && end_ - at_ > 1 && at_[1] == '*') {
      at_ += 2;
      while (end_ - at_ > 1 && !(at_[0] == '*' && at_[1] == '/')) ++at_;
      at_ = end_ - at_ > 1 ? at_ + 2 : end_;
    } else {
      return;
    }
  }
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

Nth nth(std::string_view parenthesised, std::size_t at) {
  Nth found;
  Tokens tokens(parenthesised);
  if (tokens.next().kind != TokenKind::open) return {};
  const char* const last = parenthesised.data() + parenthesised.size();
  const auto behind = [last](const char* p, char mark) {
    const void* const close = std::memchr(p, mark, static_cast<std::size_t>(last - p));
    return close == nullptr ? last : static_cast<const char*>(close) + 1;
  };
  std::size_t left = at;  // So many commas before it.
  const char* next = tokens.position();
  for (std::size_t depth = 1; next != last;) {
    const char* const here = next++;
    const char c = *here;
    if (c == '/' && next != last && *next == '*') {
      const std::size_t close = parenthesised.find("*/", static_cast<std::size_t>(next + 1 - parenthesised.data()));
      next = close == std::string_view::npos ? last : parenthesised.data() + close + 2;
      continue;
    }
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == '\'' || c == '"') next = behind(next, c);  // Of '' in a string, one closes and the other one opens.
    if (depth == 0 || (depth == 1 && c == ',')) {
      if (left == 0) return found;
      if (depth == 0) return {};
      --left;
    } else if (left != 0) {
      found.first_ref += c == '#' ? 1 : 0;
    } else if (static_cast<unsigned char>(c) > ' ') {
      found.refs += c == '#' ? 1 : 0;
      const char* const begin = found.text.empty() ? here : found.text.data();
      found.text = {begin, static_cast<std::size_t>(next - begin)};
    }
  }
  return left == 0 ? found : Nth{};
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
