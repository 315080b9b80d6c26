#include <algorithm>
#include <cstring>

#include "base/fields.h"
#include "base/hash.h"
#include "git/folder_memory_internal.h"

namespace aecos::git {
namespace {

constexpr std::string_view format = "aecos folders 2\n";

}  // namespace

bool is_met_before(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return a.empty() && !b.empty();
  const std::size_t common = std::min(a.size(), b.size());
  if (const int order = std::memcmp(a.data(), b.data(), common); order != 0) return order < 0;
  const auto next = [common](std::string_view path) {
    return path.size() > common ? static_cast<unsigned char>(path[common]) : (path.size() == common ? '/' : 0);
  };
  if (a.size() == b.size()) return false;
  return next(a) < next(b) || (next(a) == next(b) && a.size() < b.size());
}

std::string to_bytes(const FolderMemory& memory) {
  std::string bytes;
  for (const KnownFolder& folder : memory) {
    put_field(bytes, folder.path);
    put_field(bytes, static_cast<std::uint64_t>(folder.ctime_ns));
    put_field(bytes, folder.inode);
    put_field(bytes, folder.tracked);
    put_field(bytes, folder.strangers.size());
    for (const Stranger& stranger : folder.strangers) {
      put_field(bytes, static_cast<std::uint64_t>(stranger.type));
      put_field(bytes, stranger.name);
    }
  }
  std::string file(format);
  put_field(file, hash_bytes(bytes));
  return file += bytes;
}

FolderMemory from_bytes(std::string_view bytes) {
  if (!bytes.starts_with(format)) return {};
  FieldReader reader(bytes.substr(format.size()));
  const std::uint64_t hash = reader.number();
  if (!reader.good() || hash_bytes(reader.rest()) != hash) return {};
  FolderMemory memory;
  while (!reader.at_end()) {
    KnownFolder& folder = memory.emplace_back();
    folder.path = reader.text();
    folder.ctime_ns = static_cast<std::int64_t>(reader.number());
    folder.inode = reader.number();
    folder.tracked = reader.number();
    for (std::uint64_t count = reader.number(); count > 0 && reader.good(); --count) {
      const auto type = static_cast<os::FileType>(reader.number());
      folder.strangers.push_back({std::string(reader.text()), type});
    }
  }
  return reader.good() ? memory : FolderMemory();
}

}  // namespace aecos::git
