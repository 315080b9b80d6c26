#include "sync/saved_work.h"

#include <algorithm>
#include <map>
#include <set>

#include "os/path.h"
#include "sync/file_names.h"
#include "sync/git_versions.h"
#include "sync/secrets.h"
#include "sync/whole_file.h"

namespace aecos::sync {
namespace {

using Kind = git::WorkTreeChange::Kind;

constexpr std::int64_t still_us = 30'000;           // A file that did not change for so long is saved.
constexpr std::int64_t patience_us = 2'000'000;     // For files that keep changing.
constexpr std::int64_t deletion_still_us = 30'000;  // Programs that save delete first, and write then.

struct Candidate {
  std::string path;
  CommitId base;
  os::Seen seen;
  std::string held;  // Why it is not committed.
  std::optional<FileVersion> version;
  bool is_let_go = false;  // It stays here, but is no longer the project's.
};

class Collector {
 public:
  Collector(Workspace& workspace, CommitId head, Journal& journal, bool with_secrets)
      : workspace_(workspace),
        head_(head),
        journal_(journal),
        files_(workspace.world.files),
        trust_modes_(trusts_modes(workspace)),
        with_secrets_(with_secrets) {}

  Result<SavedWork> run() {
    AECOS_TRY_ASSIGN(std::vector<git::WorkTreeChange> changes, workspace_.checkout().changes());
    for (const git::WorkTreeChange& change : changes) AECOS_TRY(take(change));
    AECOS_TRY(let_go(changes));
    AECOS_TRY(take_waiting());
    AECOS_TRY(settle());
    for (Candidate& candidate : candidates_) AECOS_TRY(examine(candidate));
    AECOS_TRY(store());
    return result();
  }

 private:
  std::string full(const std::string& path) const { return workspace_.full(path); }

  Result<> take(const git::WorkTreeChange& change) {
    if (change.kind == Kind::unmerged) {
      return Error{ErrorCode::invalid_input, change.path +
                                                 ": git left this path unmerged; settle it with aecos resolve, then "
                                                 "commit the merge"};
    }
    if (journal_.waiting.contains(change.path)) return {};
    if (change.kind == Kind::added && os::is_temporary_name(os::name_of(change.path))) {
      static_cast<void>(files_.remove(full(change.path)));  // Ours, from a sync that was killed.
      return {};
    }
    if (change.kind == Kind::added && is_leftover(change.path)) return {};
    return add(change.path, head_);
  }

  Result<> add(const std::string& path, CommitId base) {
    AECOS_TRY_ASSIGN(os::Seen seen, os::look(files_, full(path)));
    candidates_.push_back({path, base, seen, "", {}});
    return {};
  }

  // What was taken out of the index, is still there, and is ignored: git rm --cached, and a line in .gitignore.
  Result<> let_go(const std::vector<git::WorkTreeChange>& changes) {
    std::set<std::string> deleted;
    for (const git::WorkTreeChange& change : changes)
      if (change.kind == Kind::deleted) deleted.insert(change.path);
    std::vector<std::string> there;
    for (const Candidate& candidate : candidates_)
      if (candidate.seen && deleted.contains(candidate.path)) there.push_back(candidate.path);
    AECOS_TRY_ASSIGN(const std::vector<std::string> ignorable, workspace_.checkout().ignorable(there));
    const std::set<std::string> ignored(ignorable.begin(), ignorable.end());
    for (Candidate& candidate : candidates_) {
      if (!ignored.contains(candidate.path)) continue;
      candidate.is_let_go = true;
      candidate.seen.reset();
    }
    return {};
  }

  Result<os::Seen> seen_now(const Candidate& candidate) const {
    if (candidate.is_let_go) return os::Seen();
    return os::look(files_, full(candidate.path));
  }

  // Files that a former sync could not replace: edited since, or as they were.
  Result<> take_waiting() {
    std::map<CommitId, std::vector<std::string>> by_commit;
    for (const auto& [path, commit] : journal_.waiting) by_commit[commit].push_back(path);
    for (const auto& [commit, paths] : by_commit) {
      AECOS_TRY_ASSIGN(bool known, is_in_history(commit));
      AECOS_TRY_ASSIGN(std::set<std::string> private_files, kept_out(paths));
      for (const std::string& path : paths) {
        if (!known) journal_.waiting.erase(path);  // Somebody went to another branch.
        if (!private_files.contains(path)) AECOS_TRY(add(path, known ? commit : head_));
      }
    }
    return {};
  }

