#pragma once
// Looking up single files in the index, many times, without starting git.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/object_id.h"
#include "base/result.h"
#include "os/file_system.h"

namespace aecos::git {

class StagedFiles final {
 public:
  // `path`: the index file. `files` must live longer.
  StagedFiles(os::FileSystem& files, std::string path);
  ~StagedFiles();

  // The regular file that the index has at `path`; of an unmerged path the version of our side. Absent: none, or the
  // index cannot be read. Looks whether the index changed each time; cheap while it has not.
  std::optional<BlobId> find(std::string_view path);

 private:
  struct Loaded;
  os::FileSystem& files_;
  std::string path_;
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace aecos::git
