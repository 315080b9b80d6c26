// What differs between HEAD and the work tree, without asking git where its index and the file system tell.

#include <algorithm>
#include <cstring>
#include <mutex>
#include <set>

#include "base/hash.h"
#include "git/folder_memory_internal.h"
#include "git/head_difference_internal.h"
#include "git/program.h"
#include "git/repository.h"
#include "os/bulk_status.h"
#include "os/path.h"

namespace aecos::git {
namespace {

using Kind = WorkTreeChange::Kind;

constexpr std::int64_t settle_ns = 2'000'000'000;  // Clocks of file systems are coarse.

struct Folder {
  std::string_view path;
  std::uint64_t tracked = 0;  // Hash of the names in it that the index has.
  std::size_t parent = 0;
  bool is_folder = false;  // It is one still, and so is all on the way to it.
  std::int64_t ctime_ns = 0;
  std::uint64_t inode = 0;
};

// A record whose file does not look just as the index has it.
struct Doubt {
  std::size_t record;
  os::BulkStatus status;
};

// Where the content of a path has to be looked at to know.
struct Suspect {
  std::string path;
  const IndexRecord* record = nullptr;  // Absent: it is not in the index.
  os::BulkStatus status;
};

class Scan {
 public:
  Scan(Program& program, const Repository& repository, os::FileSystem& files, const IndexFile& index,
       std::int64_t index_mtime_ns)
      : program_(program),
        repository_(repository),
        files_(files),
        index_(index),
        index_mtime_ns_(index_mtime_ns),
        root_(repository.work_tree()) {}

