#include "generate/match.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/ascii.h"

namespace aecos::generate {
namespace {

class Matcher {
 public:
  Matcher(const MatchInput& input, std::size_t at) : tokens_(input.tokens), context_(input.context), begin_(at) {}

  Match run(const Pattern& pattern) {
    slots_.clear();
    const std::size_t end = parts(pattern, 0, begin_);
    return end > begin_ ? Match{end - begin_, &pattern, slots_} : Match{};
  }

 private:
  const Token* token(std::size_t at) const { return at < tokens_.size() ? &tokens_[at] : nullptr; }
  bool is(std::size_t at, std::string_view text) const {
    return at < tokens_.size() && tokens_[at].kind != TokenKind::quoted && tokens_[at].text == text;
  }

  // Where the pattern ends from part `part` on; 0: it does not fit. Optional parts are tried first, then left out.
  std::size_t parts(const Pattern& pattern, std::size_t part, std::size_t at) {
    if (part == pattern.parts.size()) return at;
    const PatternPart& one = pattern.parts[part];
    const std::size_t slots = slots_.size();
    if (const std::size_t behind = one.slot ? slot(one.slot, at) : word(one, at); behind > at) {
      if (const std::size_t end = parts(pattern, part + 1, behind)) return end;
    }
    slots_.resize(slots);
    return one.optional ? parts(pattern, part + 1, at) : 0;
  }

  std::size_t word(const PatternPart& part, std::size_t at) const {
    const Token* here = token(at);
    if (!here || here->kind == TokenKind::quoted || here->kind == TokenKind::number) return 0;
    return std::find(part.words.begin(), part.words.end(), here->text) != part.words.end() ? at + 1 : 0;
  }

  std::size_t taken(Slot slot, std::size_t end) {
    slots_.push_back(std::move(slot));
    return end;
  }

  std::size_t slot(char kind, std::size_t at) {
    switch (kind) {
      case 'L':
      case 'U':
        return length(at, kind == 'U');
      case 'N':
      case 'I':
        return number(at, kind == 'I');
      case 'A':
        return angle(at);
      case 'P':
        return point(at);
      case 'D':
        return sides(at);
      case 'S':
        return storey(at);
      case 'H':
        return host(at);
      case 'T':
        return name(at);
      case 'W':
        return compass(at);
      default:
        return text(kind, at);
    }
  }

  std::size_t text(char kind, std::size_t at) {
    std::size_t size = 0;
    std::string found = kind == 'M'   ? match_material(tokens_, at, size)
                        : kind == 'F' ? match_fire(tokens_, at, size)
                                      : match_profile(tokens_, at, size);
    if (found.empty()) return 0;
    Slot slot;
    slot.text = std::move(found);
    return taken(std::move(slot), at + size);
  }

  // The unit at a place; 0: none. A "in" that begins something else ("in W-12") is none.
  double unit(std::size_t at) const {
    const Token* here = token(at);
    if (!here || here->kind == TokenKind::quoted || here->kind == TokenKind::number) return 0;
    const auto found = vocabulary().units.find(here->text);
    if (found == vocabulary().units.end()) return 0;
    if ((here->text == "'" || here->text == "\"") && !here->glued) return 0;
    if (here->text == "in" && at + 1 < tokens_.size() &&
        (is_name(tokens_[at + 1]) || is(at + 1, "the") || is(at + 1, "wall") || is(at + 1, "it")))
      return 0;
    return found->second;
  }

  std::size_t length(std::size_t at, bool needs_unit) {
    Slot slot;
    std::size_t end = one_length(at, slot);
    if (end == 0 || (needs_unit && !slot.has_unit)) return 0;
    if (!slot.has_unit) slot.number = length_without_unit_m(slot.number);
    return taken(std::move(slot), end);
  }

  // Metres with a unit, else the number as it is.
  std::size_t one_length(std::size_t at, Slot& slot) const {
    const auto number = match_number(tokens_, at);
    if (!number) return 0;
    std::size_t end = at + number->second;
    const double metres = unit(end);
    slot.has_unit = metres > 0;
    slot.number = number->first * (slot.has_unit ? metres : 1);
    if (!slot.has_unit) return end;
    ++end;
    return metres == 0.3048 ? inches(end, slot) : end;
  }

  // 20'-6", 8 ft 6 in.
  std::size_t inches(std::size_t at, Slot& slot) const {
    const std::size_t from = is(at, "-") ? at + 1 : at;
    const Token* here = token(from);
    if (!here || here->kind != TokenKind::number) return at;
    const auto number = match_number(tokens_, from);
    if (!number || unit(from + number->second) != 0.0254) return at;
    slot.number += number->first * 0.0254;
    return from + number->second + 1;
  }

  std::size_t number(std::size_t at, bool whole) {
    const auto found = match_number(tokens_, at);
    constexpr double whole_max = 1e6;
    if (!found || (whole && (found->first != std::floor(found->first) || std::abs(found->first) > whole_max))) return 0;
    Slot slot;
    slot.number = found->first;
    return taken(std::move(slot), at + found->second);
  }

