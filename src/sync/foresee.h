#pragma once
// What a hub would say to the work that is here, told before it is pushed.

#include <vector>

#include "policy/policy.h"
#include "sync/revisions.h"
#include "sync/workspace.h"

namespace aecos::sync {

// Of the commits that are not shared yet, and of what was saved since. By the rules as the shared branch has them here;
// the hub itself decides by its own.
Result<policy::Decision> foresee(Workspace& workspace, const std::vector<FileChanges>& saved,
                                 const std::vector<policy::HeldLock>& locks);

}  // namespace aecos::sync
