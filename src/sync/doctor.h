#pragma once
// Whether everything a work tree needs is there and in order.

#include <string>
#include <vector>

#include "sync/workspace.h"

namespace aecos::sync {

struct Finding {
  std::string what;  // "git 2.39.5", "2 records cannot be read: …"
  bool good = true;
  std::string mend;  // What to do about it; empty for what is good.
};

struct Checkup {
  std::string program;   // The absolute path of aecos, which git must call.
  bool offline = false;  // Do not ask the remote.
};

// In the order in which things depend on each other. Changes nothing.
std::vector<Finding> check_up(Workspace& workspace, const Checkup& how);

}  // namespace aecos::sync
