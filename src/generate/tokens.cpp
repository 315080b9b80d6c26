#include "generate/tokens.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/ascii.h"
#include "generate/vocabulary.h"

namespace aecos::generate {
namespace {

// Signs of everyday typing, made plain.
constexpr std::array<std::pair<std::string_view, std::string_view>, 27> plain_signs{{
    {"W/(m²·K)", " wm2k "},
    {"W/(m²K)", " wm2k "},
    {"W/(m2K)", " wm2k "},
    {"W/m²K", " wm2k "},
    {"W/m2K", " wm2k "},
    {"W/m2.K", " wm2k "},
    {"m²", "m2"},
    {"sqm", "m2"},
    {"×", "x"},
    {"–", "-"},
    {"—", "-"},
    {"“", "\""},
    {"”", "\""},
    {"„", "\""},
    {"’", "'"},
    {"′", "'"},
    {"″", "\""},
    {"°", " degrees "},
    {"º", " degrees "},
    {"Ø", " ø "},
    {"⌀", " ø "},
    {"ø", " ø "},
    {"½", ".5"},
    {"\t", " "},
    {"\r", " "},
    {"\n", " . "},
    {"\xC2\xA0", " "},
}};

std::string plain(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto sign = std::find_if(plain_signs.begin(), plain_signs.end(),
                                   [&](const auto& each) { return text.starts_with(each.first); });
    out += sign == plain_signs.end() ? text.substr(0, 1) : sign->second;
    text.remove_prefix(sign == plain_signs.end() ? 1 : sign->first.size());
  }
  return out;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 128;
}
bool has_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); }

class Tokeniser {
 public:
  explicit Tokeniser(std::string text) : text_(std::move(text)) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ') {
        ++at_;
        continue;
      }
      const std::size_t before = tokens_.size(), begin = at_;
      const bool glued = at_ > 0 && text_[at_ - 1] != ' ';
      is_digit(c) || starts_number() ? number() : c == '"' || c == '\'' ? quote() : is_letter(c) ? word() : sign();
      if (before < tokens_.size()) tokens_[before].glued = glued;
      for (std::size_t i = before + 1; i < tokens_.size(); ++i) tokens_[i].glued = true;
      if (at_ == begin) ++at_;  // Whatever it is.
    }
    return std::move(tokens_);
  }

 private:
  char next(std::size_t ahead = 1) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  char previous() const { return at_ > 0 ? text_[at_ - 1] : ' '; }
  void add(TokenKind kind, std::string_view original, double value = 0, bool comma = false) {
    tokens_.push_back({kind, kind == TokenKind::quoted ? std::string(original) : lower(original), std::string(original),
                       value, comma, false});
  }

  // "-5" and ".5", but not the hyphen of "W-5" or the point at the end of "wall 5."
  bool starts_number() const {
    const char c = text_[at_], before = previous();
    const bool free = before == ' ' || before == '(' || before == ',' || before == '=' || before == ':';
    return free && ((c == '-' && (is_digit(next()) || next() == '.')) || (c == '.' && is_digit(next())));
  }

  std::size_t digits(std::size_t from) const {
    while (from < text_.size() && is_digit(text_[from])) ++from;
    return from;
  }
  static double value(std::string text) {
    std::replace(text.begin(), text.end(), ',', '.');
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }

  void number() {
    std::size_t end = digits(text_[at_] == '-' ? at_ + 1 : at_);
    bool comma = false;
    if (end + 1 < text_.size() && (text_[end] == '.' || text_[end] == ',') && is_digit(text_[end + 1])) {
      comma = text_[end] == ',';
      end = digits(end + 1);
    }
    std::string text = text_.substr(at_, end - at_);
    double number = value(text);
    if (!comma && end + 1 < text_.size() && text_[end] == '/' && is_digit(text_[end + 1])) {
      const std::size_t over = digits(end + 1);
      const double divisor = value(text_.substr(end + 1, over - end - 1));
      if (divisor > 0) {
        number /= divisor;
        end = over;
        text = text_.substr(at_, end - at_);
      }
    }
    at_ = end;
    add(TokenKind::number, text, number, comma);
  }

  void quote() {
    const char mark = text_[at_];
    const std::size_t end = text_.find(mark, at_ + 1);
    const bool opens = !is_digit(previous()) && (previous() == ' ' || previous() == '(' || previous() == ',');
    if (!opens || end == std::string::npos || end == at_ + 1) return sign();
    add(TokenKind::quoted, std::string_view(text_).substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
  }

  void sign() {
    add(TokenKind::sign, std::string_view(text_).substr(at_, 1));
    ++at_;
  }

  void word() {
    const bool after_number = !tokens_.empty() && tokens_.back().kind == TokenKind::number && is_digit(previous());
    return after_number ? unit() : plain_word();
  }

  // What stands right behind a number: "mm", "m2", the x of "300x300", "mmx".
  void unit() {
    std::size_t end = at_;
    while (end < text_.size() && is_letter(text_[end])) ++end;
    std::string letters = text_.substr(at_, end - at_);
    const bool sides = letters.size() > 1 && (letters.back() == 'x' || letters.back() == 'X') &&
                       vocabulary().units.contains(lower(letters.substr(0, letters.size() - 1)));
    if (letters == "m" && end < text_.size() && (text_[end] == '2' || text_[end] == '3')) letters += text_[end++];
    at_ = end;
    if (!sides) return add(TokenKind::word, letters);
    add(TokenKind::word, letters.substr(0, letters.size() - 1));
    add(TokenKind::word, "x");
  }

  void plain_word() {
    std::size_t end = at_;
    const auto piece = [&] {
      while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    };
    piece();
    while (end + 1 < text_.size() && (text_[end] == '-' || text_[end] == '/' || text_[end] == '.')) {
      const std::size_t joint = end, behind = end + 1;
      if (!is_letter(text_[behind]) && !is_digit(text_[behind])) break;
      end = behind;
      piece();
      const std::string_view all = std::string_view(text_).substr(at_, end - at_);
      const bool digit_behind = is_digit(text_[behind]), code = has_digit(all);
      if (text_[joint] == '-' ? code : text_[joint] == '/' ? digit_behind && code : digit_behind && code) continue;
      end = joint;
      break;
    }
    // "DN100" is a size, not a name.
    const bool nominal = lower(text_.substr(at_, 2)) == "dn" && at_ + 2 < end && digits(at_ + 2) == end;
    if (nominal) end = at_ + 2;
    add(TokenKind::word, std::string_view(text_).substr(at_, end - at_));
    at_ = end;
    if (nominal) return number();
    // The hyphen between two words is nothing.
    if (at_ + 1 < text_.size() && text_[at_] == '-' && is_letter(text_[at_ + 1])) ++at_;
  }

  std::string text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenise(std::string_view sentence) { return Tokeniser(plain(sentence)).run(); }

bool is_name(const Token& token) {
  if (token.kind == TokenKind::quoted) return true;
  if (token.kind != TokenKind::word || !has_digit(token.text)) return false;
  return std::any_of(token.original.begin(), token.original.end(), is_letter);
}

}  // namespace aecos::generate
