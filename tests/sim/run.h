#pragma once
// One run: a team that works on a project while everything goes wrong that can, then rest, then judgement. All of it
// follows from a seed.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/breaks.h"

namespace aecos::sim {

struct Setting {
  std::uint64_t seed = 1;
  std::size_t users = 0, steps = 0;  // 0: as the seed has it.
  Break made = Break::none;
  std::function<void(const std::string&)> trace = {};  // Told each step, in words.
};

struct Outcome {
  std::string violation;          // Empty: everything held.
  std::vector<std::string> last;  // The last steps, where something did not.
  std::uint64_t print = 0;        // Of all that happened: the same for the same setting.
  std::size_t users = 0, steps = 0, syncs = 0, crashes = 0, moves = 0, conflicts = 0;
};

Outcome run(const Setting& setting);

}  // namespace aecos::sim
