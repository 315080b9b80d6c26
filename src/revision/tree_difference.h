#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/tree_entry.h"
#include "git/repository.h"

namespace aecos::revision {

// A file (or link, or submodule) as one version has it.
struct FileVersion {
  FileMode mode = FileMode::file;
  BlobId id;
  bool operator==(const FileVersion&) const = default;
};

struct FileDifference {
  std::string path;
  std::optional<FileVersion> before, after;  // Absent: not there.
  bool operator==(const FileDifference&) const = default;
};

// What turns one tree into the other, by path, sorted; a zero tree is empty. Equal folders are not visited.
Result<std::vector<FileDifference>> difference(const git::Repository& repository, TreeId from, TreeId to);

std::vector<TreeEdit> to_edits(const std::vector<FileDifference>& differences);

}  // namespace aecos::revision
