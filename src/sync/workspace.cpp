#include "sync/workspace.h"

#include "os/path.h"
#include "os/together.h"

namespace aecos::sync {

Workspace::Workspace(const World& given, git::Repository opened)
    : world(given),
      repository(std::move(opened)),
      program(given.processes, os::normal(repository.work_tree())),
      root(os::normal(repository.work_tree())),
      state(os::join(repository.git_folder(), "aecos")) {
  read_project();
}

Result<Workspace> Workspace::open(const World& world, const std::string& folder) {
  AECOS_TRY_ASSIGN(git::Repository repository, git::Repository::open(folder));
  if (repository.work_tree().empty()) {
    return Error{ErrorCode::not_found, folder + ": a repository without a work tree; use a clone of it"};
  }
  return Workspace(world, std::move(repository));
}

Workspace Workspace::open_with(const World& world, git::Repository repository,
                               std::unique_ptr<git::Checkout> checkout) {
  Workspace workspace(world, std::move(repository));
  workspace.checkout_ = std::move(checkout);
  return workspace;
}

void Workspace::read_project() {
  auto json = world.files.read(full(std::string(revision::project_path)));
  if (!json && json.error().code == ErrorCode::not_found) return;
  auto read = json ? revision::parse_project(*json) : Result<revision::Project>(json.error());
  if (read) {
    project = *std::move(read);
  } else {
    project_fault = std::string(revision::project_path) + ":" + read.error().message;
  }
}

std::string Workspace::full(const std::string& path) const { return os::join(root, path); }
std::string Workspace::journal_path() const { return os::join(state, "journal.json"); }
std::string Workspace::lock_path() const { return os::join(state, "lock"); }
std::string Workspace::import_notes() const { return os::join(state, "import"); }
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

Result<revision::Maker> Workspace::maker() const {
  AECOS_TRY_ASSIGN(git::Signature actor, signature());
  return revision::Maker{std::move(actor), project.shared_branch, project.policy};
}

bool Workspace::has_remote() const {
  auto url = repository.config("remote." + project.remote + ".url");
  return url && *url;
}

namespace {

// The lock files of git's that we, or a git that we started, may have left when killed.
std::vector<std::string> git_locks(const Workspace& workspace) {
  const std::string own = workspace.repository.git_folder(), common = workspace.repository.common_folder();
  std::vector<std::string> locks{os::join(own, "index.lock"), os::join(own, "HEAD.lock"),
                                 os::join(common, "packed-refs.lock"),
                                 os::join(common, workspace.tracking_ref() + ".lock")};
  auto branch = workspace.repository.head_branch();
  if (branch && *branch) locks.push_back(os::join(common, **branch + ".lock"));
  return locks;
}

// A git that outlived us is given time to finish; what then still is the same lock belongs to nobody.
Result<> clear_git_locks(Workspace& workspace) {
  os::FileSystem& files = workspace.world.files;
  std::vector<std::pair<std::string, os::Seen>> found;
  for (const std::string& lock : git_locks(workspace)) {
    AECOS_TRY_ASSIGN(os::Seen seen, os::look(files, lock));
    if (seen) found.emplace_back(lock, seen);
  }
  constexpr int looks = 20;
  constexpr std::int64_t between_us = 100'000;
  for (int i = 0; i < looks && !found.empty(); ++i) {
    workspace.world.clock.sleep_us(between_us);
    for (auto each = found.begin(); each != found.end();) {
      AECOS_TRY_ASSIGN(os::Seen seen, os::look(files, each->first));
      each = seen == each->second ? std::next(each) : found.erase(each);
    }
  }
  for (const auto& [lock, seen] : found) AECOS_TRY(files.remove(lock));
  return {};
}

Result<> take_back_import(Workspace& workspace) {
  AECOS_TRY_ASSIGN(const os::TakenBack taken,
                   os::take_back(workspace.world.files, workspace.import_notes(), workspace.root));
  if (taken.files == 0) return {};
  workspace.left_over = "an import was broken off; what it had written was taken back";
  if (!taken.edited.empty())
    workspace.left_over += ", but for " + taken.edited.front() + ", which was edited since" +
                           (taken.edited.size() > 1 ? ", and others" : "");
  return {};
}

}  // namespace

Result<std::unique_ptr<os::FileLock>> lock(Workspace& workspace) {
  os::FileSystem& files = workspace.world.files;
  AECOS_TRY(files.create_directories(workspace.state));
  auto lock = files.try_lock(workspace.lock_path(), "aecos, since " + os::to_utc_text(workspace.world.clock.now_us()));
  if (!lock && lock.error().code == ErrorCode::denied) {
    return Error{ErrorCode::changed_meanwhile, "this work tree is in use (" + lock.error().message + "); try again"};
  }
  if (!lock) return lock;
  Result<> cleared = take_back_import(workspace);
  if (cleared && (*lock)->was_left()) cleared = clear_git_locks(workspace);
  if (cleared) return lock;
  if ((*lock)->was_left()) (*lock)->leave();  // Whoever comes next clears up.
  return std::move(cleared).error();
}

}  // namespace aecos::sync
