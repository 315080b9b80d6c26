#pragma once
// Any file system, with faults on demand, for tests of what a program leaves behind.

#include <cstdint>
#include <limits>
#include <set>
#include <string>

#include "os/file_system.h"
#include "os/path.h"

namespace aecos::os {

// Thrown by the operation in which the power fails: like kill -9, nothing after it runs. Everything that is tried
// afterwards (by destructors, say) fails with `unavailable` until restart().
struct PowerLoss {};

class FaultyFileSystem final : public FileSystem {
 public:
  // `inner` must live longer.
  explicit FaultyFileSystem(FileSystem& inner) : inner_(inner) {}

  // Every operation that changes something passes several moments: before it, with a half or whole temporary file left
  // (of write), after it but before the caller learns of it. The power fails at the `moment`th from now, 0 the first.
  void fail_power_at(std::uint64_t moment) { moments_left_ = moment; }
  // So far, since the start. For trying one after another.
  std::uint64_t moments_passed() const { return moments_passed_; }
  // The machine comes up again; it finds what was on the disk. Other faults stay as set.
  void restart();

  // Writes that would take more bytes than these in all fail with `unavailable` and leave nothing.
  void set_space_left(std::uint64_t bytes) { space_left_ = bytes; }

  // As if another program had the file open: it can be read, not written, renamed or removed.
  void lock_by_other(const std::string& path) { locked_.insert(normal(path)); }
  void unlock_by_other(const std::string& path) { locked_.erase(normal(path)); }

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
  class Lock;

  bool power_fails();  // At this moment.
  void pass_moment();
  void pass_moment_with_left_over(const std::string& path, std::string_view bytes);
  Result<> check_writable(const std::string& path) const;
  Result<> check_power() const;

  FileSystem& inner_;
  std::uint64_t moments_left_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t moments_passed_ = 0;
  std::uint64_t space_left_ = std::numeric_limits<std::uint64_t>::max();
  bool power_ = true;
  std::set<std::string> locked_;
};

}  // namespace aecos::os