  // Files that git ignores, or leftovers, in the way of somebody else's new file: never shared for that reason.
  Result<std::set<std::string>> kept_out(const std::vector<std::string>& paths) {
    std::set<std::string> out;
    for (const std::string& path : paths) {
      if (is_leftover(path)) out.insert(path);
    }
    AECOS_TRY_ASSIGN(const std::vector<std::string> ignorable, workspace_.checkout().ignorable(paths));
    out.insert(ignorable.begin(), ignorable.end());
    return out;
  }

  Result<bool> is_in_history(CommitId commit) {
    if (commit == head_ || !commit) return true;
    if (!head_) return false;
    auto answer = workspace_.repository.is_ancestor(commit, head_);
    if (!answer && answer.error().code == ErrorCode::not_found) return false;
    return answer;
  }

  Result<> settle() {
    std::int64_t began = workspace_.world.clock.monotonic_us();
    std::int64_t wait = wait_needed();
    while (wait > 0 && workspace_.world.clock.monotonic_us() - began < patience_us) {
      workspace_.world.clock.sleep_us(wait);
      bool moved = false;
      for (Candidate& candidate : candidates_) {
        AECOS_TRY_ASSIGN(os::Seen seen, seen_now(candidate));
        moved = moved || seen != candidate.seen;
        candidate.seen = seen;
      }
      wait = moved ? still_us : 0;
    }
    if (wait > 0) hold_the_young();
    return {};
  }

  std::int64_t wait_needed() const {
    std::int64_t now = workspace_.world.clock.now_us(), wait = 0;
    for (const Candidate& candidate : candidates_) {
      if (!candidate.seen) {
        wait = std::max(wait, deletion_still_us);
      } else if (std::int64_t age = now - candidate.seen->mtime_ns / 1000; age < still_us) {
        wait = std::max(wait, std::min(still_us, still_us - age));
      }
    }
    return wait;
  }

  void hold_the_young() {
    std::int64_t now = workspace_.world.clock.now_us();
    for (Candidate& candidate : candidates_) {
      bool young = candidate.seen && now - candidate.seen->mtime_ns / 1000 < still_us;
      if (young) candidate.held = "being written";
    }
  }

  Result<> examine(Candidate& candidate) {
    if (!candidate.held.empty() || !candidate.seen) return {};
    if (candidate.seen->type == os::FileType::directory) {
      candidate.seen.reset();  // Its files are candidates of their own; a repository in it is left alone.
      return is_submodule(candidate);
    }
    if (candidate.seen->type == os::FileType::other) return hold(candidate, "neither a file nor a link");
    if (candidate.seen->type == os::FileType::symlink) return examine_link(candidate);
    std::string type = os::extension_of(candidate.path);
    auto file = files_.map(full(candidate.path));
    if (!file) return hold(candidate, file.error().message);
    auto whole = check_whole(candidate.path, file->bytes());
    if (!whole) return hold(candidate, whole.error().message);
    if (with_secrets_) return {};
    AECOS_TRY_ASSIGN(candidate.held, new_secret(workspace_, candidate.base, candidate.path, file->bytes()));
    return {};
  }

  Result<> is_submodule(Candidate& candidate) {
    if (os::exists(files_, os::join(full(candidate.path), ".git"))) candidate.held = "-";
    return {};
  }

  Result<> examine_link(Candidate& candidate) {
    AECOS_TRY_ASSIGN(std::string target, files_.read_link(full(candidate.path)));
    std::string leads_to = os::normal(os::join(os::parent_of(candidate.path), target));
    if (os::is_absolute(target) || !is_safe_path(leads_to)) {
      return hold(candidate, "a link that leads out of the project (" + target + ")");
    }
    AECOS_TRY_ASSIGN(BlobId id, workspace_.repository.write_blob(target));
    candidate.version = FileVersion{FileMode::symlink, id};
    return {};
  }

