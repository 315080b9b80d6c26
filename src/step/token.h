#pragma once
// The tokens inside the arguments of an instance.

#include <cstdint>
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

// Walks over text from front to back, skipping white space and comments. Never reads past the end.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}
  Token next();
  // Where the next token is looked for.
  const char* position() const { return at_; }

 private:
  const char* at_;
  const char* end_;
};

// The id of a reference token; 0 if it does not fit 63 bits.
std::uint64_t reference_id(std::string_view token);

// "(a,(b,c),'d')" -> "a", "(b,c)", "'d'": the attributes of an instance or the members of a list, without white space
// or comments around them. Not a parenthesised text: empty.
std::vector<std::string_view> split(std::string_view parenthesised);

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
