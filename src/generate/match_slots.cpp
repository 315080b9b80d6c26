// What has a form of its own: numbers, fire ratings, steel profiles, materials.

#include <algorithm>
#include <cmath>

#include "base/ascii.h"
#include "generate/match.h"

namespace aecos::generate {
namespace {

bool is_word(const std::vector<Token>& tokens, std::size_t at, std::string_view text) {
  return at < tokens.size() && tokens[at].kind != TokenKind::quoted && tokens[at].text == text;
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "two hundred", "twenty five", "two and a half".
std::optional<std::pair<double, std::size_t>> number_in_words(const std::vector<Token>& tokens, std::size_t at) {
  const Vocabulary& words = vocabulary();
  double total = 0, current = 0;
  std::size_t i = at;
  for (; i < tokens.size() && tokens[i].kind == TokenKind::word; ++i) {
    if (const auto number = words.numbers.find(tokens[i].text); number != words.numbers.end()) {
      current += number->second;
    } else if (const auto times = words.multipliers.find(tokens[i].text); times != words.multipliers.end() && i > at) {
      current *= times->second;
      if (times->second >= 1000) total += current, current = 0;
    } else if (i > at && tokens[i].text == "and" && is_word(tokens, i + 1, "a") && is_word(tokens, i + 2, "half")) {
      i += 2;
      current += 0.5;
    } else {
      break;
    }
  }
  if (i == at) return std::nullopt;
  return std::pair{total + current, i - at};
}

bool is_duration(std::string_view minutes) {
  constexpr std::string_view all[] = {"15", "20", "30", "45", "60", "90", "120", "180", "240"};
  return std::find(std::begin(all), std::end(all), minutes) != std::end(all);
}

// "-C", "-Sa": what is behind the minutes.
void add_suffix(const std::vector<Token>& tokens, std::size_t& end, std::string& rating) {
  if (!is_word(tokens, end, "-") || !tokens[end].glued || end + 1 >= tokens.size() || !tokens[end + 1].glued) return;
  rating += "-" + upper(tokens[end + 1].original);
  end += 2;
}

// A grade behind or before a material: "c30/37", "s355", "gl24h".
bool is_grade(const std::string& text, char material) {
  if (text.size() < 2 || text.find_first_of("0123456789") == std::string::npos) return false;
  const char second = text[1];
  const bool digit = second >= '0' && second <= '9';
  switch (material) {
    case 'C':
      return text[0] == 'c' && digit;
    case 'S':
      return (text[0] == 's' || text[0] == 'a') && digit && text.size() >= 3 && all_digits(text.substr(1, 2));
    default:
      return text.starts_with("gl") || ((text[0] == 'c' || text[0] == 'd') && digit);
  }
}

std::string graded(const std::string& name, const std::string& grade) {
  const std::size_t star = name.find('*');
  if (star == std::string::npos) return name;
  std::string written = upper(grade);
  if (written.starts_with("GL") && written.ends_with("H")) written.back() = 'h';
  return name.substr(0, star) + written + name.substr(star + 1);
}

}  // namespace

std::optional<std::pair<double, std::size_t>> match_number(const std::vector<Token>& tokens, std::size_t at) {
  if (at >= tokens.size()) return std::nullopt;
  if (tokens[at].kind != TokenKind::number) return number_in_words(tokens, at);
  // "1,200" may be a thousand and two hundred or one and a fifth: nobody can know.
  const Token& token = tokens[at];
  if (token.comma && token.text.size() - token.text.find(',') == 4) return std::nullopt;
  const bool fraction = at + 1 < tokens.size() && tokens[at + 1].kind == TokenKind::number &&
                        tokens[at + 1].text.find('/') != std::string::npos && token.text.find('/') == std::string::npos;
  if (fraction) return std::pair{token.number + tokens[at + 1].number, std::size_t{2}};
  return std::pair{token.number, std::size_t{1}};
}

double length_without_unit_m(double number) { return std::abs(number) >= 50 ? number / 1000 : number; }

std::string match_fire(const std::vector<Token>& tokens, std::size_t at, std::size_t& size) {
  if (at >= tokens.size() || tokens[at].kind != TokenKind::word) return {};
  std::string letters = tokens[at].text, minutes;
  std::size_t end = at + 1;
  const std::size_t digit = letters.find_last_not_of("0123456789");
  constexpr std::string_view european[] = {"rei", "re", "ei", "ei1", "ei2", "r", "e", "rei-m"};
  const auto is_european = [&](std::string_view text) {
    return std::find(std::begin(european), std::end(european), text) != std::end(european);
  };
  if (!is_european(letters) || !(end < tokens.size() && tokens[end].kind == TokenKind::number)) {
    if (digit == std::string::npos || digit + 1 == letters.size()) return {};
    minutes = letters.substr(digit + 1);
    letters.resize(digit + 1);
    if (letters.ends_with('-')) letters.pop_back();
  } else {
    minutes = tokens[end++].text;
  }
  if (!all_digits(minutes) || minutes.size() > 3 || !is_duration(minutes)) return {};
  const bool german = letters == "f" || letters == "t";
  if (!german && !is_european(letters)) return {};
  std::string rating = upper(letters) + (german ? "" : " ") + minutes;
  add_suffix(tokens, end, rating);
  size = end - at;
  return rating;
}

std::string match_profile(const std::vector<Token>& tokens, std::size_t at, std::size_t& size) {
  if (at >= tokens.size() || tokens[at].kind != TokenKind::word) return {};
  std::string name = upper(tokens[at].text);
  std::string family = name.substr(0, name.find_first_of("0123456789"));
  constexpr std::string_view families[] = {"HEA", "HEB", "IPE", "UB", "UC", "W"};
  if (std::find(std::begin(families), std::end(families), family) == std::end(families)) return {};
  std::size_t end = at + 1;
  if (name == family) {
    if (end >= tokens.size() || tokens[end].kind != TokenKind::number) return {};
    name += tokens[end++].text;
  }
  while (is_word(tokens, end, "x") && end + 1 < tokens.size() && tokens[end + 1].kind == TokenKind::number) {
    name += "X" + tokens[end + 1].text;
    end += 2;
  }
  // "W-12" and "W2" are names; sections of that family say their weight.
  if (family == "W" && name.find('X') == std::string::npos) return {};
  if (name.find('-') != std::string::npos) return {};
  for (std::size_t i = family.size(); i < name.size(); ++i)
    if (name[i] == 'X') name[i] = 'x';
  size = end - at;
  return name;
}

std::string match_material(const std::vector<Token>& tokens, std::size_t at, std::size_t& size) {
  std::string best;
  size = 0;
  for (const MaterialWords& material : vocabulary().materials) {
    const auto& words = material.words;
    std::string grade;
    std::size_t i = 0;
    for (; i < words.size() && at + i < tokens.size(); ++i) {
      const Token& token = tokens[at + i];
      if (token.kind != TokenKind::word) break;
      if (words[i][0] == '*') {
        if (!is_grade(token.text, words[i][1])) break;
        grade = token.text;
      } else if (token.text != words[i] && !(i + 1 == words.size() && token.text == words[i] + "s")) {
        break;
      }
    }
    if (i < words.size() || i <= size) continue;
    size = i;
    best = graded(material.name, grade);
  }
  return best;
}

}  // namespace aecos::generate
