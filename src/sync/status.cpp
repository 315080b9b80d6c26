#include "sync/status.h"

#include <algorithm>
#include <map>

#include "diff/diff.h"
#include "os/path.h"
#include "sync/file_names.h"
#include "sync/large_here.h"
#include "sync/secrets.h"
#include "sync/whole_file.h"

namespace aecos::sync {
namespace {

using Kind = git::WorkTreeChange::Kind;

std::string_view fate(Kind kind) {
  return kind == Kind::added ? "added" : kind == Kind::deleted ? "deleted" : "changed";
}

class Look {
 public:
  Look(Workspace& workspace, const StatusLimits& limits)
      : workspace_(workspace), large_(workspace), limits_(limits), bytes_left_(limits.bytes) {}

  Result<StatusReport> run() {
    AECOS_TRY_ASSIGN(const Workspace::Head head, workspace_.head());
    constexpr std::string_view prefix = "refs/heads/";
    report_.branch = head.branch.starts_with(prefix) ? head.branch.substr(prefix.size()) : head.branch;
    report_.shared_branch = workspace_.project.shared_branch;
    if (workspace_.has_remote()) report_.remote = workspace_.project.remote;
    report_.activity = to_string(workspace_.repository.activity());
    AECOS_TRY(compare_with_shared(head.commit));
    AECOS_TRY_ASSIGN(Journal journal, read_journal(workspace_.world.files, workspace_.journal_path()));
    report_.interrupted = journal.placing.has_value();
    AECOS_TRY(take_changes(journal, head.commit));
    AECOS_TRY_ASSIGN(report_.conflicts, count_conflicts(workspace_, head.commit));
    auto holder = workspace_.world.files.lock_holder(workspace_.lock_path());
    if (holder && *holder) report_.running = **holder;
    return std::move(report_);
  }

 private:
  Result<> compare_with_shared(CommitId head) {
    AECOS_TRY_ASSIGN(CommitId shared, workspace_.tracking());
    report_.has_shared = bool(shared);
    if (!shared || !head) return {};
    AECOS_TRY_ASSIGN(git::AheadBehind counts, workspace_.repository.ahead_behind(head, shared));
    report_.to_share = counts.ahead;
    report_.to_take = counts.behind;
    return {};
  }

  Result<> take_changes(const Journal& journal, CommitId head) {
    AECOS_TRY_ASSIGN(std::vector<git::WorkTreeChange> changes, workspace_.checkout().changes());
    AECOS_TRY_ASSIGN(TreeId tree, workspace_.tree_of(head));
    for (const git::WorkTreeChange& change : changes) {
      if (change.kind == Kind::staged) continue;
      if (change.kind == Kind::unmerged) {
        report_.unmerged.push_back(change.path);
      } else if (journal.waiting.contains(change.path)) {
        report_.waiting.push_back({change.path, "not in place yet", false});
      } else if (change.kind != Kind::added ||
                 !(is_leftover(change.path) || os::is_temporary_name(os::name_of(change.path)))) {
        AECOS_TRY_ASSIGN(const std::string why, why_held(change, head));
        if (!why.empty()) report_.held.push_back({change.path, why});
        if (why.empty()) tell(change, tree);
      }
    }
    return {};
  }

  // As sync itself finds it; empty: it goes with the next one.
  Result<std::string> why_held(const git::WorkTreeChange& change, CommitId head) {
    const std::string path = workspace_.full(change.path);
    const auto status = workspace_.world.files.status(path);
    if (!status || status->type != os::FileType::file) return std::string();
    const auto file = workspace_.world.files.map(path);
    if (!file) return file.error().message;
    if (const auto whole = check_whole(change.path, file->bytes()); !whole) return whole.error().message;
    return new_secret(workspace_, head, change.path, file->bytes());
  }

  void tell(const git::WorkTreeChange& change, TreeId head) {
    FileChanges told{change.path, {}, std::string(fate(change.kind))};
    if (report_.changes.size() < limits_.files && bytes_left_ > 0) {
      auto changes = building_terms(change, head);
      if (changes && !changes->empty()) {
        told.changes = *std::move(changes);
        told.note.clear();
      }
    }
    report_.changes.push_back(std::move(told));
  }

  Result<std::vector<diff::Change>> building_terms(const git::WorkTreeChange& change, TreeId head) {
    std::string before;
    os::MappedFile after;
    if (change.kind != Kind::added) {
      AECOS_TRY_ASSIGN(std::optional<TreeEntry> entry, workspace_.repository.find_entry(head, change.path));
      if (!entry || !entry->is_regular()) return std::vector<diff::Change>{};
      AECOS_TRY_ASSIGN(std::uint64_t size, workspace_.repository.blob_size(entry->id));
      if (!take(size)) return std::vector<diff::Change>{};
      AECOS_TRY_ASSIGN(before, workspace_.repository.read_blob(entry->id));
      if (const auto pointer = git::parse_lfs_pointer(before)) {
        if (!take(pointer->size)) return std::vector<diff::Change>{};
        git::LargeContent& large = limits_.may_fetch ? workspace_.library().large : large_;
        AECOS_TRY_ASSIGN(before, large.read_lfs(before, change.path));
      }
    }
    if (change.kind != Kind::deleted) {
      const std::string path = workspace_.full(change.path);
      AECOS_TRY_ASSIGN(os::FileStatus status, workspace_.world.files.status(path));
      if (status.type != os::FileType::file || !take(status.size)) return std::vector<diff::Change>{};
      AECOS_TRY_ASSIGN(after, workspace_.world.files.map(path));
    }
    return diff::diff_file(change.path, before, after.bytes());
  }

  bool take(std::uint64_t bytes) {
    bool fits = bytes <= bytes_left_;
    bytes_left_ = fits ? bytes_left_ - bytes : 0;
    return fits;
  }

  Workspace& workspace_;
  LargeHere large_;
  StatusReport report_;
  const StatusLimits limits_;
  std::uint64_t bytes_left_;
};

}  // namespace

std::string_view to_string(git::Activity activity) {
  switch (activity) {
    case git::Activity::none:
      return "";
    case git::Activity::merge:
      return "merge";
    case git::Activity::rebase:
      return "rebase";
    case git::Activity::cherry_pick:
      return "cherry-pick";
    case git::Activity::revert:
      return "revert";
    case git::Activity::bisect:
      return "bisect";
    case git::Activity::apply_mailbox:
      return "am";
  }
  return "";
}

Result<StatusReport> status(Workspace& workspace, const StatusLimits& limits) { return Look(workspace, limits).run(); }

}  // namespace aecos::sync