  std::size_t angle(std::size_t at) {
    const auto found = match_number(tokens_, at);
    if (!found) return 0;
    const std::size_t end = at + found->second;
    if (!is(end, "degrees") && !is(end, "degree") && !is(end, "deg")) return 0;
    Slot slot;
    slot.number = found->first;
    return taken(std::move(slot), end + 1);
  }

  // "0,0"; "(2, 3)"; "3 m, 2 m"; "x=3 y=2".
  std::size_t point(std::size_t at) {
    const bool bracket = is(at, "(");
    std::size_t end = bracket ? at + 1 : at;
    Slot slot;
    while (slot.numbers.size() < 3) {
      const std::size_t next = slot.numbers.empty() ? end : next_coordinate(end, slot.numbers.size());
      const std::size_t behind = next == 0 && !slot.numbers.empty() ? 0 : coordinate(next, slot);
      if (behind == 0) break;
      end = behind;
    }
    if (slot.numbers.size() < 2 || slot.numbers.size() > 3 || (bracket && !is(end, ")"))) return 0;
    return taken(std::move(slot), bracket ? end + 1 : end);
  }
  // Where the next coordinate would begin; 0: nowhere.
  std::size_t next_coordinate(std::size_t at, std::size_t count) const {
    const bool comma = is(at, ",");
    if (count >= 2 && !(comma && comma_joins(at))) return 0;
    return comma ? at + 1 : is(at, "y") || is(at, "z") ? at : 0;
  }
  std::size_t coordinate(std::size_t at, Slot& slot) const {
    if (is(at, "x") || is(at, "y") || is(at, "z")) at += is(at + 1, "=") ? 2 : 1;
    const Token* here = token(at);
    if (!here || here->kind != TokenKind::number) return 0;
    if (here->comma) return add_both(*here, slot), at + 1;
    Slot one;
    const std::size_t end = one_length(at, one);
    if (end != 0) slot.numbers.push_back(one.number);
    return end;
  }
  // "0,0,3" is a point in space, "0,0, 3 m high" is not.
  bool comma_joins(std::size_t comma) const {
    return tokens_[comma].glued && comma + 1 < tokens_.size() && tokens_[comma + 1].glued;
  }
  static void add_both(const Token& token, Slot& slot) {
    const std::size_t comma = token.text.find(',');
    for (const std::string& part : {token.text.substr(0, comma), token.text.substr(comma + 1)}) {
      double number = 0;
      std::from_chars(part.data(), part.data() + part.size(), number);
      slot.numbers.push_back(number);
    }
  }

  // A x B [x C]. A side without a unit has that of the next one that has one.
  std::size_t sides(std::size_t at) {
    std::vector<Slot> all;
    std::size_t i = at;
    for (;;) {
      Slot one;
      const std::size_t end = one_length(i, one);
      if (end == 0) break;
      all.push_back(one);
      units_.push_back(one.has_unit ? unit_before(end) : 0);
      i = end;
      if (all.size() == 3 || !(is(i, "x") || is(i, "by") || is(i, "*"))) break;
      ++i;
    }
    const std::vector<double> units = std::exchange(units_, {});
    if (all.size() < 2) return 0;
    Slot slot;
    double unit_m = 0;
    for (std::size_t k = all.size(); k-- > 0;) {
      if (all[k].has_unit) unit_m = units[k];
      slot.has_unit = slot.has_unit && (all[k].has_unit || unit_m > 0);
      const double metres = all[k].has_unit ? all[k].number
                            : unit_m > 0    ? all[k].number * unit_m
                                            : length_without_unit_m(all[k].number);
      slot.numbers.insert(slot.numbers.begin(), metres);
    }
    return taken(std::move(slot), i);
  }
  double unit_before(std::size_t end) const {
    return end > 0 ? vocabulary().units.find(tokens_[end - 1].text)->second : 0;
  }

  // A name of the project as tokens, whatever its case; the number of tokens.
  template <class List>
  std::size_t longest_name(const List& list, std::size_t at, std::string& name) const {
    std::size_t best = 0;
    for (const auto& each : list) {
      if (each.name.empty()) continue;
      if (const Token* here = token(at); here && here->kind == TokenKind::quoted) {
        if (lower(here->text) == lower(each.name)) best = 1, name = each.name;
        continue;
      }
      const std::vector<Token> words = tokenise(each.name);
      std::size_t i = 0;
      while (i < words.size() && is(at + i, words[i].text)) ++i;
      if (i == words.size() && i > best) best = i, name = each.name;
    }
    return best;
  }

  std::size_t storey(std::size_t at) {
    Slot slot;
    std::size_t size = longest_name(context_.storeys, at, slot.text);
    if (size == 0) size = said_storey(at, slot.text);
    if (size == 0) return 0;
    const std::size_t end = at + size;
    // "floor 6 x 4 m" is a floor with sides.
    const bool number = tokens_[end - 1].kind == TokenKind::number;
    if (number && (is(end, "x") || is(end, "by") || unit(end) > 0)) return 0;
    return taken(std::move(slot), end);
  }

