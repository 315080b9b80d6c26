#pragma once
// A difference between two versions as policy looks at it.

#include <vector>

#include "policy/policy.h"
#include "revision/content.h"

namespace aecos::revision {

// What each file's change means, in the order of the paths; renamed files are one change. A file that cannot be told
// in building terms (beyond `budget`, content of LFS that is not here, not readable as its type) is not `readable`.
Result<std::vector<policy::FileChange>> judged(const Library& library, TreeId from, TreeId to,
                                               DiffBudget budget = {2ULL << 30U, 100'000});

// The roles of that version; absent: it has none. invalid_input: they cannot be read.
Result<std::optional<policy::Roles>> roles_of(const Library& library, TreeId tree);

}  // namespace aecos::revision
