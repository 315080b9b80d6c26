#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <set>

#include "os/file_system.h"
#include "os/file_system_internal.h"
#include "os/path.h"
#include "os/posix_internal.h"

namespace aecos::os {
namespace {

// "link/" would mean what the link leads to, and "" nothing at all.
std::string native(const std::string& path) {
  std::string_view rest = path;
  while (rest.size() > 1 && rest.ends_with('/')) rest.remove_suffix(1);
  return rest.empty() ? "." : std::string(rest);
}

std::string folder_of(const std::string& path) { return native(std::string(parent_of(path))); }

// For the call that just failed. ENOTDIR may mean the path itself or something on the way to it.
Error failed(const std::string& path) {
  int number = errno;
  struct stat found {};
  if (number == ENOTDIR && ::lstat(path.c_str(), &found) == 0) return Error{ErrorCode::denied, path + ": not a folder"};
  return posix_error(path, number);
}

FileType type_of(mode_t mode) {
  if (S_ISREG(mode)) return FileType::file;
  if (S_ISDIR(mode)) return FileType::directory;
  return S_ISLNK(mode) ? FileType::symlink : FileType::other;
}

Result<struct stat> lstat_of(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return failed(path);
  return found;
}

Result<> sync_descriptor(const Descriptor& file, const std::string& path) {
  // Some file systems (network, FUSE) cannot sync a folder; then there is nothing better to do.
  if (::fsync(*file) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS) return failed(path);
  return {};
}

// So that a name that was added, changed or removed in the folder stays so after a loss of power.
Result<> sync_folder(const std::string& folder) {
  Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return errno == EACCES ? Result<>() : failed(folder);  // Write permission alone is enough to change it.
  return sync_descriptor(opened, folder);
}

// A regular file only: opening a pipe or device could wait for ever.
Result<Descriptor> open_to_read(const std::string& path, struct stat& found) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file || ::fstat(*file, &found) != 0) return failed(path);
  if (!S_ISREG(found.st_mode)) return Error{ErrorCode::denied, path + ": not a file"};
  return file;
}