  std::size_t said_storey(std::size_t at, std::string& said) const {
    const Token* here = token(at);
    if (!here || here->kind != TokenKind::word) return 0;
    const Token* next = token(at + 1);
    const bool numbered =
        here->text == "level" || here->text == "storey" || here->text == "story" || here->text == "floor";
    if (numbered && next &&
        (next->kind == TokenKind::number || is_name(*next) || vocabulary().numbers.contains(next->text))) {
      const auto word = vocabulary().numbers.find(next->text);
      said =
          "level " + (word == vocabulary().numbers.end() ? next->text : std::to_string(static_cast<int>(word->second)));
      return 2;
    }
    const bool floor_next =
        next && (next->text == "floor" || next->text == "storey" || next->text == "story" || next->text == "level");
    if (const auto ordinal = vocabulary().ordinals.find(here->text);
        floor_next && ordinal != vocabulary().ordinals.end()) {
      said = "level " + std::to_string(ordinal->second);
      return 2;
    }
    if (floor_next && (here->text == "ground" || here->text == "basement" || here->text == "top")) {
      said = here->text == "basement" ? "basement" : here->text + " floor";
      return 2;
    }
    if (here->text == "basement" || here->text == "roof") {
      said = here->text;
      return 1;
    }
    if (here->text.size() > 1 && here->text[0] == 'l' &&
        here->text.find_first_not_of("0123456789", 1) == std::string::npos) {
      said = "level " + here->text.substr(1);
      return 1;
    }
    return 0;
  }

  std::size_t host(std::size_t at) {
    Slot slot;
    if (const std::size_t size = longest_name(context_.hosts, at, slot.text); size > 0)
      return taken(std::move(slot), at + size);
    const Token* here = token(at);
    if (!here || (!is_name(*here) && !is_global_id(*here))) return 0;
    slot.text = here->original;
    return taken(std::move(slot), at + 1);
  }
  static bool is_global_id(const Token& token) {
    return token.kind == TokenKind::word && token.original.size() == 22 && token.original[0] >= '0' &&
           token.original[0] <= '3';
  }

  std::size_t name(std::size_t at) {
    const Token* here = token(at);
    if (!here || here->kind == TokenKind::sign || here->kind == TokenKind::number) return 0;
    const bool capital = here->kind == TokenKind::word && here->original[0] >= 'A' && here->original[0] <= 'Z';
    if (!capital && !is_name(*here)) return 0;
    Slot slot;
    slot.text = here->original;
    return taken(std::move(slot), at + 1);
  }

  std::size_t compass(std::size_t at) {
    const Token* here = token(at);
    if (!here) return 0;
    const auto& known = vocabulary().directions;
    const Token* next = token(at + 1);
    Slot slot;
    if (next)
      if (const auto two = known.find(here->text + next->text); two != known.end()) {
        slot.number = two->second;
        return taken(std::move(slot), at + 2);
      }
    const auto one = known.find(here->text);
    if (one == known.end()) return 0;
    slot.number = one->second;
    return taken(std::move(slot), at + 1);
  }

  const std::vector<Token>& tokens_;
  const Context& context_;
  std::size_t begin_;
  std::vector<Slot> slots_;
  std::vector<double> units_;
};

bool is_plural(std::string_view said, std::string_view noun) {
  if (!said.starts_with(noun)) return said == "shelves" && noun == "shelf";
  const std::string_view end = said.substr(noun.size());
  return end.empty() || end == "s" || end == "es";
}

}  // namespace

Match match_pattern(const MatchInput& input, std::size_t at) {
  Match best;
  Matcher matcher(input, at);
  for (const Pattern& pattern : vocabulary().patterns)
    if (Match match = matcher.run(pattern); match.size > best.size) best = std::move(match);
  return best;
}

std::optional<Slot> match_slot(const MatchInput& input, char kind) {
  Pattern pattern;
  pattern.parts.push_back({{}, kind, false});
  Match match = Matcher(input, 0).run(pattern);
  if (match.size == 0 || match.size != input.tokens.size()) return std::nullopt;
  return std::move(match.slots[0]);
}

NounMatch match_noun(const MatchInput& input, std::size_t at) {
  NounMatch best;
  for (const Noun& noun : vocabulary().nouns) {
    std::size_t i = 0;
    for (; i < noun.words.size() && at + i < input.tokens.size(); ++i) {
      const Token& token = input.tokens[at + i];
      if (token.kind != TokenKind::word) break;
      if (i + 1 == noun.words.size() ? !is_plural(token.text, noun.words[i]) : token.text != noun.words[i]) break;
    }
    if (i == noun.words.size() && i > best.size) best = {i, &noun, input.tokens[at + i - 1].text != noun.words.back()};
  }
  return best;
}

}  // namespace aecos::generate
