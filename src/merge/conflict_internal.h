#pragma once
// Settling a conflict: who decides, and why.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "merge/merge.h"

namespace aecos::merge {

// A side that a rule of the merge prefers to any policy, and the rule in words.
struct Rule {
  Side side;
  std::string_view because;
};

// Fills in id, chosen and because: a person's decision first, then the rule, then the policy.
inline Side settle(Conflict& conflict, const Options& options, const std::optional<Rule>& rule = {}) {
  set_id(conflict, options.path);
  bool by_rule = rule && !options.choices.contains(conflict.id);
  conflict.chosen = by_rule ? rule->side : choose(conflict, options);
  conflict.because = by_rule ? std::string(rule->because) : reason(conflict, options);
  return conflict.chosen;
}

// Deleted by one side, changed by the other: the change stays.
inline Rule keep_change(bool ours_deleted) {
  return {ours_deleted ? Side::theirs : Side::ours, "a change outlives a deletion"};
}

}  // namespace aecos::merge
