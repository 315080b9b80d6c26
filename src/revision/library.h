#pragma once
// A project's versions: one repository, and where the content is that its Git LFS pointers stand for.

#include "git/program.h"
#include "git/repository.h"

namespace aecos::revision {

// Both must live longer. Not for two threads at once.
struct Library {
  git::Repository& repository;
  git::LargeContent& large;

  [[nodiscard]] Result<TreeId> tree_of(CommitId commit) const {  // Zero commit: zero tree.
    if (!commit) return TreeId{};
    AECOS_TRY_ASSIGN(git::Commit read, repository.read_commit(commit));
    return read.tree;
  }
};

}  // namespace aecos::revision
