#include "sync/set_up.h"

#include <algorithm>

#include "os/path.h"
#include "revision/project.h"
#include "sync/hooks.h"
#include "sync/hub_link.h"
#include "text/json_writer.h"

namespace aecos::sync {
namespace {

constexpr std::string_view heads = "refs/heads/";
constexpr std::string_view storing_mark = "# aecos: how models are stored; lines below may say otherwise";
constexpr std::string_view merging_mark = "# aecos: how files are merged and shown";
constexpr std::string_view storing_lines = "*.ifc -text filter=aecos-ifc\n";
constexpr std::string_view merging_lines =
    "*.ifc merge=aecos diff=aecos-ifc\n"
    "*.json merge=aecos\n"
    "*.geojson merge=aecos\n"
    "*.ifcx merge=aecos\n"
    "*.md merge=aecos\n";

bool has_line(const std::string& text, std::string_view line) {
  for (std::size_t at = text.find(line); at != std::string::npos; at = text.find(line, at + 1)) {
    const std::size_t end = at + line.size();
    const bool starts = at == 0 || text[at - 1] == '\n';
    if (starts && (end == text.size() || text[end] == '\n' || text[end] == '\r')) return true;
  }
  return false;
}

// The paths git lists, each on a line with a tab before it.
std::string indented_lines(std::string_view text) {
  std::string names;
  for (std::size_t at = text.find("\n\t"); at != std::string_view::npos; at = text.find("\n\t", at + 1)) {
    const std::string_view rest = text.substr(at + 2);
    names += (names.empty() ? "" : ", ") + std::string(rest.substr(0, rest.find('\n')));
  }
  return names;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

class SetUp {
 public:
  SetUp(const World& world, std::string folder, const SetUpOptions& options)
      : world_(world), root_(std::move(folder)), options_(options), at_start_(world.processes, root_) {}

  Result<SetUpReport> run() {
    Result<SetUpReport> done = set_up();
    if (!done && !placed_) take_back();
    return done;
  }

 private:
  Result<SetUpReport> set_up() {
    AECOS_TRY(open_repository());
    AECOS_TRY(check_user());
    AECOS_TRY(configure());
    for (std::string& line : install_hooks(world_.files, *repository_, options_.program))
      report_.warnings.push_back(std::move(line));
    AECOS_TRY(set_remote());
    AECOS_TRY(fetch());
    AECOS_TRY(make_or_join());
    AECOS_TRY(track());
    AECOS_TRY(program().try_run({"update-index", "--index-version", "4"}));  // Half the size, where it is large.
    report_.root = root_;
    report_.member = member_;
    return std::move(report_);
  }

  // What was made for nothing would be in the way of another try. What cannot be removed stays.
  void take_back() {
    if (adds_remote_) static_cast<void>(program().try_run({"remote", "remove", "origin"}));
    repository_.reset();
    if (makes_repository_) static_cast<void>(os::remove_all(world_.files, os::join(root_, ".git")));
  }

  // --- the repository

  Result<> open_repository() {
    auto opened = git::Repository::open(root_);
    if (!opened && opened.error().code != ErrorCode::not_found) return std::move(opened).error();
    if (!opened || is_empty_inside_of(*opened)) {
      AECOS_TRY(world_.files.create_directories(root_));
      AECOS_TRY(check_user());  // Before anything is made.
      makes_repository_ = !os::exists(world_.files, os::join(root_, ".git"));
      AECOS_TRY(program().run({"init", "-q", "-b", shared_branch()}));
      opened = git::Repository::open(root_);
      if (!opened) return std::move(opened).error();
    }
    repository_.emplace(*std::move(opened));
    if (repository_->work_tree().empty())
      return Error{ErrorCode::invalid_input,
                   root_ + ": a repository without a work tree; clone it and set up the clone"};
    if (os::normal(root_) != repository_->work_tree()) root_ = repository_->work_tree();
    at_root_.emplace(world_.processes, root_);
    if (repository_->activity() != git::Activity::none)
      return Error{ErrorCode::changed_meanwhile,
                   root_ + ": git is in the middle of a merge or rebase; finish it first"};
    return {};
  }

  // An empty folder in another project's work tree, which has nothing to do with that one.
  bool is_empty_inside_of(const git::Repository& around) const {
    if (around.work_tree().empty() || around.work_tree() == os::normal(root_)) return false;
    const auto entries = world_.files.list(root_);
    return entries && entries->empty();
  }

  Result<> check_user() {
    for (const char* key : {"user.name", "user.email"}) {
      AECOS_TRY_ASSIGN(const os::Finished told, program().try_run({"config", "--get", key}));
      std::string value = told.output.substr(0, told.output.find('\n'));
      if (value.empty())
        return Error{ErrorCode::invalid_input, std::string("git does not know your ") +
                                                   (key[5] == 'n' ? "name" : "e-mail address") +
                                                   "; say it once with: git config --global " + key +
                                                   (key[5] == 'n' ? " \"Your Name\"" : " you@example.org")};
      if (key[5] == 'n') member_ = member_name(options_.member.empty() ? value : options_.member);
    }
    if (member_.empty())
      return Error{ErrorCode::invalid_input, "no name for a branch can be made of yours; choose one with --member"};
    return {};
  }

  std::string shared_branch() const { return options_.shared_branch.empty() ? "develop" : options_.shared_branch; }

  Result<> configure() {
    const std::string aecos = git::shell_quoted(options_.program);
    const std::pair<const char*, std::string> settings[] = {
        {"merge.aecos.name", "aecos: merge by meaning"},
        {"merge.aecos.driver", aecos + " merge-driver %O %A %B %L %P"},
        {"diff.aecos-ifc.command", aecos + " diff-driver"},
        {"diff.aecos-ifc.textconv", aecos + " textconv"},
        {"diff.aecos-ifc.xfuncname", "^Ifc.*$"},
        {"filter.aecos-ifc.process", aecos + " filter-process"},
        {"filter.aecos-ifc.clean", aecos + " clean %f"},
        {"aecos.member", member_},
    };
    for (const auto& [key, value] : settings) AECOS_TRY(repository_->set_config(key, value));
    // Git's own defaults for large work trees, and for pulling into one's own branch, unless somebody chose otherwise.
    const std::pair<const char*, const char*> defaults[] = {
        {"pull.rebase", "false"}, {"push.default", "current"}, {"index.version", "4"}, {"core.untrackedCache", "true"}};
    for (const auto& [key, value] : defaults) {
      AECOS_TRY_ASSIGN(const auto there, repository_->config(key));
      if (!there) AECOS_TRY(repository_->set_config(key, value));
    }
    return {};
  }

  // --- the remote

  Result<> set_remote() {
    AECOS_TRY_ASSIGN(const auto there, repository_->config("remote.origin.url"));
    const std::string wanted = absolute_url(options_.remote_url);
    if (there && !wanted.empty() && *there != wanted)
      return Error{ErrorCode::invalid_input, "this repository has another remote, " + *there +
                                                 "; change it with: git remote set-url origin " + wanted};
    adds_remote_ = !there && !wanted.empty();
    if (adds_remote_) AECOS_TRY(program().run({"remote", "add", "origin", wanted}));
    report_.remote_url = there ? *there : wanted;
    return {};
  }

  // A path is seen from where we are called, which is not where git looks from.
  std::string absolute_url(const std::string& url) const {
    const bool is_path = url.starts_with("./") || url.starts_with("../") || url == "." || url == "..";
    return is_path ? os::normal(os::join(start_, url)) : url;
  }

  Result<> fetch() {
    if (report_.remote_url.empty()) return {};
    git::Transfer transfer;
    transfer.progress = options_.progress;
    transfer.may_ask = options_.may_ask;
    const auto fetched = program().fetch(transfer);
    if (fetched) return {};
    if (is_project_here()) {
      report_.warnings.push_back(fetched.error().message + "; set up without it");
      reachable_ = false;
      return {};
    }
    return fetched.error();
  }

  // --- the project

  bool is_project_here() const {
    const auto tree = repository_->resolve_tree("HEAD");
    if (!tree) return false;
    const auto entry = repository_->find_entry(*tree, revision::project_path);
    return entry && *entry;
  }

  // The branch at the remote that holds a project: the one asked for, or any that its project.json calls shared.
  Result<std::optional<CommitId>> shared_at_remote() {
    const std::string ref = "refs/remotes/origin/" + shared_branch();
    AECOS_TRY_ASSIGN(const auto commit, repository_->read_ref(ref));
    if (!commit) return commit;
    AECOS_TRY_ASSIGN(const git::Commit read, repository_->read_commit(*commit));
    AECOS_TRY_ASSIGN(const auto entry, repository_->find_entry(read.tree, revision::project_path));
    return entry ? commit : std::optional<CommitId>();
  }

  Result<> make_or_join() {
    AECOS_TRY_ASSIGN(const auto shared, shared_at_remote());
    if (is_project_here()) {
      AECOS_TRY(read_project("HEAD"));
      return stay_or_switch();
    }
    if (shared) {
      report_.joined = true;
      return join(*shared);
    }
    return make();
  }

  Result<> read_project(const std::string& revision) {
    AECOS_TRY_ASSIGN(const BlobId id, repository_->resolve_blob(revision + ":" + std::string(revision::project_path)));
    AECOS_TRY_ASSIGN(const std::string json, repository_->read_blob(id));
    auto project = revision::parse_project(json);
    if (!project)
      return Error{ErrorCode::invalid_input, std::string(revision::project_path) + ":" + project.error().message};
    report_.name = project->name;
    report_.shared_branch = project->shared_branch;
    return {};
  }

  git::Program& program() { return at_root_ ? *at_root_ : at_start_; }
  std::string own_branch() const { return "user/" + member_ + "/work"; }

  // From the shared branch one goes to one's own; whoever is elsewhere knows why.
  Result<> stay_or_switch() {
    AECOS_TRY_ASSIGN(const auto head, repository_->head_branch());
    if (!head) return Error{ErrorCode::invalid_input, "no branch is checked out here; run git switch BRANCH first"};
    const std::string branch = head->substr(heads.size());
    if (branch != report_.shared_branch) {
      report_.branch = branch;
      return {};
    }
    AECOS_TRY_ASSIGN(const CommitId commit, repository_->resolve_commit("HEAD"));
    return switch_to_own(commit);
  }

  Result<> join(CommitId shared) {
    AECOS_TRY(read_project(shared.hex()));
    AECOS_TRY_ASSIGN(const auto mine, repository_->read_ref("refs/remotes/origin/" + own_branch()));
    return switch_to_own(mine ? *mine : shared);
  }

  // git itself refuses where uncommitted work is in the way, and names it.
  Result<> switch_to_own(CommitId start) {
    report_.branch = own_branch();
    AECOS_TRY_ASSIGN(const auto there, repository_->read_ref(std::string(heads) + own_branch()));
    AECOS_TRY_ASSIGN(const os::Finished switched,
                     there ? program().try_run({"switch", "-q", own_branch()})
                           : program().try_run({"switch", "-q", "--no-track", "-c", own_branch(), start.hex()}));
    placed_ = switched.ok();
    if (placed_) return {};
    const std::string named = indented_lines(switched.error);
    return Error{ErrorCode::changed_meanwhile,
                 named.empty() ? "the branch " + own_branch() + " cannot be checked out: " + first_line(switched.error)
                               : "files here are in the way of the project's: " + named + "; move them aside" +
                                     (makes_repository_ ? "" : " (or commit them)") + " and run aecos init again"};
  }

  // --- a new project

  Result<> make() {
    AECOS_TRY_ASSIGN(const auto head, repository_->head_branch());
    if (!head) return Error{ErrorCode::invalid_input, "no branch is checked out here; run git switch BRANCH first"};
    report_.made = true;
    report_.name = options_.name.empty() ? std::string(os::name_of(root_)) : options_.name;
    report_.shared_branch = shared_branch();
    AECOS_TRY_ASSIGN(const auto parent, starting_point());
    AECOS_TRY_ASSIGN(const CommitId commit, commit_project(parent));
    AECOS_TRY_ASSIGN(const bool shared, publish(commit));
    if (!shared) return make_or_join();  // Somebody made it meanwhile.
    return place(*head, parent, commit);
  }

  // A shared branch that is there already goes on; else the history that is checked out does.
  Result<std::optional<CommitId>> starting_point() {
    AECOS_TRY_ASSIGN(const auto remote, repository_->read_ref("refs/remotes/origin/" + shared_branch()));
    AECOS_TRY_ASSIGN(const auto local, repository_->read_ref(std::string(heads) + shared_branch()));
    AECOS_TRY_ASSIGN(const auto head, repository_->read_ref("HEAD"));
    for (const auto& other : {remote, local}) {
      if (!other || !head || *other == *head) continue;
      AECOS_TRY_ASSIGN(const bool behind, repository_->is_ancestor(*other, *head));
      if (!behind)
        return Error{ErrorCode::invalid_input,
                     "the branch " + shared_branch() +
                         " has work that is not in the one checked out here; run git switch " + shared_branch() +
                         " first"};
    }
    if (remote && !head) return remote;
    return head;
  }

  Result<CommitId> commit_project(std::optional<CommitId> parent) {
    TreeId tree;
    std::string attributes;
    if (parent) {
      AECOS_TRY_ASSIGN(const git::Commit read, repository_->read_commit(*parent));
      tree = read.tree;
      AECOS_TRY_ASSIGN(const auto entry, repository_->find_entry(tree, ".gitattributes"));
      if (entry && entry->is_regular()) {
        AECOS_TRY_ASSIGN(attributes, repository_->read_blob(entry->id));
      }
    }
    project_json_ = new_project();
    AECOS_TRY_ASSIGN(const BlobId project, repository_->write_blob(project_json_));
    AECOS_TRY_ASSIGN(const BlobId lines, repository_->write_blob(with_attributes(attributes)));
    edits_ = {{std::string(revision::project_path), false, FileMode::file, project},
              {".gitattributes", false, FileMode::file, lines}};
    AECOS_TRY_ASSIGN(const git::Signature user, repository_->user(world_.clock.now_us() / 1'000'000, 0));
    git::NewCommit commit{{}, {}, user, user, "Make an aecos project of it: " + report_.name + "\n"};
    AECOS_TRY_ASSIGN(commit.tree, repository_->write_tree(tree, edits_));
    if (parent) commit.parents.push_back(*parent);
    return repository_->write_commit(commit);
  }

  std::string new_project() {
    text::JsonWriter json(2);
    json.begin_object()
        .member("version", 1)
        .member("id", "p-" + os::random_hex(world_.random, 8))
        .member("name", report_.name);
    json.member("sharedBranch", report_.shared_branch).member("remote", "origin");
    json.member("integrationPolicy", "integrated").end_object();
    return std::move(json).take();
  }

  // False: somebody else was faster.
  Result<bool> publish(CommitId commit) {
    if (report_.remote_url.empty() || !reachable_) return true;
    git::Transfer transfer;
    transfer.refspecs = {commit.hex() + ":" + std::string(heads) + report_.shared_branch};
    transfer.progress = options_.progress;
    transfer.may_ask = options_.may_ask;
    AECOS_TRY_ASSIGN(const auto pushed, program().push(transfer));
    for (const git::RefUpdate& update : pushed) {
      if (update.is_behind()) {
        AECOS_TRY(fetch());
        report_.made = false;
        return false;
      }
      if (update.kind == git::RefUpdate::Kind::rejected)
        report_.warnings.push_back(report_.remote_url + " did not take " + report_.shared_branch + ": " +
                                   update.reason + "; the project is here only until somebody may push it");
    }
    return true;
  }

  // The two files are put where they were not, the branches made, and nothing else is touched.
  Result<> place(const std::string& head, std::optional<CommitId> parent, CommitId commit) {
    const std::string shared = std::string(heads) + report_.shared_branch;
    const std::string own = std::string(heads) + own_branch();
    AECOS_TRY_ASSIGN(const auto here, repository_->read_ref("HEAD"));
    if (parent && !here) AECOS_TRY(switch_to_own(commit));  // Else the remote's files would be missing, as if deleted.
    AECOS_TRY_ASSIGN(const auto shared_now, repository_->read_ref(shared));
    AECOS_TRY(repository_->update_ref(shared, shared_now, commit, "aecos init"));
    AECOS_TRY_ASSIGN(const auto own_now, repository_->read_ref(own));
    if (!own_now) AECOS_TRY(repository_->update_ref(own, std::nullopt, commit, "aecos init"));
    report_.branch = own_branch();
    if (parent && !here) return {};
    const bool fresh = !parent || head == shared || !own_now;
    if (!fresh)
      return Error{ErrorCode::invalid_input, "the branch " + own_branch() + " is there already; run git switch " +
                                                 own_branch() + ", then aecos init again"};
    placed_ = true;
    AECOS_TRY(write_files());
    AECOS_TRY(program().run({"symbolic-ref", "-m", "aecos init", "HEAD", own}));
    return program().set_index(edits_);
  }

  Result<> write_files() {
    AECOS_TRY(world_.files.create_directories(os::join(root_, os::parent_of(revision::project_path))));
    AECOS_TRY(world_.files.write(os::join(root_, revision::project_path), project_json_));
    const std::string path = os::join(root_, ".gitattributes");
    const auto there = world_.files.read(path);
    if (!there && there.error().code != ErrorCode::not_found) return there.error();
    return world_.files.write(path, with_attributes(there ? *there : ""));
  }

  // Where the remote is a hub, plain git push offers one's work to the shared branch, late or not.
  Result<> set_hub() {
    const auto address = hub_address(report_.remote_url);
    report_.hub = address && options_.is_hub && options_.is_hub(report_.remote_url);
    if (!report_.hub) return {};
    AECOS_TRY(repository_->set_config("aecos.hub", address->base));
    AECOS_TRY(repository_->set_config("remote.origin.push", "HEAD:refs/for/" + report_.shared_branch));
    return repository_->set_config("lfs." + address->base + "/" + address->project + ".git/info/lfs.locksverify",
                                   "true");
  }

  // Plain git pull brings in the shared branch.
  Result<> track() {
    if (report_.remote_url.empty()) return {};
    AECOS_TRY(set_hub());
    const std::string section = "branch." + report_.branch + ".";
    AECOS_TRY(repository_->set_config(section + "remote", "origin"));
    return repository_->set_config(section + "merge", std::string(heads) + report_.shared_branch);
  }

  const World& world_;
  std::string root_;
  const std::string start_ = root_;
  const SetUpOptions& options_;
  std::optional<git::Program> at_root_;  // At the root, once it is known.
  git::Program at_start_;
  std::optional<git::Repository> repository_;
  std::string member_;
  bool reachable_ = true;
  bool makes_repository_ = false, adds_remote_ = false;
  bool placed_ = false;  // The project's files are in the work tree.
  std::string project_json_;
  std::vector<TreeEdit> edits_;
  SetUpReport report_;
};

}  // namespace

Result<SetUpReport> set_up(const World& world, const std::string& folder, const SetUpOptions& options) {
  return SetUp(world, folder, options).run();
}

std::string member_name(const std::string& user_name) {
  std::string name;
  for (const char c : user_name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c >= 'A' && c <= 'Z')
      name += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || byte >= 0x80)
      name += c;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (name.ends_with('-')) name.pop_back();
  return name;
}

std::string with_attributes(const std::string& attributes) {
  std::string text = attributes;
  if (!has_line(text, storing_mark)) text = std::string(storing_mark) + "\n" + std::string(storing_lines) + text;
  if (!has_line(text, merging_mark)) {
    if (!text.ends_with('\n')) text += '\n';
    text += std::string(merging_mark) + "\n" + std::string(merging_lines);
  }
  return text;
}

}  // namespace aecos::sync
