#pragma once
// A sentence as words, numbers and signs.

#include <string>
#include <string_view>
#include <vector>

namespace aecos::generate {

enum class TokenKind { word, number, sign, quoted };

struct Token {
  TokenKind kind = TokenKind::word;
  std::string text;      // Lower case; of a number its spelling; of a quoted text what is between the quotes.
  std::string original;  // As written.
  double number = 0;
  bool comma = false;  // "2,5": a number, or two: `number` is the first reading.
  bool glued = false;  // No blank before it.
};

// Any bytes. Words joined by a hyphen are two, but where a digit is in them ("W-12"); "300x300" is three tokens.
std::vector<Token> tokenise(std::string_view sentence);

// Whether it looks like a name: letters and digits ("W-12"), or in quotes.
bool is_name(const Token& token);

}  // namespace aecos::generate
