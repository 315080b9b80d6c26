#include <algorithm>
#include <limits>
#include <stdexcept>

#include "check/secret_form_internal.h"

namespace aecos::check {
namespace {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

struct LettersName {
  std::string_view name;
  Letters letters;
};

constexpr LettersName letters_by_name[] = {
    {"digit", [](char c) { return is_digit(c); }},
    {"hex", [](char c) { return is_hex(c); }},
    {"Hex", [](char c) { return is_hex(lower(c)); }},
    {"lower", [](char c) { return is_digit(c) || is_small(c); }},
    {"upper", [](char c) { return is_digit(c) || is_capital(c); }},
    {"caps32", [](char c) { return is_capital(c) || (c >= '2' && c <= '7'); }},
    {"alnum", [](char c) { return is_alnum(c); }},
    {"word", [](char c) { return is_alnum(c) || c == '_'; }},
    {"dash", [](char c) { return is_alnum(c) || c == '_' || c == '-'; }},
    {"url", [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; }},
    {"percent", [](char c) { return is_alnum(c) || c == '%'; }},
    {"base64", [](char c) { return is_alnum(c) || c == '+' || c == '/' || c == '='; }},
};

Letters letters_called(std::string_view name) {
  const auto* const found = std::find_if(std::begin(letters_by_name), std::end(letters_by_name),
                                         [&](const LettersName& each) { return each.name == name; });
  if (found == std::end(letters_by_name)) throw std::logic_error("no letters are called " + std::string(name));
  return found->letters;
}

std::size_t number(std::string_view digits) {
  std::size_t value = 0;
  for (const char digit : digits) value = value * 10 + static_cast<std::size_t>(digit - '0');
  return value;
}

// "hex 32", "dash 20-", "alnum 20-40".
Piece place_of(std::string_view inner) {
  const std::size_t blank = inner.find(' ');
  const std::string_view count = inner.substr(blank + 1);
  const std::size_t dash = count.find('-');
  Piece piece;
  piece.letters = letters_called(inner.substr(0, blank));
  piece.least = number(count.substr(0, dash));
  piece.most = piece.least;
  if (dash + 1 == count.size()) piece.most = no_limit;
  if (dash != std::string_view::npos && dash + 1 < count.size()) piece.most = number(count.substr(dash + 1));
  return piece;
}

std::vector<Piece> pieces_of(std::string_view form) {
  std::vector<Piece> pieces;
  while (!form.empty()) {
    if (form.front() != '{') {
      pieces.push_back({form.substr(0, form.find('{'))});
      form.remove_prefix(pieces.back().literal.size());
      continue;
    }
    const std::size_t end = form.find('}');
    pieces.push_back(place_of(form.substr(1, end - 1)));
    form.remove_prefix(end + 1);
  }
  return pieces;
}

// Whether a secret of these letters, read so far, is only the beginning of something else.
bool goes_on(Letters letters, std::string_view rest) {
  if (letters == nullptr || rest.empty()) return false;
  if (is_alnum(rest[0])) return true;
  const bool ends_sentence = rest[0] == '.' && (rest.size() == 1 || !is_alnum(rest[1]));
  return letters(rest[0]) && !ends_sentence;
}

char capital(char c) { return is_small(c) ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

Form::Form(const SecretForm& form) : rule(form.rule), named(form.named), pieces(pieces_of(form.form)) {
  while (anchor < pieces.size() && pieces[anchor].literal.empty()) {
    lead_least += pieces[anchor].least;
    lead_most += pieces[anchor].most;
    ++anchor;
  }
  if (named.empty() && (anchor == pieces.size() || lead_most == no_limit))
    throw std::logic_error("nothing to look for " + std::string(form.form) + " by");
}

std::size_t Text::count(Letters letters, std::size_t at, std::size_t most) {
  constexpr std::size_t short_run = 64;
  const auto run = std::find_if(runs_.begin(), runs_.end(), [&](const Run& each) { return each.letters == letters; });
  if (run != runs_.end() && run->begin <= at && at < run->end) return std::min(most, run->end - at);
  std::size_t end = at;
  while (end < bytes_.size() && letters(bytes_[end])) ++end;
  if (end - at > short_run) {
    run == runs_.end() ? runs_.push_back({letters, at, end}) : void(*run = {letters, at, end});
  }
  return std::min(most, end - at);
}

// How many characters of the text are in that place.
std::optional<std::size_t> Form::length_of(std::size_t place, Text& text, std::size_t at) const {
  const Piece& piece = pieces[place];
  std::size_t count = text.count(piece.letters, at, piece.most);
  const std::string_view next = place + 1 < pieces.size() ? pieces[place + 1].literal : std::string_view();
  // Where the literal behind it is of the same letters, the place ends where that begins for the last time.
  if (piece.most != piece.least && !next.empty() && piece.letters(next[0])) {
    constexpr std::size_t looked_at = 400;
    count = text.from(at).substr(0, std::min(count, looked_at) + next.size()).rfind(next);
  }
  const bool fits = count != std::string_view::npos && count >= piece.least;
  return fits ? std::optional(count) : std::nullopt;
}

std::optional<std::size_t> Form::match(Text& text, std::size_t begin) const {
  std::size_t at = begin;
  for (std::size_t k = 0; k < pieces.size(); ++k) {
    const std::string_view literal = pieces[k].literal;
    if (literal.empty()) {
      const auto length = length_of(k, text, at);
      if (!length) return std::nullopt;
      at += *length;
    } else {
      if (!text.from(at).starts_with(literal)) return std::nullopt;
      at += literal.size();
    }
  }
  if (goes_on(pieces.back().letters, text.from(at))) return std::nullopt;
  return at - begin;
}

const Forms& Forms::all() {
  static const Forms made;
  return made;
}

Forms::Forms() {
  forms_.reserve(secret_forms().size());
  for (const SecretForm& form : secret_forms()) forms_.emplace_back(form);
  for (const Form& form : forms_) form.named.empty() ? add_anchored(form) : add_named(form);
  for (const std::string_view name : secret_names) note_word(Look::secret_name_look, name);
  note(Look::address_look, ':', '/');
}

void Forms::note_word(Look look, std::string_view word) {
  for (const char first : {word[0], capital(word[0])}) {
    for (const char second : {word[1], capital(word[1])}) note(look, first, second);
  }
}

// By the anchor's first two bytes; one of a single byte by that and whatever may follow it.
void Forms::add_anchored(const Form& form) {
  const std::string_view text = form.anchor_text();
  for (int code = 0; code < 256; ++code) {
    const char second = static_cast<char>(code);
    if (text.size() > 1 ? second != text[1] : !form.pieces[form.anchor + 1].letters(second)) continue;
    note(Look::form_look, text[0], second);
    std::uint16_t& list = anchored_at_[index(text[0], second)];
    if (list == 0) {
      list = static_cast<std::uint16_t>(anchored_.size());
      anchored_.emplace_back();
    }
    anchored_[list].push_back(&form);
  }
}

void Forms::add_named(const Form& form) {
  note_word(Look::name_look, form.named);
  std::uint16_t& list = named_at_[index(form.named[0], form.named[1])];
  if (list == 0) {
    list = static_cast<std::uint16_t>(named_.size());
    named_.emplace_back();
  }
  std::vector<Named>& names = named_[list];
  const auto known = std::find_if(names.begin(), names.end(), [&](const Named& one) { return one.name == form.named; });
  known == names.end() ? names.push_back({form.named, {&form}}) : known->forms.push_back(&form);
}

const std::vector<const Form*>& Forms::with_anchor(char first, char second) const {
  return anchored_[anchored_at_[index(first, second)]];
}

const std::vector<Forms::Named>& Forms::named(char first, char second) const {
  return named_[named_at_[index(lower(first), lower(second))]];
}

}  // namespace aecos::check
