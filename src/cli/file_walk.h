#pragma once
// What lies in a folder and below it.

#include <string>
#include <string_view>
#include <vector>

#include "os/file_system.h"

namespace aecos::cli {

// The files below it, as paths from it, folder by folder; what git keeps for itself (".git") is passed over.
Result<std::vector<std::string>> files_below(os::FileSystem& files, const std::string& folder);

// The models that stand as files (.ifc) below it, 20 folders deep at most. Hidden folders, files that are just being
// written, what cannot be listed, and the folder `but` are passed over.
std::vector<std::string> models_below(os::FileSystem& files, const std::string& folder, std::string_view but = {});

}  // namespace aecos::cli
