#pragma once
// What a commit does to the cost, said before it is made.

#include <string>
#include <vector>

#include "sync/staged.h"

namespace aecos::sync {

// "cost +1,250.00 EUR, 2 without a rate (IfcRailing)"; none where there are no rates, or nothing changed. Of the files
// that are staged, with the other one of an element's two files, and only of ones that are read quickly.
Result<std::vector<std::string>> tell_cost(Workspace& workspace, const std::vector<StagedFile>& files,
                                           std::vector<std::string>& unread);

}  // namespace aecos::sync
