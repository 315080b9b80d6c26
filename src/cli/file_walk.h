#pragma once
// What lies in a folder and below it.

#include <string>
#include <string_view>
#include <vector>

#include "os/file_system.h"
#include "sync/workspace.h"

namespace aecos::cli {

// A file or folder that was named to a command, as the project calls it ("" is the project itself); outside of `root`,
// as it was given.
std::string path_in_project(const std::string& root, const std::string& full, const std::string& given);

// The files below it, as paths from it, folder by folder; what git keeps for itself (".git") is passed over.
Result<std::vector<std::string>> files_below(os::FileSystem& files, const std::string& folder);

// The same in a project, without other repositories and what git ignores: those are no part of it.
Result<std::vector<std::string>> files_below(sync::Workspace& workspace, const std::string& folder);

// The models that stand as files (.ifc) below it, 20 folders deep at most. Hidden folders, files that are just being
// written, what cannot be listed, and the folder `but` are passed over.
std::vector<std::string> models_below(os::FileSystem& files, const std::string& folder, std::string_view but = {});

}  // namespace aecos::cli
