#pragma once

#include <string>

#include "os/path.h"
#include "sync/workspace.h"

namespace aecos::sync {

// Where a clone keeps what its files were found to say (revision/outcome_store.h); may be deleted at any time.
inline std::string outcomes_folder(const Workspace& workspace) {
  return os::join(workspace.repository.common_folder(), "aecos/validated");
}

}  // namespace aecos::sync