  Result<std::vector<WorkTreeChange>> run() {
    AECOS_TRY(read_settings());
    AECOS_TRY_ASSIGN(const auto head_commit, repository_.read_ref("HEAD"));
    TreeId head;
    if (head_commit) {
      AECOS_TRY_ASSIGN(const Commit commit, repository_.read_commit(*head_commit));
      head = commit.tree;
    }
    AECOS_TRY_ASSIGN(head_, head_difference(repository_, head, index_));
    look_at_everything();
    compare_records();
    AECOS_TRY(find_new_files());
    AECOS_TRY(judge_suspects());
    AECOS_TRY(judge_rest());
    std::sort(changes_.begin(), changes_.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return std::move(changes_);
  }

 private:
  Result<> read_settings() {
    AECOS_TRY_ASSIGN(const auto mode, repository_.config("core.fileMode"));
    AECOS_TRY_ASSIGN(const auto ctime, repository_.config("core.trustCtime"));
    AECOS_TRY_ASSIGN(const auto check, repository_.config("core.checkStat"));
    trust_mode_ = !mode || (*mode != "false" && *mode != "0" && *mode != "no" && *mode != "off");
    trust_inode_ = !check || *check != "minimal";
    trust_ctime_ = trust_inode_ && (!ctime || (*ctime != "false" && *ctime != "0" && *ctime != "no"));
    return {};
  }

  // Folders and files in the order of the index, so that those of a folder are looked at together.
  void look_at_everything() {
    std::vector<std::string_view> paths{""};
    std::vector<std::size_t> owners{0};  // For each path its record, after all folders.
    const std::size_t count = index_.records.size();
    paths.reserve(count * 3 / 2 + 1);
    owners.reserve(count * 3 / 2 + 1);
    record_folders_.reserve(count);
    folders_.push_back({});
    std::vector<std::size_t> open{0};
    for (std::size_t i = 0; i < count; ++i) {
      const IndexRecord& record = index_.records[i];
      while (!is_in(folders_[open.back()].path, record.path)) open.pop_back();
      const std::size_t known = folders_[open.back()].path.size();
      for (std::size_t slash = record.path.find('/', known == 0 ? 0 : known + 1); slash != std::string_view::npos;
           slash = record.path.find('/', slash + 1)) {
        const std::string_view path = record.path.substr(0, slash);
        folders_[open.back()].tracked += hash_bytes(os::name_of(path)) | 1U;
        owners.push_back(count + folders_.size());
        folders_.push_back({path, 0, open.back(), false, 0, 0});
        open.push_back(folders_.size() - 1);
        paths.push_back(path);
      }
      folders_[open.back()].tracked += hash_bytes(os::name_of(record.path));
      record_folders_.push_back(open.back());
      owners.push_back(i);
      paths.push_back(record.path);
    }
    owners[0] = count;
    std::mutex mutex;
    os::look_at_all(root_, paths, [&](std::size_t position, const os::BulkStatus& status) {
      const std::size_t owner = owners[position];
      if (owner >= count) return note_folder(folders_[owner - count], status);
      if (is_surely_as(index_.records[owner], status)) return;
      const std::lock_guard lock(mutex);
      doubts_.push_back({owner, status});
    });
    find_links();
  }

  static void note_folder(Folder& folder, const os::BulkStatus& status) {
    folder.is_folder = status.found && status.type == os::FileType::directory;
    folder.ctime_ns = status.ctime_ns;
    folder.inode = status.inode;
  }

  // What was seen by way of a link, in place of a folder, is not there.
  void find_links() {
    bool any = false;
    for (Folder& folder : folders_) {
      folder.is_folder = folder.is_folder && (&folder == folders_.data() || folders_[folder.parent].is_folder);
      any = any || !folder.is_folder;
    }
    if (any) {
      std::erase_if(doubts_, [&](const Doubt& doubt) { return !folders_[record_folders_[doubt.record]].is_folder; });
      for (std::size_t i = 0; i < index_.records.size(); ++i)
        if (!folders_[record_folders_[i]].is_folder) doubts_.push_back({i, {}});
    }
    std::sort(doubts_.begin(), doubts_.end(), [](const Doubt& a, const Doubt& b) { return a.record < b.record; });
  }

  static bool is_in(std::string_view folder, std::string_view path) {
    return folder.empty() || (path.size() > folder.size() && path[folder.size()] == '/' && path.starts_with(folder));
  }

  void compare_records() {
    for (Doubt& doubt : doubts_) {
      const IndexRecord& record = index_.records[doubt.record];
      const bool is_submodule = record.mode == static_cast<std::uint32_t>(FileMode::submodule);
      const bool is_directory = doubt.status.type == os::FileType::directory;
      if (doubt.status.type == os::FileType::other || is_directory != is_submodule) doubt.status.found = false;
      if (record.stage != 0) {
        if (unmerged_.empty() || unmerged_.back() != record.path) unmerged_.emplace_back(record.path);
      } else if (is_submodule) {
        note_submodule(record, doubt.status.found);
      } else if (!record.skip_work_tree && !record.assume_unchanged) {
        suspects_.push_back({std::string(record.path), &record, doubt.status});
      }
    }
    for (const std::string& path : unmerged_) changes_.push_back({path, Kind::unmerged});
  }

  bool is_surely_as(const IndexRecord& record, const os::BulkStatus& status) const {
    if (!status.found || record.intent_to_add || record.stage != 0) return false;
    if (status.type != os::FileType::file && status.type != os::FileType::symlink) return false;
    const bool link = record.mode == static_cast<std::uint32_t>(FileMode::symlink);
    if (link != (status.type == os::FileType::symlink)) return false;
    if (!link && trust_mode_ && ((record.mode & 0100U) != 0) != ((status.mode & 0100U) != 0)) return false;
    if (record.size != static_cast<std::uint32_t>(status.size) || !is_time(record.mtime_ns, status.mtime_ns))
      return false;
    if (trust_ctime_ && !is_time(record.ctime_ns, status.ctime_ns)) return false;
    if (trust_inode_ && record.inode != static_cast<std::uint32_t>(status.inode)) return false;
    return status.mtime_ns < index_mtime_ns_;  // Later than the index: it may have changed since.
  }

  static bool is_time(std::int64_t recorded, std::int64_t now) {
    constexpr std::int64_t second = 1'000'000'000;
    return recorded == now || (recorded % second == 0 && recorded / second == now / second);
  }

  // A submodule that nobody checked out is as the index has it.
  void note_submodule(const IndexRecord& record, bool is_there) {
    if (is_there && files_.status(os::join(root_, std::string(record.path) + "/.git"))) submodules_.push_back(&record);
  }

  // --- files that the index does not have

  Result<> find_new_files() {
    const std::string memory_path = os::join(repository_.git_folder(), "aecos/folders");
    FolderMemory before;
    if (const auto bytes = files_.map(memory_path)) before = from_bytes(bytes->bytes());
    std::size_t news = before.size() > folders_.size() ? before.size() - folders_.size() : 0;
    FolderMemory now;
    now.reserve(folders_.size());
    auto known = before.begin();
    const std::int64_t started = newest_change();
    for (const Folder& folder : folders_) {
      while (known != before.end() && is_met_before(known->path, folder.path)) ++known;
      const bool is_known = known != before.end() && known->path == folder.path;
      if (!folder.is_folder) continue;
      if (is_known && known->ctime_ns == folder.ctime_ns && known->inode == folder.inode &&
          known->tracked == folder.tracked) {
        now.push_back(std::move(*known));
        continue;
      }
      KnownFolder listed{std::string(folder.path), folder.ctime_ns, folder.inode, folder.tracked, {}};
      // Changed so lately that it is listed again in any case: nothing to remember.
      if (folder.ctime_ns > started - settle_ns) {
        listed.ctime_ns = 0;
      } else {
        ++news;
      }
      AECOS_TRY_ASSIGN(listed.strangers, list_strangers(listed.path));
      now.push_back(std::move(listed));
    }
    // A few folders are sooner listed again than all of them written down.
    constexpr std::size_t few = 16, part = 256;
    if (news > few + folders_.size() / part) remember(memory_path, now);
    return judge_strangers(now);
  }

  // The clock of the file system, as far as can be told.
  std::int64_t newest_change() {
    std::int64_t newest = index_mtime_ns_;
    for (const Folder& folder : folders_) newest = std::max(newest, folder.ctime_ns);
    return newest;
  }

  // Best effort: without it folders are listed again.
  void remember(const std::string& path, const FolderMemory& memory) {
    if (!files_.create_directories(std::string(os::parent_of(path)))) return;
    os::WriteOptions options;
    options.may_be_lost = true;
    (void)static_cast<bool>(files_.write(path, to_bytes(memory), options));
  }

  Result<std::vector<Stranger>> list_strangers(const std::string& folder) {
    std::vector<Stranger> strangers;
    auto entries = files_.list(os::join(root_, folder));
    if (!entries) return strangers;  // Gone meanwhile, or not ours to read.
    for (os::DirectoryEntry& entry : *entries) {
      if (entry.type == os::FileType::other || entry.name == ".git") continue;
      if (!is_tracked(os::join(folder, entry.name), entry.type))
        strangers.push_back({std::move(entry.name), entry.type});
    }
    return strangers;
  }

  // A file where the index has a folder is not what the index has.
  bool is_tracked(const std::string& path, os::FileType type) const {
    const std::string wanted = type == os::FileType::directory ? path + "/" : path;
    const auto found = first_from(wanted);
    if (found != index_.records.end() && (found->path == path || (wanted != path && found->path.starts_with(wanted))))
      return true;
    return wanted != path && is_submodule(path);
  }

  bool is_submodule(const std::string& path) const {
    const auto found = first_from(path);
    return found != index_.records.end() && found->path == path &&
           found->mode == static_cast<std::uint32_t>(FileMode::submodule);
  }

  std::vector<IndexRecord>::const_iterator first_from(const std::string& path) const {
    return std::lower_bound(index_.records.begin(), index_.records.end(), path,
                            [](const IndexRecord& record, const std::string& wanted) { return record.path < wanted; });
  }

  // Whole folders are asked for before what is in them, so that what lies in ignored ones is never seen.
  Result<> judge_strangers(const FolderMemory& memory) {
    std::vector<std::string> files, pending;
    for (const KnownFolder& folder : memory) sort_strangers(folder.path, folder.strangers, files, pending);
    while (!pending.empty()) {
      AECOS_TRY(drop_ignored(pending, true));
      std::vector<std::string> below;
      for (const std::string& folder : pending) {
        if (files_.status(os::join(root_, folder + "/.git"))) continue;  // Another repository.
        AECOS_TRY_ASSIGN(const auto strangers, list_strangers(folder));
        sort_strangers(folder, strangers, files, below);
      }
      pending = std::move(below);
    }
    AECOS_TRY(drop_ignored(files, false));
    std::vector<std::string_view> paths(files.begin(), files.end());
    const auto statuses = os::status_of_all(root_, paths);
    for (std::size_t i = 0; i < files.size(); ++i)
      if (statuses[i].found) suspects_.push_back({std::move(files[i]), nullptr, statuses[i]});
    return {};
  }

  void sort_strangers(const std::string& folder, const std::vector<Stranger>& strangers,
                      std::vector<std::string>& files, std::vector<std::string>& folders) const {
    for (const Stranger& stranger : strangers) {
      std::string path = os::join(folder, stranger.name);
      if (stranger.type != os::FileType::directory)
        files.push_back(std::move(path));
      else
        folders.push_back(std::move(path));
    }
  }

  Result<> drop_ignored(std::vector<std::string>& paths, bool folders) {
    std::vector<std::string> asked = paths;
    if (folders)
      for (std::string& path : asked) path += '/';
    AECOS_TRY_ASSIGN(std::vector<std::string> ignored, program_.ignored(asked));
    std::sort(ignored.begin(), ignored.end());
    std::erase_if(paths, [&](const std::string& path) {
      return std::binary_search(ignored.begin(), ignored.end(), folders ? path + "/" : path);
    });
    return {};
  }

  // --- what the contents say

  Result<> judge_suspects() {
    std::vector<std::string> hashed;
    for (const Suspect& suspect : suspects_)
      if (needs_hash(suspect)) hashed.push_back(suspect.path);
    AECOS_TRY_ASSIGN(const auto ids, program_.hash(hashed));
    std::size_t next = 0;
    std::vector<std::string> stale;
    for (const Suspect& suspect : suspects_) {
      std::optional<TreeEntry> now;
      if (suspect.status.found) {
        now.emplace();
        now->mode = mode_of(suspect);
        if (needs_hash(suspect))
          now->id = ids[next++];
        else if (now->mode == FileMode::symlink)
          now->id = link_id(suspect.path);
      }
      judge(suspect.path, in_head(suspect.path, suspect.record), now);
      if (suspect.record != nullptr && now && is_as(*suspect.record, *now)) stale.push_back(suspect.path);
    }
    if (!stale.empty())
      (void)static_cast<bool>(program_.refresh_index(stale));  // As git status does, so that it is fast again.
    return {};
  }

  // Only where there is something to compare it with.
  bool needs_hash(const Suspect& suspect) const {
    if (!suspect.status.found || suspect.status.type != os::FileType::file) return false;
    if (suspect.record != nullptr && suspect.record->intent_to_add) return false;
    return suspect.record != nullptr || in_head(suspect.path, nullptr).has_value();
  }

  FileMode mode_of(const Suspect& suspect) const {
    if (suspect.status.type == os::FileType::symlink) return FileMode::symlink;
    if (!trust_mode_ && suspect.record != nullptr &&
        suspect.record->mode != static_cast<std::uint32_t>(FileMode::symlink))
      return FileMode{suspect.record->mode};
    return (suspect.status.mode & 0100U) != 0 ? FileMode::executable : FileMode::file;
  }

  BlobId link_id(const std::string& path) {
    const auto target = files_.read_link(os::join(root_, path));
    return target ? hash_blob(*target) : BlobId{};
  }

  std::optional<TreeEntry> in_head(const std::string& path, const IndexRecord* record) const {
    if (const auto differs = head_.find(path); differs != head_.end()) return differs->second;
    if (record == nullptr) return std::nullopt;
    return TreeEntry{"", FileMode{record->mode}, record->id};
  }

  static bool is_as(const IndexRecord& record, const TreeEntry& entry) {
    return record.id == entry.id && record.mode == static_cast<std::uint32_t>(entry.mode) && !record.intent_to_add;
  }

  void judge(const std::string& path, const std::optional<TreeEntry>& head, const std::optional<TreeEntry>& now) {
    judged_.insert(path);
    const bool same = head && now && head->id == now->id && head->mode == now->mode;
    if (same || (!head && !now)) {
      if (head_.contains(path)) changes_.push_back({path, Kind::staged});
      return;
    }
    if (std::binary_search(unmerged_.begin(), unmerged_.end(), path)) return;
    changes_.push_back({path, !head ? Kind::added : !now ? Kind::deleted : Kind::modified});
  }

  // Where the index is not as HEAD, and the work tree is as the index.
  Result<> judge_rest() {
    for (const auto& [path, entry] : head_) {
      if (judged_.contains(path)) continue;
      const auto record = first_from(path);
      std::optional<TreeEntry> now;
      if (record != index_.records.end() && record->path == path)
        now = TreeEntry{"", FileMode{record->mode}, record->id};
      judge(path, entry, now);
    }
    if (submodules_.empty()) return {};
    std::vector<std::string> paths;
    for (const IndexRecord* record : submodules_)
      if (!head_.contains(record->path)) paths.emplace_back(record->path);
    AECOS_TRY_ASSIGN(const auto moved, program_.moved_submodules(paths));
    for (const std::string& path : moved) changes_.push_back({path, Kind::modified});
    return {};
  }

  Program& program_;
  const Repository& repository_;
  os::FileSystem& files_;
  const IndexFile& index_;
  std::int64_t index_mtime_ns_;
  std::string root_;
  bool trust_mode_ = true, trust_ctime_ = true, trust_inode_ = true;
  HeadDifference head_;
  std::vector<Folder> folders_;
  std::vector<std::size_t> record_folders_;
  std::vector<Doubt> doubts_;
  std::vector<std::string> unmerged_;
  std::vector<const IndexRecord*> submodules_;
  std::vector<Suspect> suspects_;
  std::set<std::string, std::less<>> judged_;
  std::vector<WorkTreeChange> changes_;
};

// One record of `git status --porcelain=v2 -z`; absent: nothing to us.
std::optional<WorkTreeChange> parse_status(std::string_view record) {
  // "1 XY sub mH mI mW hH hI path", "u XY sub m1 m2 m3 mW h1 h2 h3 path", "? path"
  const std::size_t fields = record.starts_with("1 ") ? 8 : record.starts_with("u ") ? 10 : 1;
  std::size_t at = 0;
  for (std::size_t i = 0; i < fields; ++i) {
    at = record.find(' ', at);
    if (at == std::string_view::npos) return std::nullopt;
    ++at;
  }
  WorkTreeChange change;
  change.path = record.substr(at);
  if (fields == 10) {
    change.kind = Kind::unmerged;
  } else if (fields == 1) {
    if (!record.starts_with("? ") || change.path.ends_with('/')) return std::nullopt;  // A repository inside.
    change.kind = Kind::added;
  } else if (record.substr(5, 1) == "S" && record.substr(6, 1) != "C") {
    return std::nullopt;
  } else {
    const std::string_view modes = record.substr(10, 20);  // "mH mI mW"
    const bool before = modes.substr(0, 6) != "000000";
    const bool now = modes.substr(14, 6) != "000000";
    change.kind = !before && !now ? Kind::staged : !before ? Kind::added : now ? Kind::modified : Kind::deleted;
  }
  return change;
}

}  // namespace

Result<std::vector<WorkTreeChange>> Program::changes() {
  AECOS_TRY_ASSIGN(const Repository repository, Repository::open(folder_));
  if (repository.work_tree().empty())
    return Error{ErrorCode::invalid_input, folder_ + ": a bare repository has no work tree"};
  const auto files = os::real_file_system();
  const std::string path = os::join(repository.git_folder(), "index");
  const auto status = files->status(path);
  if (!status) return Scan(*this, repository, *files, {}, 0).run();
  AECOS_TRY_ASSIGN(const os::MappedFile bytes, files->map(path));
  const auto index = parse_index(bytes.bytes());
  AECOS_TRY_ASSIGN(const auto links, repository.config("core.symlinks"));
  if (!index || (links && *links == "false")) return changes_by_git();
  return Scan(*this, repository, *files, *index, status->mtime_ns).run();
}

// A path that is both gone and new there has only been taken out of the index.
Result<std::vector<WorkTreeChange>> Program::changes_by_git() {
  AECOS_TRY_ASSIGN(const std::string listed, run({"status", "--porcelain=v2", "-z", "--untracked-files=all",
                                                  "--no-renames", "--ignore-submodules=dirty"}));
  std::vector<WorkTreeChange> changes;
  std::string_view rest = listed;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    if (auto change = parse_status(rest.substr(0, end))) changes.push_back(*std::move(change));
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  for (std::size_t i = 0; i + 1 < changes.size(); ++i)
    if (changes[i].path == changes[i + 1].path) changes[i + 1].kind = Kind::modified;
  changes.erase(changes.begin(), std::unique(changes.rbegin(), changes.rend(), [](const auto& a, const auto& b) {
                                   return a.path == b.path;
                                 }).base());
  return changes;
}

Result<std::vector<std::string>> Program::moved_submodules(const std::vector<std::string>& paths) {
  std::vector<std::string> moved;
  if (paths.empty()) return moved;
  std::vector<std::string> arguments{"--literal-pathspecs",       "diff-files", "--name-only", "-z",
                                     "--ignore-submodules=dirty", "--"};
  arguments.insert(arguments.end(), paths.begin(), paths.end());
  AECOS_TRY_ASSIGN(const std::string listed, run(std::move(arguments)));
  for (std::size_t from = 0; from < listed.size();) {
    const std::size_t end = std::min(listed.find('\0', from), listed.size());
    moved.push_back(listed.substr(from, end - from));
    from = end + 1;
  }
  return moved;
}

}  // namespace aecos::git
