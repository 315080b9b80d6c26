#pragma once
// Everything that is left to chance, so that a seed gives the same run everywhere.

#include "sample/dice.h"

namespace aecos::sim {

class Dice final : public sample::Dice {
 public:
  using sample::Dice::Dice;
  bool one_in(std::size_t count) { return below(count) == 0; }
};

}  // namespace aecos::sim
