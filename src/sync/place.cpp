#include "sync/place.h"

#include <algorithm>
#include <functional>
#include <set>

#include "os/path.h"
#include "sync/file_names.h"

namespace aecos::sync {
namespace {

struct Item {
  std::string path;
  std::optional<FileVersion> expected, desired;
  os::Seen seen;
  std::string obstacle;  // Why it has to wait.
  bool edited = false;
  bool as_expected = false;
  bool done = false;     // As desired.
  bool changed = false;  // By us.

  bool open() const { return !done && obstacle.empty(); }
  void wait(std::string why) { obstacle = std::move(why); }
  void wait_for_next_cycle() {
    edited = true;
    obstacle = "saved meanwhile";
  }
  void finish() { done = changed = true; }
};

bool is_link(const std::optional<FileVersion>& version) { return version && version->mode == FileMode::symlink; }
bool is_submodule(const std::optional<FileVersion>& version) { return version && version->mode == FileMode::submodule; }

class Placement {
 public:
  explicit Placement(const Desk& desk) : desk_(desk) {}

  // All files whose version in the work tree is not that of `move.to`; their paths wait from now on.
  Result<> plan(const Placing& move, Journal& journal) {
    std::map<CommitId, std::vector<std::string>> waiting;
    for (const auto& [path, commit] : journal.waiting) waiting[commit].push_back(path);
    for (const auto& [commit, paths] : waiting) AECOS_TRY(plan_waiting(commit, paths, move.to, journal));
    if (move.from == move.to) return {};
    AECOS_TRY_ASSIGN(std::vector<FileDifference> found, desk_.versions.difference(move.from, move.to));
    index_ = to_edits(found);
    for (FileDifference& file : found) {
      if (journal.waiting.emplace(file.path, move.from).second) add(std::move(file));
    }
    return {};
  }

  Result<Placed> run() {
    for (Item& item : items_) AECOS_TRY(examine(item));
    AECOS_TRY(compare());
    for (Item& item : items_) {
      if (item.open() && !item.desired) AECOS_TRY(remove(item));
    }
    AECOS_TRY(look_again_behind_folders());
    AECOS_TRY(write());
    Placed placed;
    for (const Item& item : items_) {
      if (item.changed) placed.paths.push_back(item.path);
      if (item.done) placed.settled.push_back(item.path);
      if (!item.done) placed.waiting.push_back({item.path, item.obstacle, item.edited});
    }
    return placed;
  }

  const std::vector<TreeEdit>& index_edits() const { return index_; }

 private:
  std::string full(const std::string& path) const { return os::join(desk_.root, path); }

  void add(FileDifference file) {
    if (!file.after) removed_.insert(file.path);
    Item item;
    item.path = std::move(file.path);
    item.expected = file.before;
    item.desired = file.after;
    items_.push_back(std::move(item));
  }

  Result<> plan_waiting(CommitId commit, const std::vector<std::string>& paths, CommitId to, Journal& journal) {
    AECOS_TRY_ASSIGN(std::vector<FileDifference> found, desk_.versions.difference(commit, to));
    std::map<std::string_view, FileDifference*> by_path;
    for (FileDifference& file : found) by_path.emplace(file.path, &file);
    for (const std::string& path : paths) {
      if (auto file = by_path.find(path); file != by_path.end()) {
        add(*file->second);
      } else {
        journal.waiting.erase(path);  // Its version is the right one again.
      }
    }
    return {};
  }

  Result<> examine(Item& item) {
    if (is_submodule(item.expected) || is_submodule(item.desired)) {
      item.done = true;  // Git's own commands move submodules.
      return {};
    }
    if (!is_safe_path(item.path)) return item.wait("not a path that may be written"), Result<>();
    AECOS_TRY_ASSIGN(bool reachable, is_reachable(item.path));
    if (!reachable && !item.desired) {
      item.done = true;  // Nothing of the project is behind a link or file.
      return {};
    }
    if (!reachable) return item.wait("a link or file lies where its folder is meant"), Result<>();
    auto seen = os::look(desk_.files, full(item.path));
    if (!seen) return item.wait(seen.error().message), Result<>();
    item.seen = *seen;
    if (item.seen && item.seen->type == os::FileType::other) return item.wait("neither file nor folder"), Result<>();
    if (std::string lock = lock_of(item); !lock.empty()) item.wait("open in another program (" + lock + ")");
    return {};
  }

  // No part of the way is a symbolic link, which could lead out of the work tree, or a file.
  Result<bool> is_reachable(const std::string& path) {
    std::string folder(os::parent_of(path));
    if (folder.empty()) return true;
    if (auto known = reachable_.find(folder); known != reachable_.end()) return known->second;
    AECOS_TRY_ASSIGN(bool reachable, is_reachable(folder));
    if (reachable) {
      AECOS_TRY_ASSIGN(os::Seen seen, os::look(desk_.files, full(folder)));
      // A file that is to be removed makes way; see look_again_behind_folders().
      reachable = !seen || seen->type == os::FileType::directory ||
                  (seen->type != os::FileType::other && removed_.contains(folder));
    }
    return reachable_[folder] = reachable;
  }

