#pragma once
// Forms of secrets, made ready for matching.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "check/secret_rules_internal.h"

namespace aecos::check {

inline bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
inline bool is_small(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_alnum(char c) { return is_digit(c) || is_capital(c) || is_small(c); }

using Letters = bool (*)(char);  // Which characters a place may hold.

struct Piece {
  std::string_view literal;  // Or, where it is empty:
  Letters letters = nullptr;
  std::size_t least = 0, most = 0;
};

// A text, in which the end of a long run of letters is looked for once, from wherever in it that is asked: or a text
// made for it would take very long.
class Text {
 public:
  explicit Text(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  [[nodiscard]] std::string_view from(std::size_t at) const { return bytes_.substr(at); }
  // How many such letters stand there, one after the other; not more than `most`.
  std::size_t count(Letters letters, std::size_t at, std::size_t most);

 private:
  struct Run {
    Letters letters = nullptr;
    std::size_t begin = 0, end = 0;
  };
  std::string_view bytes_;
  std::vector<Run> runs_;  // The last one of each kind of letters.
};

class Form {
 public:
  explicit Form(const SecretForm& form);

  // How long the secret is that begins there; absent: there is none.
  [[nodiscard]] std::optional<std::size_t> match(Text& text, std::size_t at) const;

  std::string_view rule, named;
  std::vector<Piece> pieces;
  // What it is looked for by: its first literal, and how many characters stand before that.
  std::size_t anchor = 0, lead_least = 0, lead_most = 0;

  [[nodiscard]] std::string_view anchor_text() const { return pieces[anchor].literal; }

 private:
  [[nodiscard]] std::optional<std::size_t> length_of(std::size_t place, Text& text, std::size_t at) const;
};

// The forms by the two bytes that they are looked for by, and the words that those stand behind that are too plain to
// be looked for by themselves.
class Forms {
 public:
  enum Look : std::uint8_t { no_look = 0, form_look = 1, name_look = 2, secret_name_look = 4, address_look = 8 };
  static const Forms& all();

  [[nodiscard]] std::uint8_t at(char first, char second) const { return looks_[index(first, second)]; }
  [[nodiscard]] const std::vector<const Form*>& with_anchor(char first, char second) const;
  struct Named {
    std::string_view name;  // In small letters.
    std::vector<const Form*> forms;
  };
  // Those whose names begin so, in letters of either case.
  [[nodiscard]] const std::vector<Named>& named(char first, char second) const;

 private:
  Forms();
  static std::size_t index(char first, char second) {
    return static_cast<std::size_t>(static_cast<unsigned char>(first)) << 8U | static_cast<unsigned char>(second);
  }
  void note(Look look, char first, char second) { looks_[index(first, second)] |= look; }
  void note_word(Look look, std::string_view word);
  void add_anchored(const Form& form);
  void add_named(const Form& form);

  std::vector<Form> forms_;
  std::array<std::uint8_t, 65536> looks_{};
  std::array<std::uint16_t, 65536> anchored_at_{}, named_at_{};  // Into the lists; 0: an empty one.
  std::vector<std::vector<const Form*>> anchored_{1};
  std::vector<std::vector<Named>> named_{1};
};

// Names of values that are secrets, whatever they look like; in small letters.
inline constexpr std::string_view secret_names[] = {"password",    "passwd",        "secret",    "token",
                                                    "api_key",     "apikey",        "api-key",   "access_key",
                                                    "private_key", "client_secret", "credential"};

}  // namespace aecos::check
