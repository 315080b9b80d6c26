#include "sync/workspace.h"

#include "os/path.h"

namespace aecos::sync {

Workspace::Workspace(const World& given, git::Repository opened, std::string root_folder, std::string state_folder)
    : world(given),
      repository(std::move(opened)),
      program(given.processes, root_folder),
      root(std::move(root_folder)),
      state(std::move(state_folder)) {}

Result<Workspace> Workspace::open(const World& world, const std::string& folder) {
  AECOS_TRY_ASSIGN(git::Repository repository, git::Repository::open(folder));
  std::string root = os::normal(repository.work_tree());
  if (repository.work_tree().empty()) {
    return Error{ErrorCode::not_found, folder + ": a repository without a work tree; use a clone of it"};
  }
  std::string state = os::join(repository.git_folder(), "aecos");
  Workspace workspace(world, std::move(repository), std::move(root), std::move(state));
  auto json = world.files.read(workspace.full(std::string(project_path)));
  if (!json && json.error().code == ErrorCode::not_found) return workspace;
  auto project = json ? parse_project(*json) : Result<Project>(json.error());
  if (project) {
    workspace.project = *std::move(project);
  } else {
    workspace.project_fault = std::string(project_path) + ":" + project.error().message;
  }
  return workspace;
}

std::string Workspace::full(const std::string& path) const { return os::join(root, path); }
std::string Workspace::journal_path() const { return os::join(state, "journal.json"); }
std::string Workspace::lock_path() const { return os::join(state, "lock"); }
std::string Workspace::shared_ref() const { return "refs/heads/" + project.shared_branch; }
std::string Workspace::tracking_ref() const { return "refs/remotes/" + project.remote + "/" + project.shared_branch; }

Result<Workspace::Head> Workspace::head() const {
  AECOS_TRY_ASSIGN(std::optional<std::string> branch, repository.head_branch());
  if (!branch) {
    return Error{ErrorCode::invalid_input, "no branch is checked out here; run git switch BRANCH"};
  }
  AECOS_TRY_ASSIGN(std::optional<CommitId> commit, repository.read_ref(*branch));
  return Head{*std::move(branch), commit.value_or(CommitId{})};
}

Result<TreeId> Workspace::tree_of(CommitId commit) const {
  if (!commit) return TreeId{};
  AECOS_TRY_ASSIGN(git::Commit read, repository.read_commit(commit));
  return read.tree;
}

Result<CommitId> Workspace::tracking() const {
  AECOS_TRY_ASSIGN(std::optional<CommitId> commit, repository.read_ref(tracking_ref()));
  return commit.value_or(CommitId{});
}

Result<git::Signature> Workspace::signature() const { return repository.user(world.clock.now_us() / 1'000'000, 0); }

bool Workspace::has_remote() const {
  auto url = repository.config("remote." + project.remote + ".url");
  return url && *url;
}

Result<std::unique_ptr<os::FileLock>> lock(Workspace& workspace) {
  AECOS_TRY(workspace.world.files.create_directories(workspace.state));
  auto lock = workspace.world.files.try_lock(workspace.lock_path(),
                                             "aecos, since " + os::to_utc_text(workspace.world.clock.now_us()));
  if (lock || lock.error().code != ErrorCode::denied) return lock;
  return Error{ErrorCode::changed_meanwhile, "this work tree is in use (" + lock.error().message + "); try again"};
}

}  // namespace aecos::sync
