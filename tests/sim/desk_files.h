#pragma once
// Files as the programs on a machine see them: times are those of the machine's clock, and while a program is at work a
// person may save something.

#include <functional>
#include <map>

#include "sim/machine.h"

namespace aecos::sim {

class DeskFiles final : public os::FileSystem {
 public:
  explicit DeskFiles(Machine& machine) : machine_(machine) {}

  // Called before each file is written; must not write through this object.
  std::function<void(const std::string& path)> meanwhile = {};
  // Faults made on purpose: what is there by now is not looked at; the journal is not written.
  bool overwrites = false, loses_journal = false;

  Result<std::string> read(const std::string& path) override { return files().read(path); }
  Result<os::MappedFile> map(const std::string& path) override { return files().map(path); }
  Result<os::FileStatus> status(const std::string& path) override;
  Result<std::vector<os::DirectoryEntry>> list(const std::string& path) override { return files().list(path); }
  Result<std::string> read_link(const std::string& path) override { return files().read_link(path); }
  Result<std::string> resolve(const std::string& path) override { return files().resolve(path); }
  using FileSystem::write;
  Result<> write(const std::string& path, std::string_view bytes, const os::WriteOptions& options) override;
  Result<> append(const std::string& path, std::string_view bytes) override;
  std::vector<Result<>> write_all(std::span<const os::FileToWrite> written) override;
  Result<> symlink(const std::string& target, const std::string& path) override {
    return files().symlink(target, path);
  }
  Result<> set_mode(const std::string& path, std::uint32_t mode) override { return files().set_mode(path, mode); }
  Result<> rename(const std::string& from, const std::string& to) override { return files().rename(from, to); }
  Result<> remove(const std::string& path) override { return files().remove(path); }
  Result<> create_directories(const std::string& path) override { return files().create_directories(path); }
  Result<std::unique_ptr<os::FileLock>> try_lock(const std::string& path, const std::string& holder) override {
    return files().try_lock(path, holder);
  }
  Result<std::optional<std::string>> lock_holder(const std::string& path) override { return files().lock_holder(path); }
  bool is_locked_by_other(const std::string& path) override { return files().is_locked_by_other(path); }

 private:
  os::FileSystem& files() { return machine_.files; }

  Machine& machine_;
  std::map<std::int64_t, std::int64_t> times_ns_;  // When a state of a file was first seen.
};

}  // namespace aecos::sim
