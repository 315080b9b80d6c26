#include "sync/secrets.h"

#include <algorithm>
#include <set>

namespace aecos::sync {
namespace {

using Findings = std::vector<check::SecretFinding>;

void add(const std::string& path, Findings findings, std::vector<SecretAt>& secrets) {
  for (check::SecretFinding& finding : findings) secrets.push_back({path, {}, std::move(finding)});
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
  const std::vector<std::string> parts = split_list(listed);
  const std::set<std::string> paths(parts.begin(), parts.end());
  std::vector<SecretAt> secrets;
  for (const std::string& path : paths) {
    if (auto findings = findings_in_file(workspace, path)) add(path, *std::move(findings), secrets);
  }
  AECOS_TRY_ASSIGN(const std::string staged,
                   workspace.program.run({"diff-files", "--raw", "-z", "--no-renames", "--abbrev=40"}));
  for (const StagedFile& file : read_differences(staged)) {
    if (file.before.empty()) continue;
    const auto bytes = workspace.repository.read_blob(file.before.front());
    if (!bytes) continue;
    Findings findings = check::find_secrets(*bytes, file.path);
    check::leave_out(findings, findings_in_file(workspace, file.path).value_or(Findings()));
    add(file.path, std::move(findings), secrets);
  }
  return secrets;
}

Result<std::vector<SecretAt>> secrets_staged(Workspace& workspace, const std::string& index_file) {
  AECOS_TRY_ASSIGN(const std::vector<StagedFile> files, staged_files(workspace, index_file));
  return secrets_in(workspace, files);
}

Result<std::vector<SecretAt>> secrets_in(Workspace& workspace, const std::vector<StagedFile>& files) {
  revision::SecretSearch search(workspace.repository);
  for (const StagedFile& file : files) {
    if (file.after) AECOS_TRY(search.look_at(file.path, file.before, file.after));
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
