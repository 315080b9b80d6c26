#pragma once
// What the people of the demonstration do: who edits what in which round.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sample/editor.h"

namespace aecos::cli {

struct DemoPerson {
  const char* name;  // Also of the folder, in lower case.
  const char* role;
  bool re_exports = false;  // Saves by an export that writes the whole model anew.
};

inline constexpr std::array<DemoPerson, 5> demo_people{{
    {"Ana", "architect", false},
    {"Ben", "structural engineer", false},
    {"Cem", "fire safety", false},
    {"Dora", "energy", false},
    {"Eli", "acoustics", true},
}};
inline constexpr std::size_t demo_people_count = demo_people.size();

struct DemoEdit {
  std::size_t person = 0;
  int round = 1;
  std::string what = {};     // "W-01 FireRating REI 60 → REI 90"
  std::string element = {};  // GlobalId.
  std::string at = {};       // As in a change or a conflict: "Pset_WallCommon.FireRating".
  std::string value = {};    // As JSON text, as a conflict would record it; empty: never in conflict.
  std::function<Result<>(sample::Editor&)> make = {};
  std::function<bool(const sample::Editor&)> is_in = {};  // Whether a model has it.

  // Filled while it is played. Microseconds.
  std::int64_t saved_us = 0;
  std::array<std::optional<std::int64_t>, demo_people_count> reached_us{};  // Each person's work tree.
};

// The edits of so many rounds, at least the four that tell the story; later rounds go on in the same manner. In a
// round everybody edits at the same time. No two edits are of one place, but for the deliberate conflicts: in round 3
// and then in every fifth round two people give one property different values.
std::vector<DemoEdit> demo_script(int rounds);

// The wall that all edit at once in the first round, by its GlobalId.
std::string demo_wall();

}  // namespace aecos::cli
