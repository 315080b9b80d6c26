#pragma once
// A sentence while it is being read.

#include <string>
#include <string_view>
#include <vector>

#include "generate/match.h"
#include "generate/read.h"

namespace aecos::generate {

enum class ItemKind { noun, said, number, article, separator, filler, unknown };

struct Item {
  ItemKind kind = ItemKind::filler;
  std::size_t token = 0, size = 1;
  const Noun* noun = nullptr;
  bool plural = false;  // Of a noun.
  std::string name;     // Of a noun: "wall W-20".
  Match match;
  double number = 0;
};

// What is said of one noun: positions in the items.
struct Phrase {
  std::size_t begin = 0, noun = 0, end = 0;
  std::size_t number_from = 0;  // From here to the noun, a number says how many.
};

// Values whose meaning depends on the kind of element, or on each other; complete() resolves them. They are kept among
// the fields under names that begin with '_', which nobody can say.
inline constexpr std::string_view raw_bare = "_bare", raw_sides = "_sides", raw_line = "_line", raw_along = "_along",
                                  raw_from_end = "_fromEnd", raw_round = "_round", raw_square = "_square",
                                  raw_end_to_end = "_endToEnd", raw_across = "_across", raw_area = "_area",
                                  raw_pipe_wall = "_pipeWall", raw_plural = "_plural";

// Turns phrases into elements.
class PhraseReader {
 public:
  PhraseReader(const std::vector<Item>& items, const std::vector<Token>& tokens, Reading& reading)
      : items_(items), tokens_(tokens), reading_(reading) {}

  void add(const Phrase& phrase);
  // Doors, windows and openings without one go into a wall of the same sentence.
  void find_hosts(const std::vector<Phrase>& phrases);

 private:
  void pass_storey(std::size_t from, std::size_t to);
  Element& element() { return reading_.specification.elements.back(); }
  void take_noun(const Item& item);
  void take_said(const Item& item, bool before_first_noun);
  void take_special(const std::string& action, const Match& match);
  void take_lengths(const std::string& action, const Match& match);
  void take_ratings(const std::string& action, const Match& match);
  void take_rows(const std::string& action, const Match& match);
  void take_layers(const Phrase& phrase);
  void assign(const std::string& field, const std::string& value, const Slot* slot);
  void set(std::string_view field, Field value);
  void append(std::string_view field, double number, Basis basis);
  void conflict(std::string_view field, const std::string& message);
  std::string words_of(const Item& item) const;

  const std::vector<Item>& items_;
  const std::vector<Token>& tokens_;
  Reading& reading_;
  std::string heading_;            // The storey of all that follows.
  std::vector<bool> used_;         // Items that are layers.
  const Item* current_ = nullptr;  // What is being read.
};

}  // namespace aecos::generate
