#include "git/staged_files.h"

#include <algorithm>
#include <tuple>

#include "git/index_file_internal.h"

namespace aecos::git {

struct StagedFiles::Loaded {
  os::FileStatus status;
  os::MappedFile bytes;
  IndexFile index;
};

StagedFiles::StagedFiles(os::FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}
StagedFiles::~StagedFiles() = default;

std::optional<BlobId> StagedFiles::find(std::string_view path) {
  const auto status = files_.status(path_);
  if (!status) return std::nullopt;
  if (!loaded_ || loaded_->status != *status) {
    loaded_ = std::make_unique<Loaded>();
    loaded_->status = *status;
    const auto bytes = files_.map(path_);
    if (!bytes) return std::nullopt;
    loaded_->bytes = *bytes;
    auto index = parse_index(bytes->bytes());
    if (index) loaded_->index = *std::move(index);
  }
  constexpr std::uint8_t ours = 2;
  const auto& records = loaded_->index.records;
  for (auto record = std::lower_bound(records.begin(), records.end(), path,
                                      [](const IndexRecord&r, std::string_view wanted) { return r.path < wanted; });
       record != records.end() && record->path == path; ++record) {
    const FileMode mode{record->mode};
    const bool is_regular = mode == FileMode::file || mode == FileMode::executable;
    if ((record->stage == 0 || record->stage == ours) && is_regular && !record->intent_to_add) return record->id;
  }
  return std::nullopt;
}

}  // namespace aecos::git
