#include "sync/open_conflicts.h"

#include <algorithm>
#include <set>

#include "sync/local_records.h"

namespace aecos::sync {
namespace {

Result<> add_recorded(Workspace& workspace, CommitId commit, std::vector<OpenConflict>& found) {
  AECOS_TRY_ASSIGN(TreeId tree, workspace.tree_of(commit));
  if (!tree) return {};
  AECOS_TRY_ASSIGN(std::optional<TreeEntry> folder, workspace.repository.find_entry(tree, revision::records_folder));
  if (!folder || !folder->is_folder()) return {};
  AECOS_TRY_ASSIGN(std::vector<TreeEntry> entries, workspace.repository.read_tree(folder->tree_id()));
  for (const TreeEntry& entry : entries) {
    if (!entry.is_regular() || revision::record_id(std::string(revision::records_folder) + "/" + entry.name).empty())
      continue;
    AECOS_TRY_ASSIGN(std::string json, workspace.repository.read_blob(entry.id));
    if (auto record = revision::parse_record(json)) found.push_back({*std::move(record), false});
  }
  return {};
}

// Git's index says which paths still are unmerged; records of others are settled.
Result<> add_local(Workspace& workspace, std::vector<OpenConflict>& found) {
  AECOS_TRY_ASSIGN(std::vector<Record> records, read_local_records(workspace.world.files, workspace.state));
  if (records.empty()) return {};
  std::vector<std::string> paths;
  for (const Record& record : records) paths.push_back(record.path);
  AECOS_TRY_ASSIGN(std::vector<git::IndexEntry> entries, workspace.program.index_entries(paths));
  std::set<std::string> unmerged;
  for (const git::IndexEntry& entry : entries) {
    if (entry.stage > 0) unmerged.insert(entry.path);
  }
  for (Record& record : records) {
    if (unmerged.contains(record.path)) found.push_back({std::move(record), true});
  }
  return {};
}

}  // namespace

Result<std::vector<OpenConflict>> open_conflicts(Workspace& workspace, CommitId commit) {
  std::vector<OpenConflict> found;
  AECOS_TRY(add_recorded(workspace, commit, found));
  AECOS_TRY(add_local(workspace, found));
  std::stable_sort(found.begin(), found.end(), [](const OpenConflict& a, const OpenConflict& b) {
    return std::tie(a.record.path, a.record.opened) < std::tie(b.record.path, b.record.opened);
  });
  return found;
}

Result<OpenConflict> find_conflict(Workspace& workspace, CommitId commit, const std::string& id) {
  AECOS_TRY_ASSIGN(std::vector<OpenConflict> all, open_conflicts(workspace, commit));
  const OpenConflict* match = nullptr;
  std::size_t matches = 0;
  for (const OpenConflict& conflict : all) {
    const std::string& known = conflict.record.conflict.id;
    if (known == id) return conflict;
    if (!id.empty() && (known.starts_with(id) || known.starts_with("c-" + id))) {
      match = &conflict;
      ++matches;
    }
  }
  if (matches == 1) return *match;
  return Error{ErrorCode::not_found, (matches ? "several conflicts begin with " : "no open conflict is called ") + id +
                                         "; aecos conflicts lists them"};
}

Result<merge::Value> value_text(Workspace& workspace, const OpenConflict& conflict, merge::Side side) {
  const std::string& hash = revision::side_of(conflict.record, side).large_value;
  if (hash.empty()) return revision::value_of(conflict.record, side);
  if (conflict.local) {
    AECOS_TRY_ASSIGN(std::string bytes, read_local_value(workspace.world.files, workspace.state, hash));
    return merge::Value(std::move(bytes));
  }
  auto id = BlobId::from_hex(hash);
  if (!id) return Error{ErrorCode::invalid_input, conflict.record.conflict.id + ": \"" + hash + "\" is no hash"};
  AECOS_TRY_ASSIGN(std::string bytes, workspace.repository.read_blob(*id));
  return merge::Value(std::move(bytes));
}

}  // namespace aecos::sync
