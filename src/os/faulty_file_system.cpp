#include "os/faulty_file_system.h"

#include <algorithm>

#include "os/file_system_internal.h"
#include "os/path.h"

namespace aecos::os {
namespace {

const Error no_power{ErrorCode::unavailable, "the power has failed"};

}  // namespace

// Nobody releases it once the power has failed.
class FaultyFileSystem::Lock final : public FileLock {
 public:
  Lock(const FaultyFileSystem& files, std::unique_ptr<FileLock> inner) : files_(files), inner_(std::move(inner)) {}
  ~Lock() override {
    if (!files_.power_) inner_->leave();
  }

  bool was_left() const override { return inner_->was_left(); }
  void leave() override { inner_->leave(); }

 private:
  const FaultyFileSystem& files_;
  std::unique_ptr<FileLock> inner_;
};

void FaultyFileSystem::restart() {
  power_ = true;
  moments_left_ = std::numeric_limits<std::uint64_t>::max();
}

bool FaultyFileSystem::power_fails() {
  ++moments_passed_;
  if (moments_left_-- > 0) return false;
  power_ = false;
  return true;
}

void FaultyFileSystem::pass_moment() {
  if (power_fails()) throw PowerLoss{};
}

void FaultyFileSystem::pass_moment_with_left_over(const std::string& path, std::string_view bytes) {
  if (!power_fails()) return;
  auto name = std::string(temporary_prefix) + "power-loss-" + std::to_string(moments_passed_);
  (void)inner_.write(join(parent_of(path), name), bytes);  // If that is not possible, nothing is left over.
  throw PowerLoss{};
}

Result<> FaultyFileSystem::check_power() const { return power_ ? Result<>() : no_power; }

Result<> FaultyFileSystem::check_writable(const std::string& path) const {
  AECOS_TRY(check_power());
  if (locked_.contains(normal(path))) return Error{ErrorCode::denied, path + ": in use by another program"};
  return {};
}

Result<std::string> FaultyFileSystem::read(const std::string& path) {
  AECOS_TRY(check_power());
  return inner_.read(path);
}

Result<MappedFile> FaultyFileSystem::map(const std::string& path) {
  AECOS_TRY(check_power());
  return inner_.map(path);
}

Result<FileStatus> FaultyFileSystem::status(const std::string& path) {
  AECOS_TRY(check_power());
  return inner_.status(path);
}

Result<std::vector<DirectoryEntry>> FaultyFileSystem::list(const std::string& path) {
  AECOS_TRY(check_power());
  return inner_.list(path);
}

Result<std::string> FaultyFileSystem::read_link(const std::string& path) {
  AECOS_TRY(check_power());
  return inner_.read_link(path);
}

Result<std::string> FaultyFileSystem::resolve(const std::string& path) {
  AECOS_TRY(check_power());
  return inner_.resolve(path);
}

Result<> FaultyFileSystem::write(const std::string& path, std::string_view bytes, const WriteOptions& options) {
  AECOS_TRY(check_writable(path));
  if (bytes.size() > space_left_) return Error{ErrorCode::unavailable, path + ": No space left on device"};
  pass_moment();
  pass_moment_with_left_over(path, bytes.substr(0, bytes.size() / 2));
  pass_moment_with_left_over(path, bytes);
  AECOS_TRY(inner_.write(path, bytes, options));
  space_left_ -= bytes.size();
  pass_moment();
  return {};
}

// The power may fail when a part is there; a full disk takes a part too.
Result<> FaultyFileSystem::append(const std::string& path, std::string_view bytes) {
  AECOS_TRY(check_writable(path));
  const bool fits = bytes.size() <= space_left_;
  const std::string_view part = bytes.substr(0, fits ? bytes.size() / 2 : space_left_);
  pass_moment();
  AECOS_TRY(inner_.append(path, part));
  space_left_ -= part.size();
  pass_moment();
  if (!fits) return Error{ErrorCode::unavailable, path + ": No space left on device"};
  AECOS_TRY(inner_.append(path, bytes.substr(part.size())));
  space_left_ -= bytes.size() - part.size();
  pass_moment();
  return {};
}

// The power may fail when some are there and others not.
std::vector<Result<>> FaultyFileSystem::write_all(std::span<const FileToWrite> written) {
  std::vector<Result<>> results;
  for (const auto& file : written) results.push_back(write(file.path, file.bytes, file.options));
  return results;
}

Result<> FaultyFileSystem::symlink(const std::string& target, const std::string& path) {
  AECOS_TRY(check_writable(path));
  pass_moment();
  AECOS_TRY(inner_.symlink(target, path));
  pass_moment();
  return {};
}

Result<> FaultyFileSystem::set_mode(const std::string& path, std::uint32_t mode) {
  AECOS_TRY(check_writable(path));
  pass_moment();
  AECOS_TRY(inner_.set_mode(path, mode));
  pass_moment();
  return {};
}

Result<> FaultyFileSystem::rename(const std::string& from, const std::string& to) {
  AECOS_TRY(check_writable(from));
  AECOS_TRY(check_writable(to));
  pass_moment();
  AECOS_TRY(inner_.rename(from, to));
  pass_moment();
  return {};
}

Result<> FaultyFileSystem::remove(const std::string& path) {
  AECOS_TRY(check_writable(path));
  pass_moment();
  AECOS_TRY(inner_.remove(path));
  pass_moment();
  return {};
}

Result<> FaultyFileSystem::create_directories(const std::string& path) {
  AECOS_TRY(check_power());
  for (std::size_t end = 0; end < path.size();) {
    end = std::min(path.find('/', end + 1), path.size());
    pass_moment();
    AECOS_TRY(inner_.create_directories(path.substr(0, end)));
  }
  pass_moment();
  return {};
}

Result<std::unique_ptr<FileLock>> FaultyFileSystem::try_lock(const std::string& path, const std::string& holder) {
  AECOS_TRY(check_writable(path));
  pass_moment();
  AECOS_TRY_ASSIGN(auto inner, inner_.try_lock(path, holder));
  auto lock = std::make_unique<Lock>(*this, std::move(inner));
  pass_moment();
  return lock;
}

Result<std::optional<std::string>> FaultyFileSystem::lock_holder(const std::string& path) {
  AECOS_TRY(check_power());
  return inner_.lock_holder(path);
}

bool FaultyFileSystem::is_locked_by_other(const std::string& path) {
  return locked_.contains(normal(path)) || inner_.is_locked_by_other(path);
}

}  // namespace aecos::os
