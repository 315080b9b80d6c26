#pragma once
// The grammar against the words of a sentence.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generate/context.h"
#include "generate/tokens.h"
#include "generate/vocabulary.h"

namespace aecos::generate {

// What stood in a slot.
struct Slot {
  double number = 0;
  bool has_unit = true;  // Of lengths; else what it is in is a guess by its size.
  std::string text = {};
  std::vector<double> numbers = {};  // Points; sides.
};

struct Match {
  std::size_t size = 0;  // Tokens; 0: none.
  const Pattern* pattern = nullptr;
  std::vector<Slot> slots = {};
};

struct MatchInput {
  const std::vector<Token>& tokens;
  const Context& context;
};

// The longest of all patterns at a place.
Match match_pattern(const MatchInput& input, std::size_t at);

// The whole of the words as one slot: 'L' a length, 'I' a number, …
std::optional<Slot> match_slot(const MatchInput& input, char kind);

struct NounMatch {
  std::size_t size = 0;
  const Noun* noun = nullptr;
  bool plural = false;
};
NounMatch match_noun(const MatchInput& input, std::size_t at);

// A number in digits or words at a place, and how many tokens it takes.
std::optional<std::pair<double, std::size_t>> match_number(const std::vector<Token>& tokens, std::size_t at);

// A number without a unit: from 50 on it is millimetres, below it metres.
double length_without_unit_m(double number);

// The name of a profile as the table has it, or as it was said where it is none of it; empty: this is no profile.
std::string match_profile(const std::vector<Token>& tokens, std::size_t at, std::size_t& size);
// "REI 120", "EI2 30-C", "F90"; empty: no fire rating.
std::string match_fire(const std::vector<Token>& tokens, std::size_t at, std::size_t& size);
std::string match_material(const std::vector<Token>& tokens, std::size_t at, std::size_t& size);

}  // namespace aecos::generate
