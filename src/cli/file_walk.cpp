#include "cli/file_walk.h"

#include "os/path.h"

namespace aecos::cli {
namespace {

constexpr int depth_max = 20;

Result<> add_files(os::FileSystem& files, const std::string& root, const std::string& folder,
                   std::vector<std::string>& found) {
  AECOS_TRY_ASSIGN(const auto entries, files.list(os::join(root, folder)));
  for (const os::DirectoryEntry& entry : entries) {
    std::string path = os::join(folder, entry.name);
    if (entry.type == os::FileType::directory && entry.name != ".git") AECOS_TRY(add_files(files, root, path, found));
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

Result<std::vector<std::string>> files_below(os::FileSystem& files, const std::string& folder) {
  std::vector<std::string> found;
  AECOS_TRY(add_files(files, folder, "", found));
  return found;
}

std::vector<std::string> models_below(os::FileSystem& files, const std::string& folder, std::string_view but) {
  ModelWalk walk(files, folder, but);
  walk.add("", 0);
  return std::move(walk.found);
}

}  // namespace aecos::cli