  static Result<> hold(Candidate& candidate, std::string why) {
    candidate.held = std::move(why);
    return {};
  }

  Result<> store() {
    std::vector<std::string> paths;
    std::vector<Candidate*> stored;
    for (Candidate& candidate : candidates_) {
      if (!candidate.held.empty() || !candidate.seen || candidate.version) continue;
      paths.push_back(candidate.path);
      stored.push_back(&candidate);
    }
    AECOS_TRY_ASSIGN(std::vector<BlobId> ids, workspace_.checkout().store(paths));
    for (std::size_t i = 0; i < stored.size(); ++i) {
      bool executable = (stored[i]->seen->mode & 0100U) != 0;
      stored[i]->version = FileVersion{executable ? FileMode::executable : FileMode::file, ids[i]};
    }
    // What changed while it was read may have been stored in part.
    for (Candidate& candidate : candidates_) {
      if (!candidate.held.empty()) continue;
      AECOS_TRY_ASSIGN(os::Seen seen, seen_now(candidate));
      if (seen && seen->type == os::FileType::directory) seen.reset();
      if (seen != candidate.seen) candidate.held = "being written";
    }
    return {};
  }

  // Leaves out what is as it was: only the index said otherwise, or it waits unedited.
  Result<SavedWork> result() {
    SavedWork work;
    std::map<CommitId, std::vector<Candidate*>> by_base;
    for (Candidate& candidate : candidates_) {
      if (candidate.held == "-") continue;
      if (!candidate.held.empty()) {
        work.held.push_back({candidate.path, candidate.held});
      } else {
        by_base[candidate.base].push_back(&candidate);
      }
    }
    for (const auto& [base, candidates] : by_base) AECOS_TRY(compare(base, candidates, work));
    std::stable_partition(work.edits.begin(), work.edits.end(), [&](const auto& edits) { return edits.base == head_; });
    return work;
  }

  Result<> compare(CommitId base, const std::vector<Candidate*>& candidates, SavedWork& work) {
    AECOS_TRY_ASSIGN(TreeId tree, workspace_.tree_of(base));
    std::vector<TreeEdit> edits;
    for (const Candidate* candidate : candidates) {
      AECOS_TRY_ASSIGN(TreeEdit edit, edit_of(*candidate, tree));
      edits.push_back(std::move(edit));
    }
    AECOS_TRY_ASSIGN(TreeId edited, workspace_.repository.write_tree(tree, edits));
    SavedEdits saved{base, edited, {}};
    if (tree != edited) {
      AECOS_TRY_ASSIGN(saved.files, difference(workspace_.repository, tree, edited));
    }
    if (base == head_) AECOS_TRY(mend_index(edits, saved.files));
    if (!saved.files.empty()) work.edits.push_back(std::move(saved));
    return {};
  }

  // Files that only the index had otherwise: of a sync that was killed before it committed them, say.
  Result<> mend_index(std::vector<TreeEdit>& edits, const std::vector<FileDifference>& edited) {
    std::set<std::string_view> differ;
    for (const FileDifference& file : edited) differ.insert(file.path);
    std::erase_if(edits, [&](const TreeEdit& edit) { return differ.contains(edit.path); });
    return workspace_.checkout().set_index(edits);
  }

  Result<TreeEdit> edit_of(const Candidate& candidate, TreeId base) {
    if (!candidate.version) return TreeEdit{candidate.path, true, FileMode::file, {}};
    FileMode mode = candidate.version->mode;
    if (mode != FileMode::symlink && !trust_modes_) {
      AECOS_TRY_ASSIGN(std::optional<TreeEntry> entry, workspace_.repository.find_entry(base, candidate.path));
      mode = entry && entry->is_regular() ? entry->mode : FileMode::file;
    }
    return TreeEdit{candidate.path, false, mode, candidate.version->id};
  }

  Workspace& workspace_;
  CommitId head_;
  Journal& journal_;
  os::FileSystem& files_;
  bool trust_modes_, with_secrets_;
  std::vector<Candidate> candidates_;
};

}  // namespace

Result<SavedWork> collect(Workspace& workspace, CommitId head, Journal& journal, bool with_secrets) {
  return Collector(workspace, head, journal, with_secrets).run();
}

}  // namespace aecos::sync
