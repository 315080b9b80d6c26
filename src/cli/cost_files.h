#pragma once
// The files and rates that `aecos cost` looks at: of the work tree, of a revision, of a range.

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cost/bill.h"

namespace aecos::cli {

struct CostSources {
  std::vector<std::string> what;  // A revision or range, if there is no such file; then files and folders.
  std::string rates;              // A file; empty: those of the project.
};

// One version, or two of them.
struct CostInput {
  std::string of;  // As it was asked for; empty: the work tree.
  bool is_range = false;
  cost::Bill before, after;         // Of one version: `after`.
  std::vector<std::string> unread;  // Files that could not be counted, a line each.
};

Result<CostInput> collect_cost(Context& context, const CostSources& sources);

}  // namespace aecos::cli
