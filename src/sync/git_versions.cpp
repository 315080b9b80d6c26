#include "sync/git_versions.h"

namespace aecos::sync {

Result<std::vector<FileDifference>> GitVersions::difference(CommitId from, CommitId to) {
  AECOS_TRY_ASSIGN(TreeId before, workspace_.tree_of(from));
  AECOS_TRY_ASSIGN(TreeId after, workspace_.tree_of(to));
  return sync::difference(workspace_.repository, before, after);
}

Result<std::vector<std::string>> GitVersions::contents(const std::vector<FileAt>& files) {
  // For many files one git costs less than looking for the rules of each.
  constexpr std::size_t asked_max = 100;
  const bool ask = files.size() <= asked_max;
  std::vector<std::string> all(files.size());
  std::vector<git::Checkout::Placement> wanted;
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const FileAt& file = files[i];
    const bool as_it_is =
        file.version.mode == FileMode::symlink || (ask && workspace_.repository.is_placed_as_it_is(file.path));
    if (as_it_is) {
      AECOS_TRY_ASSIGN(all[i], workspace_.repository.read_blob(file.version.id));
    } else {
      wanted.push_back({file.version.id, file.path});
      positions.push_back(i);
    }
  }
  if (wanted.empty()) return all;
  AECOS_TRY_ASSIGN(std::vector<std::string> smudged, workspace_.checkout().smudge(wanted));
  for (std::size_t i = 0; i < positions.size(); ++i) all[positions[i]] = std::move(smudged[i]);
  return all;
}

Result<std::vector<bool>> GitVersions::are_as(const std::vector<FileAt>& files) {
  std::vector<bool> same(files.size());
  std::vector<std::string> filtered;  // Paths of files that are other bytes than the blob: only git can tell.
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < files.size(); ++i) {
    auto blob = workspace_.repository.read_blob(files[i].version.id);
    auto file = workspace_.world.files.map(workspace_.full(files[i].path));
    if (!file && file.error().code == ErrorCode::not_found) continue;
    if (!file) return file.error();
    same[i] = blob && file->bytes() == *blob;
    if (same[i]) continue;
    filtered.push_back(files[i].path);
    positions.push_back(i);
  }
  AECOS_TRY_ASSIGN(std::vector<BlobId> stored, workspace_.checkout().store(filtered));
  for (std::size_t i = 0; i < positions.size(); ++i) same[positions[i]] = stored[i] == files[positions[i]].version.id;
  return same;
}

Result<> GitVersions::set_index(const std::vector<TreeEdit>& edits) { return workspace_.checkout().set_index(edits); }

Result<> GitVersions::move_branch(const Placing& move, const std::string& log_message) {
  std::optional<CommitId> expected;
  if (move.from) expected = move.from;
  return workspace_.repository.update_ref(move.branch, expected, move.to, log_message);
}

bool trusts_modes(const Workspace& workspace) {
  auto modes = workspace.repository.config("core.filemode");
  return !modes || !*modes || (**modes != "false" && **modes != "0" && **modes != "no");
}

Desk desk_of(Workspace& workspace, Versions& versions) {
  return {workspace.world.files, versions, workspace.root, workspace.journal_path(), trusts_modes(workspace)};
}

}  // namespace aecos::sync
