#pragma once
// Blobs as people mean them: an LFS pointer is the content it stands for.

#include "merge/tree.h"
#include "revision/library.h"
#include "revision/tree_difference.h"
#include "revision/words.h"

namespace aecos::revision {

class GitTreeSource final : public merge::TreeSource {
 public:
  explicit GitTreeSource(const Library& library) : library_(library) {}
  Result<std::vector<TreeEntry>> entries(TreeId id) override;
  Result<std::string> content(BlobId id, std::string_view path) override;
  Result<BlobId> store(std::string_view path, std::string_view bytes, BlobId like) override;

 private:
  Library library_;
};

// What may be read to tell changes in building terms; files beyond it are only named.
struct DiffBudget {
  std::uint64_t bytes = 512U << 20U;
  std::size_t files = 500;
};

// In building terms, in the order of the paths. Records of conflicts are left out.
std::vector<FileChanges> changes_of(const Library& library, const std::vector<FileDifference>& differences,
                                    DiffBudget budget = {});

}  // namespace aecos::revision
