#include <algorithm>
#include <cstring>

#include "git/tree_object_internal.h"

namespace aecos::git {
namespace {

constexpr std::size_t id_size = sizeof(BlobId::bytes);
constexpr std::size_t path_limit = 4096;

FileMode to_mode(std::uint32_t bits) {
  switch (bits & 0170000U) {
    case 0040000:
      return FileMode::folder;
    case 0120000:
      return FileMode::symlink;
    case 0160000:
      return FileMode::submodule;
    default:
      return (bits & 0100U) != 0 ? FileMode::executable : FileMode::file;
  }
}

std::string_view octal(FileMode mode) {
  switch (mode) {
    case FileMode::folder:
      return "40000";
    case FileMode::executable:
      return "100755";
    case FileMode::symlink:
      return "120000";
    case FileMode::submodule:
      return "160000";
    case FileMode::file:
      break;
  }
  return "100644";
}

// Folders sort as if their name ended in a slash.
bool comes_before(const TreeEntry& a, const TreeEntry& b) {
  const std::size_t common = std::min(a.name.size(), b.name.size());
  if (const int order = std::memcmp(a.name.data(), b.name.data(), common); order != 0) return order < 0;
  const auto next = [common](const TreeEntry& entry) -> int {
    if (entry.name.size() > common) return static_cast<unsigned char>(entry.name[common]);
    return entry.is_folder() ? '/' : 0;
  };
  return next(a) < next(b);
}

bool is_dot_git(std::string_view part) {
  return part.size() == 4 && part[0] == '.' && (part[1] | 0x20) == 'g' && (part[2] | 0x20) == 'i' &&
         (part[3] | 0x20) == 't';
}

}  // namespace

namespace {

struct RawEntry {
  std::uint32_t mode = 0;
  std::string_view name;
  const char* id = nullptr;

  [[nodiscard]] TreeEntry entry() const {
    TreeEntry entry{std::string(name), to_mode(mode), {}};
    std::memcpy(entry.id.bytes.data(), id, id_size);
    return entry;
  }
};

// Takes the first entry off `bytes`; false: they are no tree.
bool take_entry(std::string_view& bytes, RawEntry& entry) {
  entry.mode = 0;
  std::size_t at = 0;
  for (; at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '7' && at < 7; ++at)
    entry.mode = entry.mode * 8 + static_cast<std::uint32_t>(bytes[at] - '0');
  if (at == 0 || at >= bytes.size() || bytes[at] != ' ') return false;
  const std::size_t end = bytes.find('\0', ++at);
  if (end == std::string_view::npos || end == at || bytes.size() - end - 1 < id_size) return false;
  entry.name = bytes.substr(at, end - at);
  entry.id = bytes.data() + end + 1;
  bytes.remove_prefix(end + 1 + id_size);
  return true;
}

const Error broken_tree{ErrorCode::invalid_input, "broken tree object"};

}  // namespace

Result<std::vector<TreeEntry>> parse_tree(std::string_view bytes) {
  std::vector<TreeEntry> entries;
  entries.reserve(bytes.size() / 40);
  for (RawEntry entry; !bytes.empty();) {
    if (!take_entry(bytes, entry)) return broken_tree;
    entries.push_back(entry.entry());
  }
  return entries;
}

Result<std::optional<TreeEntry>> find_in_tree(std::string_view bytes, std::string_view name) {
  for (RawEntry entry; !bytes.empty();) {
    if (!take_entry(bytes, entry)) return broken_tree;
    if (entry.name == name) return std::optional<TreeEntry>(entry.entry());
  }
  return std::optional<TreeEntry>();
}

std::string format_tree(std::vector<TreeEntry>& entries) {
  if (!std::is_sorted(entries.begin(), entries.end(), comes_before))
    std::sort(entries.begin(), entries.end(), comes_before);
  std::string bytes;
  bytes.reserve(entries.size() * 56);
  for (const TreeEntry& entry : entries) {
    bytes += octal(entry.mode);
    bytes += ' ';
    bytes += entry.name;
    bytes += '\0';
    bytes.append(reinterpret_cast<const char*>(entry.id.bytes.data()), id_size);
  }
  return bytes;
}

bool is_valid_path(std::string_view path) {
  if (path.empty() || path.size() > path_limit || path.find('\0') != std::string_view::npos) return false;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t end = std::min(path.find('/', from), path.size());
    const std::string_view part = path.substr(from, end - from);
    if (part.empty() || part == "." || part == ".." || is_dot_git(part)) return false;
    from = end + 1;
  }
  return true;
}

}  // namespace aecos::git
