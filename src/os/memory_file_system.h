#pragma once
// A file system in memory, for tests: fast, and the same every time. Times count writes, not seconds.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "os/file_system.h"

namespace aecos::os {

// Starts with an empty root folder "/", which is also the current folder of relative paths. No permission is ever
// refused. Not for use by several threads.
class MemoryFileSystem final : public FileSystem {
 public:
  MemoryFileSystem();
  ~MemoryFileSystem() override;

  Result<std::string> read(const std::string& path) override;
  Result<MappedFile> map(const std::string& path) override;
  Result<FileStatus> status(const std::string& path) override;
  Result<std::vector<DirectoryEntry>> list(const std::string& path) override;
  Result<std::string> read_link(const std::string& path) override;
  Result<std::string> resolve(const std::string& path) override;
  using FileSystem::write;
  Result<> write(const std::string& path, std::string_view bytes, const WriteOptions& options) override;
  Result<> append(const std::string& path, std::string_view bytes) override;
  std::vector<Result<>> write_all(std::span<const FileToWrite> written) override;
  Result<> symlink(const std::string& target, const std::string& path) override;
  Result<> set_mode(const std::string& path, std::uint32_t mode) override;
  Result<> rename(const std::string& from, const std::string& to) override;
  Result<> remove(const std::string& path) override;
  Result<> create_directories(const std::string& path) override;
  Result<std::unique_ptr<FileLock>> try_lock(const std::string& path, const std::string& holder) override;
  Result<std::optional<std::string>> lock_holder(const std::string& path) override;
  bool is_locked_by_other(const std::string& path) override;

 private:
  struct Disk;
  std::shared_ptr<Disk> disk_;  // Shared with the locks, which may outlive this object.
};

}  // namespace aecos::os
