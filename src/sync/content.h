#pragma once
// Blobs as people mean them: an LFS pointer is the content it stands for.

#include "merge/tree.h"
#include "sync/words.h"
#include "sync/workspace.h"

namespace aecos::sync {

class GitTreeSource final : public merge::TreeSource {
 public:
  explicit GitTreeSource(Workspace& workspace) : workspace_(workspace) {}
  Result<std::vector<TreeEntry>> entries(TreeId id) override;
  Result<std::string> content(BlobId id, std::string_view path) override;
  Result<BlobId> store(std::string_view path, std::string_view bytes, BlobId like) override;

 private:
  Workspace& workspace_;
};

// What may be read to tell changes in building terms; files beyond it are only named.
struct DiffBudget {
  std::uint64_t bytes = 512U << 20U;
  std::size_t files = 500;
};

// In building terms, in the order of the paths. Records of conflicts are left out.
std::vector<FileChanges> changes_of(Workspace& workspace, const std::vector<FileDifference>& differences,
                                    DiffBudget budget = {});

}  // namespace aecos::sync
