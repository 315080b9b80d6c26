#pragma once
// The content of Git LFS pointers, a file each, by its SHA-256.

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "git/program.h"
#include "os/file_system.h"
#include "os/random.h"

namespace aecos::hub {

class LargeObjects final : public git::LargeContent {
 public:
  LargeObjects(os::FileSystem& files, os::Random& random, std::string folder)
      : files_(files), random_(random), folder_(std::move(folder)) {}

  Result<std::string> read_lfs(std::string_view pointer, const std::string& path) override;
  Result<std::string> write_lfs(std::string_view content, const std::string& path) override;

  [[nodiscard]] std::string path_of(const std::string& oid) const;  // 64 hex digits.
  [[nodiscard]] bool has(const std::string& oid, std::uint64_t size) const;
  // Takes bytes as they come, checks that they are that object, and puts it in its place. invalid_input: they are not.
  using Pull = std::function<Result<std::size_t>(std::span<char>)>;
  Result<> take(const std::string& oid, std::uint64_t size, const Pull& pull);

 private:
  os::FileSystem& files_;
  os::Random& random_;
  std::string folder_;
};

}  // namespace aecos::hub
