#include <charconv>

#include "git/program.h"

namespace aecos::git {
namespace {

constexpr std::string_view first_line = "version https://git-lfs.github.com/spec/v1\n";

// The value of the line that starts with `key` and a blank.
std::optional<std::string_view> value_of(std::string_view bytes, std::string_view key) {
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(bytes.size(), end + 1));
    if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ' ')
      return line.substr(key.size() + 1);
  }
  return std::nullopt;
}

Error lfs_error(const std::string& path, const os::Finished& finished) {
  if (finished.error.find("'lfs' is not a git command") != std::string::npos)
    return {ErrorCode::unavailable, path + ": is kept in Git LFS, and git-lfs is not installed"};
  std::string words = finished.error.substr(0, finished.error.find('\n'));
  return {ErrorCode::unavailable, path + ": Git LFS cannot provide its content" + (words.empty() ? "" : ": " + words)};
}

}  // namespace

std::optional<LfsPointer> parse_lfs_pointer(std::string_view bytes) {
  if (bytes.size() > 1024 || !bytes.starts_with(first_line)) return std::nullopt;
  const auto oid = value_of(bytes, "oid");
  const auto size = value_of(bytes, "size");
  if (!oid || !size || !oid->starts_with("sha256:") || oid->size() != 7 + 64) return std::nullopt;
  LfsPointer pointer;
  pointer.oid = oid->substr(7);
  if (pointer.oid.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
  const auto [end, failed] = std::from_chars(size->data(), size->data() + size->size(), pointer.size);
  if (failed != std::errc() || end != size->data() + size->size()) return std::nullopt;
  return pointer;
}

Result<std::string> Program::read_lfs(std::string_view pointer, const std::string& path) {
  const auto wanted = parse_lfs_pointer(pointer);
  if (!wanted) return Error{ErrorCode::invalid_input, path + ": not a Git LFS pointer"};
  AECOS_TRY_ASSIGN(os::Finished finished, try_run({"lfs", "smudge", "--", path}, std::string(pointer)));
  // Told to skip downloads, it gives the pointer back.
  if (!finished.ok() || finished.output.size() != wanted->size) return lfs_error(path, finished);
  return std::move(finished.output);
}

Result<std::string> Program::write_lfs(std::string_view content, const std::string& path) {
  AECOS_TRY_ASSIGN(os::Finished finished, try_run({"lfs", "clean", "--", path}, std::string(content)));
  const auto pointer = parse_lfs_pointer(finished.output);
  if (!finished.ok() || !pointer || pointer->size != content.size()) return lfs_error(path, finished);
  return std::move(finished.output);
}

}  // namespace aecos::git
