#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "os/file_system.h"
#include "os/path.h"
#include "os/posix_internal.h"
#include "os/watcher.h"

namespace aecos::os {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

using Seen = std::set<std::string>;
using LeaveOut = std::function<bool(std::string_view)>;

constexpr std::uint32_t file_events =
    IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_ATTRIB;
constexpr int no_watch = -1;
constexpr microseconds look_at_root(1'000'000);           // Nothing tells that a folder around it was moved.
constexpr microseconds look_for_root(200'000);            // While it is gone.
constexpr std::int64_t never_us = 1'000'000'000'000'000;  // Fits into a time point.
constexpr int rounds_max = 64;                            // Of reading in one call, where changes come without end.

Error too_many(const std::string& what, const std::string& limit, const char* enough) {
  auto value = real_file_system()->read("/proc/sys/fs/inotify/" + limit);
  if (value && value->ends_with('\n')) value->pop_back();
  const std::string seen = value ? "all " + *value + " that a user may have are in use" : "a limit is reached";
  return {ErrorCode::unavailable, what + " cannot be watched: " + seen + "; raise it with: sudo sysctl fs.inotify." +
                                      limit + "=" + enough + " (to keep it so: a line in /etc/sysctl.d)"};
}

Error watch_failure(const std::string& path, int number) {
  return number == ENOSPC ? too_many(path, "max_user_watches", "1048576") : posix_error(path, number);
}

// A folder that is watched or, with no_watch, could not be: it may not be read, or is gone already.
struct Folder {
  Folder* parent = nullptr;
  std::string name = {};
  int watch = no_watch;
  std::map<std::string, std::unique_ptr<Folder>, std::less<>> folders = {};

  [[nodiscard]] std::string path() const { return parent == nullptr ? "" : join(parent->path(), name); }
};

// The folders of one tree and the system's watches on them.
class Folders {
 public:
  Folders(Descriptor inotify, const std::string& root, const LeaveOut& leave_out)
      : inotify_(std::move(inotify)), root_path_(root), leave_out_(leave_out) {}

  const Descriptor& inotify() const { return inotify_; }
  Folder& root() { return root_; }

  Folder* watched_by(int watch) const {
    const auto found = by_watch_.find(watch);
    return found == by_watch_.end() ? nullptr : found->second;
  }

  // Whether what is watched is still what lies at the path.
  bool is_in_place() const {
    struct stat found {};
    return ::stat(root_path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_;
  }

  // Watches the folder and all below it. What lies in it is added to `seen`, if given.
  Result<> scan(Folder& top, Seen* seen) {
    std::vector<Folder*> rest{&top};
    while (!rest.empty()) {
      Folder& folder = *rest.back();
      rest.pop_back();
      const std::string path = folder.path();
      AECOS_TRY_ASSIGN(Descriptor opened, open(folder, path));
      if (opened) AECOS_TRY(list(std::move(opened), folder, path, seen, rest));
    }
    return {};
  }

  // There is a folder of that name. Perhaps it is known, perhaps another one was there before.
  Result<> appeared(Folder& parent, const std::string& name, Seen& seen) {
    const auto known = parent.folders.find(name);
    if (known != parent.folders.end()) {
      const Folder& before = *known->second;
      if (before.watch != no_watch && add_watch(before) == before.watch) return {};
      vanished(parent, name);
    }
    return scan(child(parent, name), &seen);
  }

  void vanished(Folder& parent, const std::string& name) {
    const auto known = parent.folders.find(name);
    if (known == parent.folders.end()) return;
    std::vector<Folder*> rest{known->second.get()};
    while (!rest.empty()) {
      Folder& folder = *rest.back();
      rest.pop_back();
      end_watch(folder);
      for (const auto& [_, below] : folder.folders) rest.push_back(below.get());
    }
    parent.folders.erase(known);
  }

  // The system ended it.
  void forget_watch(Folder& folder) { by_watch_.erase(std::exchange(folder.watch, no_watch)); }

 private:
  int add_watch(const Folder& folder) {
    const std::uint32_t own = folder.parent == nullptr ? IN_DELETE_SELF | IN_MOVE_SELF : IN_DONT_FOLLOW;
    return ::inotify_add_watch(*inotify_, join(root_path_, folder.path()).c_str(), file_events | own | IN_ONLYDIR);
  }

  void end_watch(Folder& folder) {
    if (folder.watch == no_watch) return;
    ::inotify_rm_watch(*inotify_, folder.watch);
    forget_watch(folder);
  }

  // Watched before it is listed, so that nothing is missed. No descriptor: there is nothing to be listed.
  Result<Descriptor> open(Folder& folder, const std::string& path) {
    const int watch = add_watch(folder);
    if (watch < 0) return unwatched(folder, errno);
    // A folder that was moved meanwhile still has the watch it had where it was.
    if (Folder* before = watched_by(watch)) before->watch = no_watch;
    by_watch_[watch] = &folder;
    folder.watch = watch;
    const int follow = folder.parent == nullptr ? 0 : O_NOFOLLOW;
    Descriptor opened(::open(join(root_path_, path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | follow));
    struct stat found {};
    if (!opened || ::fstat(*opened, &found) != 0) {
      const int number = errno;
      end_watch(folder);
      return unwatched(folder, number);
    }
    if (folder.parent == nullptr) {
      device_ = found.st_dev;
      inode_ = found.st_ino;
    }
    return opened;
  }

  Result<Descriptor> unwatched(const Folder& folder, int number) const {
    // An event that says so, or that it may be read now, is still to come.
    constexpr std::array harmless{ENOENT, ENOTDIR, ELOOP, EACCES, EPERM, ENAMETOOLONG};
    const bool is_harmless = std::find(harmless.begin(), harmless.end(), number) != harmless.end();
    if (folder.parent != nullptr && is_harmless) return Descriptor();
    return watch_failure(join(root_path_, folder.path()), number);
  }

  Result<> list(Descriptor opened, Folder& folder, const std::string& path, Seen* seen, std::vector<Folder*>& rest) {
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(*opened), ::closedir);
    if (!stream) return posix_error(join(root_path_, path), errno);
    const int number = opened.release();
    while (const dirent* entry = ::readdir(stream.get())) {
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      const bool is_folder = is_directory(number, *entry);
      if (!is_folder && seen == nullptr) continue;
      std::string inner = join(path, name);
      if (is_folder && leave_out_(inner)) continue;
      if (is_folder) rest.push_back(&child(folder, std::string(name)));
      if (seen != nullptr) seen->insert(std::move(inner));
    }
    return {};
  }

  static bool is_directory(int folder, const dirent& entry) {
    if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
    struct stat found {};
    return ::fstatat(folder, entry.d_name, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(found.st_mode);
  }

  static Folder& child(Folder& parent, const std::string& name) {
    auto& place = parent.folders[name];
    if (!place) place = std::make_unique<Folder>(Folder{&parent, name});
    return *place;
  }

  Descriptor inotify_;
  const std::string& root_path_;
  const LeaveOut& leave_out_;
  Folder root_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::unordered_map<int, Folder*> by_watch_;
};

class LinuxWatcher final : public Watcher {
 public:
  LinuxWatcher(std::string root, LeaveOut leave_out) : root_(std::move(root)), leave_out_(std::move(leave_out)) {}

  Result<> start() {
    woken_ = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!woken_) return posix_error(root_, errno);
    return stand();
  }

  Result<Changed> wait(std::int64_t timeout_us) override {
    const microseconds time(std::min(timeout_us, never_us));
    const auto end = timeout_us < 0 ? Clock::time_point::max() : Clock::now() + time;
    Seen seen;
    while (true) {
      if (!folders_) AECOS_TRY(stand_again());
      const bool is_woken = pause(everything_ ? Clock::now() : end);
      AECOS_TRY(look(seen));
      if (is_woken || everything_ || !seen.empty() || Clock::now() >= end) break;
    }
    return Changed{{seen.begin(), seen.end()}, std::exchange(everything_, false)};
  }

  void wake() override {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(*woken_, &one, sizeof one));
  }

 private:
  Result<> stand() {
    folders_.reset();
    Descriptor inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!inotify && errno == EMFILE) return too_many(root_, "max_user_instances", "1024");
    if (!inotify) return posix_error(root_, errno);
    auto folders = std::make_unique<Folders>(std::move(inotify), root_, leave_out_);
    AECOS_TRY(folders->scan(folders->root(), nullptr));
    folders_ = std::move(folders);
    return {};
  }

  Result<> stand_again() {
    auto stands = stand();
    if (!stands && stands.error().code != ErrorCode::not_found) return stands;
    everything_ = everything_ || stands || !is_gone_;
    is_gone_ = !stands;
    return {};
  }

  // True: by wake().
  bool pause(Clock::time_point until) {
    const nanoseconds longest = folders_ ? look_at_root : look_for_root;
    const auto left = std::clamp<nanoseconds>(until - Clock::now(), nanoseconds(0), longest);
    const timespec limit{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    std::array<pollfd, 2> watched{pollfd{*woken_, POLLIN, 0}, pollfd{folders_ ? *folders_->inotify() : -1, POLLIN, 0}};
    ::ppoll(watched.data(), watched.size(), &limit, nullptr);
    std::uint64_t times = 0;
    return ::read(*woken_, &times, sizeof times) > 0;
  }

  Result<> look(Seen& seen) {
    if (!folders_) return {};
    auto read = read_events(seen);
    if (!read) {
      folders_.reset();
      return read;
    }
    const bool is_lost = std::exchange(is_lost_, false);
    return is_lost || !folders_->is_in_place() ? stand_again() : Result<>();
  }

  Result<> read_events(Seen& seen) {
    alignas(inotify_event) std::array<char, 65536> bytes;
    for (int round = 0; round < rounds_max; ++round) {
      const auto count = ::read(*folders_->inotify(), bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
        inotify_event event{};
        std::memcpy(&event, bytes.data() + at, sizeof event);
        const char* name = event.len > 0 ? bytes.data() + at + sizeof event : "";
        AECOS_TRY(take(event, name, seen));
        if (is_lost_) return {};
        at += sizeof event + event.len;
      }
    }
    return {};
  }

  Result<> take(const inotify_event& event, const std::string& name, Seen& seen) {
    Folder* folder = folders_->watched_by(event.wd);
    const bool has_ended = (event.mask & IN_IGNORED) != 0;
    is_lost_ = (event.mask & (IN_Q_OVERFLOW | IN_UNMOUNT)) != 0 || (has_ended && folder == &folders_->root());
    if (folder == nullptr || is_lost_) return {};  // No longer watched; what it says has been seen.
    if (has_ended) folders_->forget_watch(*folder);
    if (name.empty()) return {};  // About the folder itself, which its parent says too.
    const std::string path = join(folder->path(), name);
    const bool is_folder = (event.mask & IN_ISDIR) != 0;
    if (is_folder && leave_out_(path)) return {};
    seen.insert(path);
    if (!is_folder) return {};
    if ((event.mask & (IN_MOVED_FROM | IN_DELETE)) == 0) return folders_->appeared(*folder, name, seen);
    folders_->vanished(*folder, name);
    return {};
  }

  std::string root_;
  LeaveOut leave_out_;
  Descriptor woken_;
  std::unique_ptr<Folders> folders_;  // None: the root is gone, or the last call failed.
  bool is_lost_ = false;              // Events were.
  bool is_gone_ = false;              // The root is, and it has been told.
  bool everything_ = false;           // To be told.
};

}  // namespace

Result<std::unique_ptr<Watcher>> watch_folder(const std::string& root,
                                              std::function<bool(std::string_view relative_folder)> leave_out) {
  if (root.empty()) return Error{ErrorCode::invalid_input, "no folder to be watched"};
  if (!leave_out) leave_out = [](std::string_view) { return false; };
  auto watcher = std::make_unique<LinuxWatcher>(root, std::move(leave_out));
  AECOS_TRY(watcher->start());
  return std::unique_ptr<Watcher>(std::move(watcher));
}

}  // namespace aecos::os