  std::string lock_of(const Item& item) {
    if (!item.seen || item.seen->type != os::FileType::file) return "";
    for (const std::string& lock : lock_files_of(item.path)) {
      if (os::exists(desk_.files, full(lock))) return std::string(os::name_of(lock));
    }
    return desk_.files.is_locked_by_other(full(item.path)) ? "locked" : "";
  }

  // Decides which items are as expected, and which are as desired already (placed before we were killed).
  Result<> compare() {
    for (bool expected : {true, false}) {
      std::vector<FileAt> asked;
      std::vector<Item*> askers;
      for (Item& item : items_) {
        if (!item.open() || item.as_expected) continue;
        const std::optional<FileVersion>& version = expected ? item.expected : item.desired;
        AECOS_TRY_ASSIGN(std::optional<bool> same, is_as(item, version));
        if (same) {
          decide(item, expected, *same);
        } else {
          asked.push_back({item.path, *version});
          askers.push_back(&item);
        }
      }
      AECOS_TRY_ASSIGN(std::vector<bool> answers, desk_.versions.are_as(asked));
      for (std::size_t i = 0; i < askers.size(); ++i) decide(*askers[i], expected, answers[i]);
    }
    return {};
  }

  static void decide(Item& item, bool expected, bool same) {
    if (same) {
      (expected ? item.as_expected : item.done) = true;
    } else if (!expected && item.expected) {
      item.wait_for_next_cycle();
    } else if (!expected) {
      item.wait("something else is at this path");
    }
  }

  // What can be said without reading the file; absent: nothing.
  Result<std::optional<bool>> is_as(const Item& item, const std::optional<FileVersion>& version) {
    if (!version) return std::optional<bool>(!item.seen || item.seen->type == os::FileType::directory);
    if (!item.seen) return std::optional<bool>(false);
    if (is_link(version)) {
      if (item.seen->type != os::FileType::symlink) return std::optional<bool>(false);
      AECOS_TRY_ASSIGN(std::string target, desk_.files.read_link(full(item.path)));
      AECOS_TRY_ASSIGN(std::vector<std::string> wanted, desk_.versions.contents({{item.path, *version}}));
      return std::optional<bool>(target == wanted.at(0));
    }
    if (item.seen->type != os::FileType::file) return std::optional<bool>(false);
    bool executable = (item.seen->mode & 0100U) != 0;
    bool other_mode = desk_.trust_modes && executable != (version->mode == FileMode::executable);
    return other_mode ? std::optional<bool>(false) : std::nullopt;
  }

  // A folder where a file is to be placed: its files go first.
  bool makes_way(const Item& item) const {
    return item.desired && item.seen && item.seen->type == os::FileType::directory;
  }

  Result<> remove(Item& item) {
    const std::string path = full(item.path);
    AECOS_TRY_ASSIGN(os::Seen seen, os::look(desk_.files, path));
    if (seen != item.seen) return item.wait_for_next_cycle(), Result<>();
    if (seen) {
      if (auto removed = desk_.files.remove(path); !removed) return item.wait(removed.error().message), Result<>();
    }
    item.finish();
    return remove_empty_folders(os::parent_of(item.path));
  }

  Result<> remove_empty_folders(std::string_view folder) {
    for (; !folder.empty(); folder = os::parent_of(folder)) {
      auto removed = desk_.files.remove(full(std::string(folder)));
      if (!removed && removed.error().code == ErrorCode::unavailable) return removed;
      if (!removed) return {};  // Not empty, or gone already.
    }
    return {};
  }

  // Files that stand where a folder was, and the reverse, after what had to go first is gone.
  Result<> look_again_behind_folders() {
    for (Item& item : items_) {
      if (!item.open() || !item.desired || !makes_way(item)) continue;
      AECOS_TRY_ASSIGN(item.seen, os::look(desk_.files, full(item.path)));
      if (item.seen && item.seen->type == os::FileType::directory) {
        AECOS_TRY(remove_empty_folders(item.path));
        AECOS_TRY_ASSIGN(item.seen, os::look(desk_.files, full(item.path)));
      }
      if (item.seen) item.wait("a folder with other files is at this path");
    }
    reachable_.clear();
    for (Item& item : items_) {
      if (!item.open()) continue;
      AECOS_TRY_ASSIGN(bool reachable, is_free(std::string(os::parent_of(item.path))));
      if (!reachable) item.wait("a file lies where its folder is meant");
    }
    return {};
  }

  Result<bool> is_free(const std::string& folder) {
    if (folder.empty()) return true;
    if (auto known = reachable_.find(folder); known != reachable_.end()) return known->second;
    AECOS_TRY_ASSIGN(bool free, is_free(std::string(os::parent_of(folder))));
    AECOS_TRY_ASSIGN(os::Seen seen, os::look(desk_.files, full(folder)));
    return reachable_[folder] = free && (!seen || seen->type == os::FileType::directory);
  }

