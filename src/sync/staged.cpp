#include "sync/staged.h"

#include <algorithm>

#include "os/path.h"

namespace aecos::sync {
Result<std::vector<TreeId>> merged_trees(Workspace& workspace) {
  std::vector<TreeId> trees;
  const auto heads = workspace.world.files.read(os::join(workspace.repository.git_folder(), "MERGE_HEAD"));
  for (std::size_t at = 0; heads && at < heads->size(); at = heads->find('\n', at) + 1) {
    const auto commit = CommitId::from_hex(std::string_view(*heads).substr(at, heads->find('\n', at) - at));
    if (!commit) break;
    AECOS_TRY_ASSIGN(trees.emplace_back(), workspace.tree_of(*commit));
    if (heads->find('\n', at) == std::string::npos) break;
  }
  return trees;
}

std::vector<std::string> split_list(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find('\0', at), list.size());
    parts.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::vector<StagedFile> read_differences(const std::string& raw) {
  constexpr std::string_view submodule = "160000";
  constexpr std::size_t mode_size = 6, id_size = 40, ids_at = 1 + 2 * (mode_size + 1);
  std::vector<StagedFile> files;
  const std::vector<std::string> parts = split_list(raw);
  for (std::size_t k = 0; k + 1 < parts.size(); k += 2) {
    const std::string_view line = parts[k];
    if (line.size() < ids_at + 2 * (id_size + 1) || line.find(submodule) != std::string_view::npos) continue;
    const auto before = BlobId::from_hex(line.substr(ids_at, id_size));
    const auto after = BlobId::from_hex(line.substr(ids_at + id_size + 1, id_size));
    if (!before || !after) continue;
    files.push_back({parts[k + 1], {}, *after});
    if (*before) files.back().before.push_back(*before);
  }
  return files;
}

Result<std::vector<StagedFile>> staged_files(Workspace& workspace, const std::string& index_file) {
  AECOS_TRY_ASSIGN(const auto head, workspace.repository.read_ref("HEAD"));
  AECOS_TRY_ASSIGN(const std::string staged, workspace.program.staged_since(head.value_or(CommitId{}), index_file));
  AECOS_TRY_ASSIGN(const std::vector<TreeId> merged, merged_trees(workspace));
  std::vector<StagedFile> files = read_differences(staged);
  for (StagedFile& file : files) {
    for (const TreeId tree : merged) {
      AECOS_TRY_ASSIGN(const auto entry, workspace.repository.find_entry(tree, file.path));
      if (entry && entry->is_regular()) file.before.push_back(entry->id);
    }
  }
  return files;
}

}  // namespace aecos::sync
