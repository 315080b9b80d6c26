#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <thread>

#include "os/bulk_status.h"

namespace aecos::os {
namespace {

FileType type_of(std::uint32_t mode) {
  if (S_ISREG(mode)) return FileType::file;
  if (S_ISDIR(mode)) return FileType::directory;
  return S_ISLNK(mode) ? FileType::symlink : FileType::other;
}

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

BulkStatus status_at(int folder, std::string_view path) {
  BulkStatus status;
  std::array<char, PATH_MAX> terminated;
  if (path.size() >= terminated.size()) return status;
  std::memcpy(terminated.data(), path.data(), path.size());
  terminated[path.size()] = '\0';
  struct stat raw {};
  if (fstatat(folder, path.empty() ? "." : terminated.data(), &raw, AT_SYMLINK_NOFOLLOW) != 0) {
    status.found = errno != ENOENT && errno != ENOTDIR;
    return status;
  }
  status.found = true;
  status.type = type_of(raw.st_mode);
  status.size = static_cast<std::uint64_t>(raw.st_size);
  status.mtime_ns = nanoseconds(raw.st_mtim);
  status.ctime_ns = nanoseconds(raw.st_ctim);
  status.inode = raw.st_ino;
  status.mode = raw.st_mode & 07777U;
  status.device = raw.st_dev;
  status.user = raw.st_uid;
  status.group = raw.st_gid;
  return status;
}

}  // namespace

void look_at_all(const std::string& folder, std::span<const std::string_view> paths,
                 const std::function<void(std::size_t, const BulkStatus&)>& seen) {
  constexpr std::size_t worth_a_thread = 2000;
  const int directory = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const auto look = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) seen(i, directory < 0 ? BulkStatus() : status_at(directory, paths[i]));
  };
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t parts = std::clamp(paths.size() / worth_a_thread, std::size_t{1}, cores);
  {
    std::vector<std::jthread> threads;
    for (std::size_t part = 1; part < parts; ++part)
      threads.emplace_back(look, paths.size() * part / parts, paths.size() * (part + 1) / parts);
    look(0, paths.size() / parts);
  }
  if (directory >= 0) close(directory);
}

std::vector<BulkStatus> status_of_all(const std::string& folder, std::span<const std::string_view> paths) {
  std::vector<BulkStatus> all(paths.size());
  look_at_all(folder, paths, [&](std::size_t position, const BulkStatus& status) { all[position] = status; });
  return all;
}

}  // namespace aecos::os
