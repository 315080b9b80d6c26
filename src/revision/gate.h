#pragma once
// Validation as a gate: whether a step from one version to the next brings what was not wrong before.

#include <string>
#include <vector>

#include "check/compare.h"
#include "revision/validation.h"

namespace aecos::revision {

struct GateWith {
  check::ValidateOptions options;
  std::string today;
  OutcomeStore* outcomes = nullptr;
  std::uint64_t bytes_max = ~std::uint64_t{0};  // That are looked at anew.
};

struct Gate {
  check::Compared compared;
  std::vector<check::WaiverUse> waivers;  // That let something pass in what was looked at.
};

// Looks at the files that differ, and at parts of the model that name what seems to be new, as they may have it
// already; at both versions as a whole only where these do not tell: requirements or waivers differ, or something
// required may be gone. `others`: versions that come in, too; what one of them has is not new. denied: see
// Validation::bytes_max.
Result<Gate> pass_gate(const Library& library, TreeId before, TreeId after, const GateWith& with,
                       const std::vector<TreeId>& others = {});

// How many there are and what to do; then a line for each of the first. `is_new`: they are called new.
std::string in_words(const check::Compared& compared, bool is_new = true);
// As a member of an event's data: {"check":"validate","state":"failed","new":2,"mended":0,"findings":[…],"waivers":[…]}
std::string to_json(const Gate& gate, bool required);

}  // namespace aecos::revision
