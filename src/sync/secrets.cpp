#include "sync/secrets.h"

#include <algorithm>
#include <set>

#include "os/path.h"

namespace aecos::sync {
namespace {

using Findings = std::vector<check::SecretFinding>;

void add(const std::string& path, Findings findings, std::vector<SecretAt>& secrets) {
  for (check::SecretFinding& finding : findings) secrets.push_back({path, {}, std::move(finding)});
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find('\0', at), list.size());
    parts.push_back(list.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

// A file of the index that differs from something; what is unmerged, or no file, is left out.
struct Staged {
  std::string path;
  BlobId before, after;  // `before` zero: it was not there.
};

// From git's --raw -z: ":MODE MODE ID ID KIND", then the path.
std::vector<Staged> read_raw(const std::string& output) {
  constexpr std::string_view submodule = "160000";
  constexpr std::size_t mode_size = 6, id_size = 40, ids_at = 1 + 2 * (mode_size + 1);
  std::vector<Staged> files;
  const std::vector<std::string> parts = split(output);
  for (std::size_t k = 0; k + 1 < parts.size(); k += 2) {
    const std::string_view line = parts[k];
    if (line.size() < ids_at + 2 * (id_size + 1) || line.find(submodule) != std::string_view::npos) continue;
    const auto before = BlobId::from_hex(line.substr(ids_at, id_size));
    const auto after = BlobId::from_hex(line.substr(ids_at + id_size + 1, id_size));
    if (before && after) files.push_back({parts[k + 1], *before, *after});
  }
  return files;
}

// Absent: there is no file, but a folder, a link or nothing.
std::optional<Findings> findings_in_file(Workspace& workspace, const std::string& path) {
  const std::string full = workspace.full(path);
  const auto status = workspace.world.files.status(full);
  if (!status || status->type != os::FileType::file) return std::nullopt;
  const auto file = workspace.world.files.map(full);
  if (!file) return std::nullopt;
  return check::find_secrets(file->bytes(), path);
}

// The versions that git merges into HEAD just now.
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

}  // namespace

Result<std::string> new_secret(Workspace& workspace, CommitId before, const std::string& path, std::string_view bytes) {
  Findings findings = check::find_secrets(bytes, path);
  if (findings.empty()) return std::string();
  AECOS_TRY_ASSIGN(const TreeId tree, workspace.tree_of(before));
  if (tree) {
    AECOS_TRY_ASSIGN(const auto entry, workspace.repository.find_entry(tree, path));
    if (entry && entry->is_regular()) {
      AECOS_TRY_ASSIGN(std::string old, workspace.repository.read_blob(entry->id));
      const bool is_pointer = git::parse_lfs_pointer(old).has_value();
      if (is_pointer) {
        AECOS_TRY_ASSIGN(old, workspace.library().large.read_lfs(old, path));
      }
      check::leave_out(findings, check::find_secrets(old, path));
    }
  }
  if (findings.empty()) return std::string();
  const check::SecretFinding& first = findings.front();
  return std::to_string(first.line) + ": looks like a " + first.rule + " (fingerprint " + first.fingerprint +
         "); take it out, or, if it is none, say why with aecos sync --allow-secret REASON";
}

Result<std::vector<SecretAt>> secrets_to_share(Workspace& workspace, CommitId head) {
  git::HistoryQuery query;
  if (head) query.from.push_back(head);
  AECOS_TRY_ASSIGN(const CommitId shared, workspace.tracking());
  if (shared) query.hide.push_back(shared);
  return revision::new_secrets(workspace.repository, query);
}

Result<std::vector<SecretAt>> secrets_saved(Workspace& workspace) {
  AECOS_TRY_ASSIGN(const std::string listed,
                   workspace.program.run({"ls-files", "-z", "--cached", "--others", "--exclude-standard"}));
  const std::vector<std::string> parts = split(listed);
  const std::set<std::string> paths(parts.begin(), parts.end());
  std::vector<SecretAt> secrets;
  for (const std::string& path : paths) {
    if (auto findings = findings_in_file(workspace, path)) add(path, *std::move(findings), secrets);
  }
  AECOS_TRY_ASSIGN(const std::string staged,
                   workspace.program.run({"diff-files", "--raw", "-z", "--no-renames", "--abbrev=40"}));
  for (const Staged& file : read_raw(staged)) {
    const auto bytes = workspace.repository.read_blob(file.before);
    if (!bytes) continue;
    Findings findings = check::find_secrets(*bytes, file.path);
    check::leave_out(findings, findings_in_file(workspace, file.path).value_or(Findings()));
    add(file.path, std::move(findings), secrets);
  }
  return secrets;
}

Result<std::vector<SecretAt>> secrets_staged(Workspace& workspace, const std::string& index_file) {
  AECOS_TRY_ASSIGN(const auto head, workspace.repository.read_ref("HEAD"));
  AECOS_TRY_ASSIGN(const std::string staged, workspace.program.staged_since(head.value_or(CommitId{}), index_file));
  AECOS_TRY_ASSIGN(const std::vector<TreeId> merged, merged_trees(workspace));
  revision::SecretSearch search(workspace.repository);
  for (const Staged& file : read_raw(staged)) {
    if (!file.after) continue;
    std::vector<BlobId> before;
    if (file.before) before.push_back(file.before);
    for (const TreeId tree : merged) {
      AECOS_TRY_ASSIGN(const auto entry, workspace.repository.find_entry(tree, file.path));
      if (entry && entry->is_regular()) before.push_back(entry->id);
    }
    AECOS_TRY(search.look_at(file.path, before, file.after));
  }
  return std::move(search).take();
}

Result<std::vector<SecretAt>> secrets_in_range(Workspace& workspace, const std::string& range) {
  const git::Repository& repository = workspace.repository;
  const auto commit_at = [&](const std::string& name) {
    return repository.resolve_commit(name.empty() ? "HEAD" : name);
  };
  const std::size_t dots = range.find("..");
  if (dots == std::string::npos) {
    AECOS_TRY_ASSIGN(const CommitId id, commit_at(range));
    AECOS_TRY_ASSIGN(const git::Commit commit, repository.read_commit(id));
    revision::SecretSearch search(repository);
    AECOS_TRY(search.look_at(commit));
    return std::move(search).take();
  }
  if (range.substr(dots).starts_with("..."))
    return Error{ErrorCode::invalid_input, range + ": a range is written A..B: what B has and A has not"};
  AECOS_TRY_ASSIGN(const CommitId from, commit_at(range.substr(0, dots)));
  AECOS_TRY_ASSIGN(const CommitId to, commit_at(range.substr(dots + 2)));
  return revision::new_secrets(repository, {{to}, {from}});
}

}  // namespace aecos::sync
