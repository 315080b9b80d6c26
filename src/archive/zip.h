#pragma once
// ZIP archives, read and written in memory. What an archive says of itself is never believed.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::archive {

// By its first bytes; says nothing about what is in it.
bool is_zip(std::string_view bytes);

struct Entry {
  std::string name;  // As it stands in the archive, in UTF-8; "folder/" is a folder.
  std::uint64_t index = 0;
  bool symbolic_link = false;
  bool is_folder() const { return name.ends_with('/') || name.ends_with('\\'); }
};

class ZipReader final {
 public:
  // `bytes` must live longer. invalid_input: no archive, or one with more than `entries_max` entries.
  static Result<ZipReader> open(std::string_view bytes, std::uint64_t entries_max);
  ZipReader(ZipReader&&) noexcept;
  ~ZipReader();

  const std::vector<Entry>& entries() const { return entries_; }
  // invalid_input: damaged, encrypted, or larger than `size_max`; memory is never more than that.
  Result<std::string> read(const Entry& entry, std::uint64_t size_max) const;

 private:
  struct Handle;
  ZipReader();
  std::unique_ptr<Handle> handle_;
  std::vector<Entry> entries_;
  std::uint64_t archive_size_ = 0;
};

struct File {
  std::string name;
  std::string_view bytes;
};

// In the order given. The same bytes for the same files: no clock decides them.
Result<std::string> write_zip(const std::vector<File>& files);

}  // namespace aecos::archive
