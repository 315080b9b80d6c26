#include "cli/file_walk.h"

#include <algorithm>

#include "os/path.h"

namespace aecos::cli {
namespace {

constexpr int depth_max = 20;

constexpr const char* git_folder = ".git";

// `with_others`: also what lies in other repositories.
Result<> add_files(os::FileSystem& files, const std::string& root, const std::string& folder, bool with_others,
                   std::vector<std::string>& found) {
  AECOS_TRY_ASSIGN(const auto entries, files.list(os::join(root, folder)));
  const auto is_git = [](const os::DirectoryEntry& entry) { return entry.name == git_folder; };
  if (!with_others && !folder.empty() && std::any_of(entries.begin(), entries.end(), is_git)) return {};
  for (const os::DirectoryEntry& entry : entries) {
    std::string path = os::join(folder, entry.name);
    if (entry.type == os::FileType::directory && !is_git(entry))
      AECOS_TRY(add_files(files, root, path, with_others, found));
    if (entry.type == os::FileType::file) found.push_back(std::move(path));
  }
  return {};
}

class ModelWalk {
 public:
  ModelWalk(os::FileSystem& files, const std::string& root, std::string_view but)
      : files_(files), root_(root), but_(but) {}

  void add(const std::string& folder, int depth) {
    const auto entries = files_.list(os::join(root_, folder));
    if (!entries || depth > depth_max) return;
    for (const os::DirectoryEntry& entry : *entries) {
      std::string path = os::join(folder, entry.name);
      if (entry.type == os::FileType::directory && !entry.name.starts_with('.') && path != but_) add(path, depth + 1);
      const bool is_model = os::extension_of(entry.name) == ".ifc" && !os::is_temporary_name(entry.name);
      if (entry.type == os::FileType::file && is_model) found.push_back(std::move(path));
    }
  }

  std::vector<std::string> found;

 private:
  os::FileSystem& files_;
  const std::string& root_;
  std::string_view but_;
};

}  // namespace

std::string path_in_project(const std::string& root, const std::string& full, const std::string& given) {
  const std::string path = os::normal(full);
  if (path == root) return "";
  if (os::is_inside(root, path)) return path.substr(root.size() + (root.ends_with('/') ? 0 : 1));
  std::string_view name = given;
  while (name.size() > 1 && name.ends_with('/')) name.remove_suffix(1);
  return std::string(name);
}

Result<std::vector<std::string>> files_below(os::FileSystem& files, const std::string& folder) {
  std::vector<std::string> found;
  AECOS_TRY(add_files(files, folder, "", true, found));
  return found;
}

Result<std::vector<std::string>> files_below(sync::Workspace& workspace, const std::string& folder) {
  std::vector<std::string> found;
  AECOS_TRY(add_files(workspace.world.files, folder, "", false, found));
  if (!os::is_inside(workspace.root, folder)) return found;
  const std::string prefix = path_in_project(workspace.root, folder, "");
  std::vector<std::string> named;
  for (const std::string& path : found) named.push_back(os::join(prefix, path));
  AECOS_TRY_ASSIGN(std::vector<std::string> ignored, workspace.program.ignored(named));
  std::sort(ignored.begin(), ignored.end());
  std::erase_if(found, [&](const std::string& path) {
    return std::binary_search(ignored.begin(), ignored.end(), os::join(prefix, path));
  });
  return found;
}

std::vector<std::string> models_below(os::FileSystem& files, const std::string& folder, std::string_view but) {
  ModelWalk walk(files, folder, but);
  walk.add("", 0);
  return std::move(walk.found);
}

}  // namespace aecos::cli
