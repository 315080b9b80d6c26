#include "os/file_system.h"

#include "os/file_system_internal.h"
#include "os/path.h"

namespace aecos::os {

bool exists(FileSystem& files, const std::string& path) { return static_cast<bool>(files.status(path)); }

Result<> FileSystem::write_pieces(const std::string& path, const std::function<Result<std::string>()>& next) {
  std::string bytes;
  while (true) {
    AECOS_TRY_ASSIGN(const std::string piece, next());
    if (piece.empty()) return write(path, bytes);
    bytes += piece;
  }
}

Result<> FileSystem::create_all_directories(std::span<const std::string> paths) {
  for (const std::string& path : paths) AECOS_TRY(create_directories(path));
  return {};
}

Result<Seen> look(FileSystem& files, const std::string& path) {
  auto status = files.status(path);
  if (status) return Seen(*status);
  if (status.error().code == ErrorCode::not_found) return Seen();
  return status.error();
}

Result<> remove_all(FileSystem& files, const std::string& path) {
  // Depth first, with a stack of its own: folders may be nested deeper than ours.
  std::vector<std::pair<std::string, bool>> pending = {{path, false}};
  while (!pending.empty()) {
    auto [next, emptied] = pending.back();
    auto status = files.status(next);
    if (!status && status.error().code != ErrorCode::not_found) return status.error();
    if (status && status->type == FileType::directory && !emptied) {
      pending.back().second = true;
      AECOS_TRY_ASSIGN(auto entries, files.list(next));
      for (const auto& entry : entries) pending.emplace_back(join(next, entry.name), false);
      continue;
    }
    if (status) AECOS_TRY(files.remove(next));
    pending.pop_back();
  }
  return {};
}

bool is_temporary_name(std::string_view name) { return name.starts_with(temporary_prefix); }

Result<> check_unchanged(const WriteOptions& options, const Seen& now, const std::string& path) {
  if (!options.only_over || *options.only_over == now) return {};
  return Error{ErrorCode::changed_meanwhile, path + ": changed meanwhile"};
}

Result<> check_path(const std::string& path) {
  if (path.find('\0') != std::string::npos) return Error{ErrorCode::invalid_input, "a path with a NUL character"};
  return {};
}

}  // namespace aecos::os
