#include "sync/doctor.h"

#include <algorithm>
#include <charconv>

#include "git/program.h"
#include "os/path.h"
#include "sync/hooks.h"
#include "sync/journal.h"
#include "sync/open_conflicts.h"
#include "sync/set_up.h"
#include "sync/status.h"

namespace aecos::sync {
namespace {

constexpr int git_major_min = 2, git_minor_min = 35;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// "git version 2.39.5" -> 2, 39.
bool is_recent(const std::string& version) {
  std::size_t at = version.find_first_of("0123456789");
  if (at == std::string::npos) return false;
  int major = 0, minor = 0;
  const char* end = version.data() + version.size();
  auto read = std::from_chars(version.data() + at, end, major);
  if (read.ptr != end && *read.ptr == '.') std::from_chars(read.ptr + 1, end, minor);
  return std::pair(major, minor) >= std::pair(git_major_min, git_minor_min);
}

class Doctor {
 public:
  Doctor(Workspace& workspace, const Checkup& how) : workspace_(workspace), how_(how) {}

  std::vector<Finding> run() {
    check_programs();
    check_user();
    check_branch();
    check_project();
    check_drivers();
    for (Finding& finding : check_hooks(workspace_, how_.program)) findings_.push_back(std::move(finding));
    check_remote();
    check_state();
    check_records();
    return std::move(findings_);
  }

 private:
  void good(std::string what) { findings_.push_back({std::move(what), true, ""}); }
  void bad(std::string what, std::string mend) { findings_.push_back({std::move(what), false, std::move(mend)}); }

  void check_programs() {
    auto git = workspace_.program.run({"--version"});
    if (!git) return bad(git.error().message, "install git");
    std::string version = first_line(*git);
    is_recent(version) ? good(version) : bad(version + " is too old", "install git 2.35 or newer");
    check_lfs();
  }

  void check_lfs() {
    auto attributes = workspace_.world.files.read(workspace_.full(".gitattributes"));
    bool used = attributes && attributes->find("filter=lfs") != std::string::npos;
    auto lfs = workspace_.program.try_run({"lfs", "version"});
    if (lfs && lfs->ok()) return good(first_line(lfs->output));
    used ? bad("git-lfs is missing, and this project keeps files in it", "install git-lfs and run git lfs install")
         : good("git-lfs is missing, and not needed by this project");
  }

  void check_user() {
    auto user = workspace_.signature();
    user ? good("you are " + user->name + " <" + user->email + ">") : bad(user.error().message, "see git help config");
  }

  void check_branch() {
    auto head = workspace_.head();
    if (!head) return bad(head.error().message, "run git switch BRANCH");
    std::string activity(to_string(workspace_.repository.activity()));
    if (!activity.empty()) {
      return bad("git is in the middle of a " + activity,
                 "settle what is unmerged (aecos conflicts), then commit, or "
                 "take it back with git " +
                     activity + " --abort");
    }
    good("on branch " + head->branch.substr(std::string_view("refs/heads/").size()));
  }

  void check_project() {
    if (!workspace_.project_fault.empty()) {
      return bad(workspace_.project_fault, "mend the file; until then defaults are used");
    }
    if (!os::exists(workspace_.world.files, workspace_.full(std::string(revision::project_path)))) {
      return bad("there is no " + std::string(revision::project_path), "run aecos init");
    }
    good("project " + workspace_.project.name + ", shared branch " + workspace_.project.shared_branch);
  }

  void check_drivers() {
    std::string missing;
    for (const char* key : {"merge.aecos.driver", "diff.aecos-ifc.command", "filter.aecos-ifc.process"}) {
      auto value = workspace_.repository.config(key);
      bool ours = value && *value && (how_.program.empty() || (*value)->find(how_.program) != std::string::npos);
      if (!ours) missing += (missing.empty() ? "" : ", ") + std::string(key);
    }
    missing.empty() ? good("git merges, shows and stores models through aecos")
                    : bad("git does not call this aecos for " + missing, "run aecos init once more");
    auto attributes = workspace_.world.files.read(workspace_.full(".gitattributes"));
    std::string text = attributes ? *attributes : "";
    if (with_attributes(text) != text) bad(".gitattributes lacks the lines for models", "run aecos init once more");
  }

  void check_remote() {
    const std::string& remote = workspace_.project.remote;
    if (!workspace_.has_remote()) {
      return bad("there is no remote called " + remote, "run aecos init --remote URL to share the project");
    }
    if (how_.offline) return;
    auto refs = workspace_.program.list_remote(remote, {workspace_.shared_ref()});
    if (!refs) return bad(refs.error().message, "check the network and your access; see git remote -v");
    refs->empty() ? bad(remote + " has no branch " + workspace_.project.shared_branch, "run aecos sync to share yours")
                  : good(remote + " can be reached");
  }

  void check_state() {
    auto holder = workspace_.world.files.lock_holder(workspace_.lock_path());
    if (holder && *holder) bad("a sync is at work here: " + **holder, "wait for it");
    auto journal = read_journal(workspace_.world.files, workspace_.journal_path());
    if (!journal) {
      return bad(journal.error().message, "remove the file, then look at git diff before the next sync");
    }
    if (journal->placing) bad("a sync was interrupted while it placed files", "run aecos sync; it goes on");
    if (!journal->waiting.empty()) {
      bad(std::to_string(journal->waiting.size()) + " files wait for others' versions, " +
              journal->waiting.begin()->first + " the first",
          "close them in other programs and run aecos sync");
    }
    auto status = workspace_.program.index_entries({".aecos"});
    if (!status) bad("git's index cannot be read: " + status.error().message, "run git status and do as it says");
  }

  void check_records() {
    auto head = workspace_.head();
    if (!head) return;
    auto open = open_conflicts(workspace_, head->commit);
    if (!open) return bad("conflicts cannot be read: " + open.error().message, "run git fsck");
    auto counted = count_conflicts(workspace_, head->commit);
    std::size_t recorded = static_cast<std::size_t>(
        std::count_if(open->begin(), open->end(), [](const OpenConflict& conflict) { return !conflict.local; }));
    if (counted && *counted > recorded) {
      bad(std::to_string(*counted - recorded) + " files in " + std::string(revision::records_folder) +
              " are no records",
          "take them out with git rm");
    }
    open->empty() ? good("no open conflicts")
                  : good(std::to_string(open->size()) + " open conflicts (aecos conflicts)");
  }

  Workspace& workspace_;
  const Checkup& how_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_up(Workspace& workspace, const Checkup& how) { return Doctor(workspace, how).run(); }

}  // namespace aecos::sync
