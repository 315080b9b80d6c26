#pragma once
// Whether anything was lost: looked up in what lies in the five repositories and work trees, not in what was reported.

#include <string>
#include <vector>

#include "base/object_id.h"
#include "cli/demo_team.h"

namespace aecos::cli {

// Conflicts as they stood in a version that everybody had.
struct DemoRecords {
  CommitId commit;
  std::vector<revision::Record> records;
};

struct DemoProof {
  std::vector<TreeId> trees;          // Of each person's branch.
  std::size_t clean = 0;              // Work trees whose files are those of the branch.
  std::size_t in_model = 0;           // Edits that all five models have, as committed and as the files are.
  std::size_t recorded = 0;           // Edits that are not in the model but in a conflict everybody has on record.
  std::vector<std::string> lost;      // Neither.
  std::vector<std::string> invented;  // In which the model differs from the same edits made one after the other.

  bool identical() const;
  bool holds() const;
};

Result<DemoProof> prove(DemoTeam& team, const std::vector<DemoEdit>& edits, const DemoRecords& conflicts);

}  // namespace aecos::cli