Result<std::string> read_rest(const Descriptor& file, const struct stat& found, const std::string& path) {
  std::string bytes;
  std::size_t filled = 0;
  bytes.resize(static_cast<std::size_t>(found.st_size) + 1);  // One more, to see the end without growing.
  while (true) {
    auto count = ::read(*file, bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(path);
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
    if (filled == bytes.size()) bytes.resize(bytes.size() * 2);
  }
  bytes.resize(filled);
  return bytes;
}

Result<> write_whole(const Descriptor& file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    auto count = ::write(*file, bytes.data(), std::min(bytes.size(), std::size_t{1} << 30));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(path);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

// A new name in the folder of `path`; removed at the end unless it was moved away.
class Temporary {
 public:
  explicit Temporary(const std::string& path) : folder_(parent_of(path)) { next(); }
  Temporary(Temporary&& other) noexcept : folder_(std::move(other.folder_)), name_(std::exchange(other.name_, {})) {}
  Temporary& operator=(Temporary&&) = delete;
  ~Temporary() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }

  void next() {
    static std::atomic<unsigned> count = 0;
    name_ = join(folder_, std::string(temporary_prefix) + std::to_string(::getpid()) + "-" + std::to_string(count++));
  }
  const std::string& name() const { return name_; }

  Result<> move_to(const std::string& path) {
    if (::rename(name_.c_str(), path.c_str()) != 0) return failed(path);
    name_.clear();
    return {};
  }

 private:
  std::string folder_, name_;
};

Result<Descriptor> create(Temporary& temporary, const std::string& path) {
  while (true) {
    Descriptor file(::open(temporary.name().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (file) return file;
    if (errno != EEXIST) return posix_error(path, errno);
    temporary.next();  // Left over from a process that had our number.
  }
}

// The new file gets what the old one had. Another owner can be given only by root, another group by its members.
Result<> copy_permissions(const Descriptor& file, const struct stat* old, const WriteOptions& options,
                          const std::string& path) {
  if (old && ::fchown(*file, old->st_uid, old->st_gid) != 0 && ::fchown(*file, ~uid_t{0}, old->st_gid) != 0) {
    errno = 0;
  }
  if (!old && !options.mode) return {};
  if (::fchmod(*file, options.mode ? *options.mode : old->st_mode & 07777) != 0) return failed(path);
  return {};
}

// Everything on each device on which one of these is open.
Result<> sync_devices(const std::map<dev_t, Descriptor>& open_files) {
  for (const auto& [device, file] : open_files) {
    if (::syncfs(*file) != 0) return posix_error("writing to disk", errno);
  }
  return {};
}

FileStatus status_from(const struct stat& found) {
  return FileStatus{type_of(found.st_mode), static_cast<std::uint64_t>(found.st_size),
                    found.st_mtim.tv_sec * std::int64_t{1'000'000'000} + found.st_mtim.tv_nsec, found.st_ino,
                    found.st_mode & 07777};
}

// A file on its way to its place: written whole under a temporary name.
class Replacement {
 public:
  static Result<Replacement> prepare(const FileToWrite& written) {
    const auto& path = written.path;
    AECOS_TRY(check_path(path));
    struct stat old {};
    bool replaces = ::lstat(native(path).c_str(), &old) == 0;
    if (replaces && S_ISDIR(old.st_mode)) return Error{ErrorCode::denied, path + ": is a folder"};
    Replacement result(written);
    AECOS_TRY_ASSIGN(result.file_, create(result.temporary_, path));
    AECOS_TRY(copy_permissions(result.file_, replaces && S_ISREG(old.st_mode) ? &old : nullptr, written.options, path));
    AECOS_TRY(write_whole(result.file_, written.bytes, path));
    return result;
  }

  const Descriptor& file() const { return file_; }
  std::string folder() const { return folder_of(written_->path); }

  Result<> move() {
    file_.close();
    auto path = native(written_->path);
    if (written_->options.only_over) {
      struct stat found {};
      bool there = ::lstat(path.c_str(), &found) == 0;
      if (!there && errno != ENOENT) return failed(path);
      AECOS_TRY(check_unchanged(written_->options, there ? Seen(status_from(found)) : Seen(), path));
    }
    return temporary_.move_to(path);
  }

 private:
  explicit Replacement(const FileToWrite& written) : written_(&written), temporary_(native(written.path)) {}

  const FileToWrite* written_;
  Temporary temporary_;
  Descriptor file_;
};

// Locks belong to the open file, so that two of one process exclude each other too, and end with it.
struct flock whole_file(short type) {
  struct flock range {};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  return range;
}

bool has_record_lock(const Descriptor& file) {
  auto range = whole_file(F_WRLCK);
  return ::fcntl(*file, F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
}

bool is_same_file(const Descriptor& file, const std::string& path) {
  struct stat opened {
  }, named{};
  return ::fstat(*file, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

std::string first_line(const Descriptor& file) {
  char text[512];
  auto count = ::pread(*file, text, sizeof text, 0);
  std::string_view line(text, count > 0 ? static_cast<std::size_t>(count) : 0);
  line = line.substr(0, line.find('\n'));
  return line.empty() ? "another process" : std::string(line);
}

class RealFileLock final : public FileLock {
 public:
  RealFileLock(Descriptor file, bool was_left) : file_(std::move(file)), was_left_(was_left) {}
  ~RealFileLock() override {
    if (!leave_ && ::ftruncate(*file_, 0) != 0) errno = 0;  // Then it seems left, which only costs time.
  }

  bool was_left() const override { return was_left_; }
  void leave() override { leave_ = true; }

 private:
  Descriptor file_;
  bool was_left_, leave_ = false;
};

class RealFileSystem final : public FileSystem {
 public:
  using FileSystem::write;

  Result<std::string> read(const std::string& path) override {
    AECOS_TRY(check_path(path));
    struct stat found {};
    AECOS_TRY_ASSIGN(auto file, open_to_read(native(path), found));
    return read_rest(file, found, path);
  }

  Result<MappedFile> map(const std::string& path) override {
    AECOS_TRY(check_path(path));
    struct stat found {};
    AECOS_TRY_ASSIGN(auto file, open_to_read(native(path), found));
    auto size = static_cast<std::size_t>(found.st_size);
    void* address = size == 0 ? MAP_FAILED : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, *file, 0);
    if (address != MAP_FAILED) {
      std::shared_ptr<const void> owner(address, [size](void* mapped) { ::munmap(mapped, size); });
      return MappedFile(owner, {static_cast<const char*>(address), size});
    }
    AECOS_TRY_ASSIGN(auto bytes, read_rest(file, found, path));
    auto owner = std::make_shared<const std::string>(std::move(bytes));
    return MappedFile(owner, *owner);
  }

  Result<FileStatus> status(const std::string& path) override {
    AECOS_TRY(check_path(path));
    AECOS_TRY_ASSIGN(auto found, lstat_of(native(path)));
    return status_from(found);
  }

  Result<std::vector<DirectoryEntry>> list(const std::string& path) override {
    AECOS_TRY(check_path(path));
    std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(native(path).c_str()), ::closedir);
    if (!folder) return failed(native(path));
    std::vector<DirectoryEntry> entries;
    for (errno = 0; const auto* entry = ::readdir(folder.get()); errno = 0) {
      std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      FileType type = FileType::other;
      if (auto found = status_of(*entry, join(path, name))) type = *found;
      entries.push_back({std::move(name), type});
    }
    if (errno != 0) return failed(path);
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return entries;
  }

  Result<std::string> read_link(const std::string& path) override {
    AECOS_TRY(check_path(path));
    std::string target(256, '\0');
    while (true) {
      auto count = ::readlink(native(path).c_str(), target.data(), target.size());
      if (count < 0) return failed(native(path));
      if (static_cast<std::size_t>(count) < target.size()) return target.substr(0, static_cast<std::size_t>(count));
      target.resize(target.size() * 2);
    }
  }

  Result<std::string> resolve(const std::string& path) override {
    AECOS_TRY(check_path(path));
    std::unique_ptr<char, void (*)(void*)> found(::realpath(native(path).c_str(), nullptr), std::free);
    if (!found) return failed(native(path));
    return std::string(found.get());
  }

  Result<> write(const std::string& path, std::string_view bytes, const WriteOptions& options) override {
    FileToWrite written{path, bytes, options};
    AECOS_TRY_ASSIGN(auto replacement, Replacement::prepare(written));
    if (options.may_be_lost) return replacement.move();
    AECOS_TRY(sync_descriptor(replacement.file(), path));
    AECOS_TRY(replacement.move());
    return sync_folder(replacement.folder());
  }

  Result<> append(const std::string& path, std::string_view bytes) override {
    AECOS_TRY(check_path(path));
    Descriptor file(::open(native(path).c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    if (!file) return failed(path);
    AECOS_TRY(write_whole(file, bytes, path));
    return ::fdatasync(*file) == 0 ? Result<>() : failed(path);
  }

  Result<> write_pieces(const std::string& path, const std::function<Result<std::string>()>& next) override {
    const FileToWrite written{path, {}, {}};
    AECOS_TRY_ASSIGN(auto replacement, Replacement::prepare(written));
    while (true) {
      AECOS_TRY_ASSIGN(const std::string piece, next());
      if (piece.empty()) break;
      AECOS_TRY(write_whole(replacement.file(), piece, path));
    }
    AECOS_TRY(sync_descriptor(replacement.file(), path));
    AECOS_TRY(replacement.move());
    return sync_folder(replacement.folder());
  }

  std::vector<Result<>> write_all(std::span<const FileToWrite> written) override {
    std::vector<Result<>> results;
    // A sync of the device takes what everybody else writes along: worth it for many files only.
    constexpr std::size_t few = 8;
    if (written.size() <= few) return write_few(written);
    while (!written.empty()) {
      auto count = std::min<std::size_t>(written.size(), 256);  // So many files are open at once.
      write_some(written.first(count), results);
      written = written.subspan(count);
    }
    return results;
  }

  Result<> symlink(const std::string& target, const std::string& path) override {
    AECOS_TRY(check_path(path));
    AECOS_TRY(check_path(target));
    Temporary temporary(native(path));
    while (::symlink(target.c_str(), temporary.name().c_str()) != 0) {
      if (errno != EEXIST) return posix_error(path, errno);
      temporary.next();
    }
    AECOS_TRY(temporary.move_to(native(path)));
    return sync_folder(folder_of(path));
  }

  Result<> set_mode(const std::string& path, std::uint32_t mode) override {
    AECOS_TRY(check_path(path));
    AECOS_TRY_ASSIGN(auto found, lstat_of(native(path)));
    if (S_ISLNK(found.st_mode)) return Error{ErrorCode::invalid_input, path + ": a symbolic link has no mode"};
    if (::chmod(native(path).c_str(), mode) != 0) return failed(path);
    Descriptor file(::open(native(path).c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    return file ? sync_descriptor(file, path) : Result<>();  // A mode may forbid even this.
  }

  Result<> rename(const std::string& from, const std::string& to) override {
    AECOS_TRY(check_path(from));
    AECOS_TRY(check_path(to));
    AECOS_TRY_ASSIGN(auto moved, lstat_of(native(from)));
    struct stat replaced {};
    bool replaces = ::lstat(native(to).c_str(), &replaced) == 0;
    if (replaces && S_ISDIR(replaced.st_mode) != S_ISDIR(moved.st_mode)) {
      return Error{ErrorCode::denied,
                   to + ": cannot take the place of a " + (S_ISDIR(moved.st_mode) ? "file" : "folder")};
    }
    if (::rename(native(from).c_str(), native(to).c_str()) != 0) return failed(to);
    AECOS_TRY(sync_folder(folder_of(to)));
    return folder_of(from) == folder_of(to) ? Result<>() : sync_folder(folder_of(from));
  }

  Result<> remove(const std::string& path) override {
    AECOS_TRY(check_path(path));
    AECOS_TRY_ASSIGN(auto found, lstat_of(native(path)));
    bool is_folder = S_ISDIR(found.st_mode);
    if ((is_folder ? ::rmdir(native(path).c_str()) : ::unlink(native(path).c_str())) != 0) return failed(path);
    return sync_folder(folder_of(path));
  }

  Result<> create_directories(const std::string& path) override {
    AECOS_TRY(check_path(path));
    std::string whole = native(path);
    for (std::size_t end = 0; end < whole.size();) {
      end = std::min(whole.find('/', end + 1), whole.size());
      const std::string part = whole.substr(0, end);
      AECOS_TRY_ASSIGN(const bool made, create_directory(part));
      if (made) AECOS_TRY(sync_folder(folder_of(part)));
    }
    return {};
  }

  Result<> create_all_directories(std::span<const std::string> paths) override {
    std::set<std::string> parents;
    for (const std::string& path : paths) {
      AECOS_TRY(check_path(path));
      AECOS_TRY_ASSIGN(const bool made, create_directory(native(path)));
      if (made) parents.insert(folder_of(native(path)));
    }
    for (const std::string& parent : parents) AECOS_TRY(sync_folder(parent));
    return {};
  }

  Result<std::unique_ptr<FileLock>> try_lock(const std::string& path, const std::string& holder) override {
    AECOS_TRY(check_path(path));
    while (true) {
      Descriptor file(::open(native(path).c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
      if (!file) return failed(path);
      auto range = whole_file(F_WRLCK);
      if (::fcntl(*file, F_OFD_SETLK, &range) != 0) {
        if (errno != EAGAIN && errno != EACCES) return failed(path);
        return Error{ErrorCode::denied, first_line(file)};
      }
      if (!is_same_file(file, native(path))) continue;  // Removed after we opened it: the next one makes a new file.
      struct stat found {};
      if (::fstat(*file, &found) != 0 || ::ftruncate(*file, 0) != 0) return failed(path);
      AECOS_TRY(write_whole(file, holder + "\n", path));
      // What the holder does must not reach the disk before its name, or a power cut would leave it unnoticed.
      if (::fdatasync(*file) != 0) return failed(path);
      return std::make_unique<RealFileLock>(std::move(file), found.st_size > 0);
    }
  }

  Result<std::optional<std::string>> lock_holder(const std::string& path) override {
    AECOS_TRY(check_path(path));
    struct stat found {};
    auto file = open_to_read(native(path), found);
    if (!file && file.error().code == ErrorCode::not_found) return std::optional<std::string>();
    if (!file) return file.error();
    if (!has_record_lock(*file)) return std::optional<std::string>();
    return std::optional<std::string>(first_line(*file));
  }

  bool is_locked_by_other(const std::string& path) override {
    struct stat found {};
    if (!check_path(path)) return false;
    auto file = open_to_read(native(path), found);
    if (!file) return false;
    if (has_record_lock(*file)) return true;
    // This kind of lock can only be asked for by taking it; it is given back with the descriptor.
    return ::flock(**file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  }

 private:
  static Result<FileType> status_of(const dirent& entry, const std::string& path) {
    switch (entry.d_type) {
      case DT_REG:
        return FileType::file;
      case DT_DIR:
        return FileType::directory;
      case DT_LNK:
        return FileType::symlink;
      case DT_UNKNOWN: {  // Some file systems keep the type elsewhere.
        AECOS_TRY_ASSIGN(auto found, lstat_of(path));
        return type_of(found.st_mode);
      }
      default:
        return FileType::other;
    }
  }

  // All are on their way to the disk before the first is waited for, and a folder is synced once.
  static std::vector<Result<>> write_few(std::span<const FileToWrite> written) {
    std::vector<Result<Replacement>> prepared;
    for (const auto& file : written) {
      prepared.push_back(Replacement::prepare(file));
      if (prepared.back() && written.size() > 1) start_writing(prepared.back()->file());
    }
    std::vector<Result<>> results;
    std::map<std::string, std::vector<std::size_t>> folders;
    for (std::size_t i = 0; i < written.size(); ++i) {
      Result<> done = prepared[i] ? Result<>() : Result<>(prepared[i].error());
      const bool durable = !written[i].options.may_be_lost;
      if (done && durable) done = sync_descriptor(prepared[i]->file(), written[i].path);
      if (done) done = prepared[i]->move();
      if (done && durable) folders[prepared[i]->folder()].push_back(i);
      results.push_back(std::move(done));
    }
    for (const auto& [folder, files] : folders) {
      const Result<> kept = sync_folder(folder);
      for (const std::size_t i : files)
        if (!kept) results[i] = kept;
    }
    return results;
  }

  static void start_writing([[maybe_unused]] const Descriptor& file) {
#ifdef __linux__
    static_cast<void>(::sync_file_range(*file, 0, 0, SYNC_FILE_RANGE_WRITE));
#endif
  }

  // One sync of the device before all renames and one after, instead of two for each file.
  static void write_some(std::span<const FileToWrite> written, std::vector<Result<>>& results) {
    std::vector<Result<Replacement>> prepared;
    std::map<dev_t, Descriptor> devices;
    for (const auto& file : written) {
      prepared.push_back(Replacement::prepare(file));
      struct stat found {};
      if (prepared.back() && ::fstat(*prepared.back()->file(), &found) == 0 && !devices.contains(found.st_dev)) {
        devices.emplace(found.st_dev, Descriptor(::fcntl(*prepared.back()->file(), F_DUPFD_CLOEXEC, 0)));
      }
    }
    auto synced = sync_devices(devices);
    auto first = results.size();
    for (auto& one : prepared) {
      if (!one) {
        results.push_back(one.error());
      } else {
        results.push_back(synced ? one->move() : synced);
      }
    }
    if (auto kept = sync_devices(devices); !kept) {
      std::replace_if(
          results.begin() + static_cast<std::ptrdiff_t>(first), results.end(),
          [](const auto& result) { return static_cast<bool>(result); }, kept);
    }
  }

  // False: it was there.
  static Result<bool> create_directory(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0) {
      if (S_ISDIR(found.st_mode)) return false;
      return Error{ErrorCode::denied, path + ": not a folder"};
    }
    if (::mkdir(path.c_str(), 0777) == 0) return true;
    if (errno != EEXIST) return failed(path);
    // Made by somebody else meanwhile, or a symbolic link that leads nowhere.
    if (::stat(path.c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) {
      return Error{ErrorCode::denied, path + ": not a folder"};
    }
    return false;
  }
};

}  // namespace

std::unique_ptr<FileSystem> real_file_system() { return std::make_unique<RealFileSystem>(); }

}  // namespace aecos::os
