#pragma once
// Files and folders. Every change is on the disk when the call returns, and is whole or has not happened: whoever is
// killed at any moment, or loses power, finds either the old or the new, and perhaps a left-over temporary file.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace aecos::os {

enum class FileType : std::uint8_t { file, directory, symlink, other };

struct FileStatus {
  FileType type = FileType::other;
  std::uint64_t size = 0;     // Bytes; of a symbolic link: of its target's text.
  std::int64_t mtime_ns = 0;  // Last change of the content, nanoseconds since 1970 UTC.
  std::uint64_t inode = 0;    // Another number: another file, even where size and time agree.
  std::uint32_t mode = 0;     // Permission bits, as in 0644.
  bool operator==(const FileStatus&) const = default;
};

struct DirectoryEntry {
  std::string name;
  FileType type = FileType::other;
  bool operator==(const DirectoryEntry&) const = default;
};

// The bytes of a file, for as long as this object lives. Cheap to copy. A file that is replaced meanwhile (as
// FileSystem::write does) does not change what is seen here; one that another program cuts short in place must not be
// read any more.
class MappedFile {
 public:
  MappedFile() = default;
  MappedFile(std::shared_ptr<const void> owner, std::string_view bytes) : owner_(std::move(owner)), bytes_(bytes) {}
  std::string_view bytes() const { return bytes_; }

 private:
  std::shared_ptr<const void> owner_;
  std::string_view bytes_;
};

// Held as long as the object lives and the process runs.
class FileLock {
 public:
  virtual ~FileLock() = default;
  // Whether the holder before did not release it: it was killed, the power failed, or it left it so.
  virtual bool was_left() const = 0;
  // When this object goes, the next holder finds it left.
  virtual void leave() = 0;
};

// What was at a path when somebody looked; absent: nothing.
using Seen = std::optional<FileStatus>;

struct WriteOptions {
  // Absent: that of the file being replaced, or 0666 less the umask for a new one.
  std::optional<std::uint32_t> mode = {};
  // If set: writes only if that is what is still there, looked at just before the rename; else changed_meanwhile.
  std::optional<Seen> only_over = {};
  // After a power cut it may be empty, not there, or as it was before; not after the end of the process alone.
  bool may_be_lost = false;
};

struct FileToWrite {
  std::string path;
  std::string_view bytes;
  WriteOptions options = {};
};

// Errors, for all functions: not_found: nothing at that path, or a folder on the way is missing; denied: permissions,
// a lock of somebody else, a folder where a file is meant or the reverse, a folder that is not empty; invalid_input: no
// possible path, or symbolic links in a circle; unavailable: disk full, input/output error.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // The whole file. Follows symbolic links.
  virtual Result<std::string> read(const std::string& path) = 0;
  // The same without reading it into memory, where the system can. Follows symbolic links.
  virtual Result<MappedFile> map(const std::string& path) = 0;
  // Of the path itself: a symbolic link is not followed.
  virtual Result<FileStatus> status(const std::string& path) = 0;
  // Sorted by name, without "." and "..".
  virtual Result<std::vector<DirectoryEntry>> list(const std::string& path) = 0;
  // The text of a symbolic link. invalid_input: there is something else at that path.
  virtual Result<std::string> read_link(const std::string& path) = 0;
  // The absolute path of what `path` leads to, which must be there, with every symbolic link followed.
  virtual Result<std::string> resolve(const std::string& path) = 0;

  // Creates or replaces the file by a temporary file in the same folder and a rename. A symbolic link at `path` is
  // itself replaced.
  virtual Result<> write(const std::string& path, std::string_view bytes, const WriteOptions& options) = 0;
  Result<> write(const std::string& path, std::string_view bytes) { return write(path, bytes, WriteOptions{}); }
  // Adds to the end of a file that is there; on the disk when it returns. After an end of the process, a power cut or
  // an error a part of it may be there.
  virtual Result<> append(const std::string& path, std::string_view bytes) = 0;
  // Many files, each as by write, but together: thousands a second instead of hundreds. A result for each, in order.
  virtual std::vector<Result<>> write_all(std::span<const FileToWrite> written) = 0;
  // The same for more bytes than fit into memory: `next` gives one piece after the other, an empty one at the end. An
  // error of it is the result; then nothing has changed.
  virtual Result<> write_pieces(const std::string& path, const std::function<Result<std::string>()>& next);
  // Creates or replaces a symbolic link (or file) at `path`. `target` is kept as given; it need not exist.
  virtual Result<> symlink(const std::string& target, const std::string& path) = 0;
  virtual Result<> set_mode(const std::string& path, std::uint32_t mode) = 0;
  // Replaces a file at `to`, or an empty folder by a folder.
  virtual Result<> rename(const std::string& from, const std::string& to) = 0;
  // A file, a symbolic link (not what it leads to) or an empty folder.
  virtual Result<> remove(const std::string& path) = 0;
  // With all folders on the way; one that is there already is no error.
  virtual Result<> create_directories(const std::string& path) = 0;
  // Each of them, in folders that are there.
  virtual Result<> create_all_directories(std::span<const std::string> paths);

  // Takes the lock file `path` (no symbolic link), created if need be, without waiting, and writes `holder` (one line:
  // who, which process) into it for whoever comes next. denied: somebody holds it, in this process or another; the
  // message is what that one wrote. The file stays when the lock is released or its process ends.
  virtual Result<std::unique_ptr<FileLock>> try_lock(const std::string& path, const std::string& holder) = 0;
  // What the present holder wrote; absent if nobody holds the lock.
  virtual Result<std::optional<std::string>> lock_holder(const std::string& path) = 0;
  // Whether somebody else has the file open in a way that forbids replacing it (a program's lock on the file itself).
  // False if there is no such file.
  virtual bool is_locked_by_other(const std::string& path) = 0;
};

std::unique_ptr<FileSystem> real_file_system();

// For WriteOptions::only_over. An Error is one of looking, not that there is nothing.
Result<Seen> look(FileSystem& files, const std::string& path);

// A symbolic link counts as itself, whether or not it leads anywhere.
bool exists(FileSystem& files, const std::string& path);

// Removes the folder or file and all below it; symbolic links are not followed. Nothing at `path` is no error.
Result<> remove_all(FileSystem& files, const std::string& path);

// Whether a file of this name is a temporary file of FileSystem::write; one that is left over from a process that was
// killed can be removed.
bool is_temporary_name(std::string_view name);

}  // namespace aecos::os
