#include "sim/desk_files.h"

namespace aecos::sim {

Result<os::FileStatus> DeskFiles::status(const std::string& path) {
  AECOS_TRY_ASSIGN(os::FileStatus status, files().status(path));
  status.mtime_ns = times_ns_.emplace(status.mtime_ns, machine_.clock.now_us() * 1000).first->second;
  return status;
}

Result<> DeskFiles::write(const std::string& path, std::string_view bytes, const os::WriteOptions& options) {
  if (meanwhile) meanwhile(path);
  if (loses_journal && path.ends_with("journal.json")) return {};
  if (options.only_over && !overwrites) {
    AECOS_TRY_ASSIGN(const os::Seen seen, os::look(*this, path));
    if (seen != *options.only_over) return Error{ErrorCode::changed_meanwhile, path + ": changed meanwhile"};
  }
  return files().write(path, bytes, {options.mode, {}});
}

Result<> DeskFiles::append(const std::string& path, std::string_view bytes) {
  if (meanwhile) meanwhile(path);
  return loses_journal && path.ends_with("journal.json") ? Result<>() : files().append(path, bytes);
}

std::vector<Result<>> DeskFiles::write_all(std::span<const os::FileToWrite> written) {
  std::vector<Result<>> results;
  for (const auto& file : written) results.push_back(write(file.path, file.bytes, file.options));
  return results;
}

}  // namespace aecos::sim