  // Attributes first: they say how the bytes of other files are written here.
  Result<> write() {
    AECOS_TRY(write_some([](const Item& item) { return os::name_of(item.path) == ".gitattributes"; }));
    return write_some([](const Item&) { return true; });
  }

  Result<> write_some(const std::function<bool(const Item&)>& chosen) {
    constexpr std::size_t batch_files = 256;
    std::vector<Item*> batch;
    for (Item& item : items_) {
      if (!item.open() || !chosen(item)) continue;
      if (is_link(item.desired)) {
        AECOS_TRY(write_link(item));
      } else {
        batch.push_back(&item);
      }
      if (batch.size() == batch_files) AECOS_TRY(write_batch(batch));
    }
    return write_batch(batch);
  }

  Result<> write_batch(std::vector<Item*>& batch) {
    if (batch.empty()) return {};
    std::vector<FileAt> wanted;
    for (const Item* item : batch) wanted.push_back({item->path, *item->desired});
    auto contents = desk_.versions.contents(wanted);
    if (!contents && batch.size() > 1) {  // One that cannot be had (LFS) must not keep the others back.
      for (Item* item : batch) {
        std::vector<Item*> alone{item};
        AECOS_TRY(write_batch(alone));
      }
      batch.clear();
      return {};
    }
    if (!contents) return batch[0]->wait(contents.error().message), batch.clear(), Result<>();
    std::vector<os::FileToWrite> files;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::string path = full(batch[i]->path);
      AECOS_TRY(make_folder(std::string(os::parent_of(path))));
      files.push_back({path, (*contents)[i], {mode_for(*batch[i]), batch[i]->seen}});
    }
    std::vector<Result<>> results = desk_.files.write_all(files);
    for (std::size_t i = 0; i < batch.size(); ++i) conclude(*batch[i], results[i]);
    batch.clear();
    return {};
  }

  Result<> make_folder(const std::string& folder) {
    if (!made_.insert(folder).second) return {};
    return desk_.files.create_directories(folder);
  }

  static void conclude(Item& item, const Result<>& result) {
    if (result) return item.finish();
    if (result.error().code == ErrorCode::changed_meanwhile) return item.wait_for_next_cycle();
    item.wait(result.error().message);
  }

  // Absent: as it is, or as new files are here.
  static std::optional<std::uint32_t> mode_for(const Item& item) {
    bool executable = item.desired->mode == FileMode::executable;
    if (!item.seen || item.seen->type != os::FileType::file) {
      return executable ? std::optional<std::uint32_t>(0755) : std::nullopt;
    }
    if (executable == ((item.seen->mode & 0100U) != 0)) return std::nullopt;
    return executable ? item.seen->mode | (item.seen->mode & 0444U) >> 2U : item.seen->mode & ~0111U;
  }

  Result<> write_link(Item& item) {
    AECOS_TRY_ASSIGN(std::vector<std::string> target, desk_.versions.contents({{item.path, *item.desired}}));
    std::string leads_to = os::normal(os::join(os::parent_of(item.path), target.at(0)));
    if (os::is_absolute(leads_to) || !is_safe_path(leads_to)) {
      return item.wait("a link that leads out of the project: " + target.at(0)), Result<>();
    }
    const std::string path = full(item.path);
    AECOS_TRY(make_folder(std::string(os::parent_of(path))));
    AECOS_TRY_ASSIGN(os::Seen seen, os::look(desk_.files, path));
    if (seen != item.seen) return item.wait_for_next_cycle(), Result<>();
    auto written = desk_.files.symlink(target.at(0), path);
    return conclude(item, written), Result<>();
  }

  const Desk& desk_;
  std::vector<Item> items_;
  std::vector<TreeEdit> index_;
  std::set<std::string> removed_;  // Paths that are to go.
  std::set<std::string> made_;     // Folders that are there now.
  std::map<std::string, bool> reachable_;
};

}  // namespace

Result<Placed> place(const Desk& desk, const Placing& move, Journal& journal, const std::string& log_message) {
  const Journal before = journal;
  Placement placement(desk);
  AECOS_TRY(placement.plan(move, journal));
  bool moves = move.from != move.to;
  if (moves) journal.placing = move;
  if (journal != before) AECOS_TRY(write_journal(desk.files, desk.journal_path, journal));
  AECOS_TRY_ASSIGN(Placed placed, placement.run());
  if (moves) {
    AECOS_TRY(desk.versions.set_index(placement.index_edits()));
    AECOS_TRY(desk.versions.move_branch(move, log_message));
  }
  const Journal placing = journal;
  journal.placing.reset();
  for (const std::string& path : placed.settled) journal.waiting.erase(path);
  if (journal != placing) AECOS_TRY(write_journal(desk.files, desk.journal_path, journal));
  return placed;
}

}  // namespace aecos::sync
