#pragma once
// Three versions of a whole folder tree become one: a walk over the three trees that skips what is equal and merges
// only the files both sides changed.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/object_id.h"
#include "base/result.h"
#include "base/tree_entry.h"
#include "merge/merge.h"

namespace aecos::merge {

// Where trees and files are read from, and merged files put.
class TreeSource {
 public:
  virtual ~TreeSource() = default;
  // In git's order. A zero id is the empty tree.
  virtual Result<std::vector<TreeEntry>> entries(TreeId id) = 0;
  // What is merged for a blob at `path`: its bytes; for an LFS pointer the content it stands for.
  virtual Result<std::string> content(BlobId id, std::string_view path) = 0;
  // Stores a merged file at `path` whose version `like` was stored the way it is to be stored (as an LFS pointer, say).
  virtual Result<BlobId> store(std::string_view path, std::string_view bytes, BlobId like) = 0;
};

struct TreeOptions {
  Options file;                     // For each file; its path is filled in.
  std::size_t rename_limit = 5000;  // Similar files are looked for among at most so many added ones a side.
};

// A conflict and where it is. Conflicts inside a file are as merge_any has them. Those about whole paths have an empty
// `at` and say what stood at the path: {"blob":"<id>"}, {"tree":"<id>"} of a folder, {"link":"<target>"},
// {"commit":"<id>"} of a submodule; of two names for one file (kind path) the names. An element folder that one side
// deletes while the other changes it or newly refers to it is one conflict, of the folder's path; a reference names the
// referring file in `at`.
struct PathConflict {
  std::string path;  // In the merged tree.
  Conflict conflict;
  BlobId base, ours, theirs;  // The whole file in the three versions; zero: it was not there, or is no file.
};

// What became of one path, for messages and for checks.
struct PathChange {
  std::string path;               // In the merged tree.
  Side side = Side::theirs;       // Who changed it; base: both did, and it was merged.
  bool removed = false;           // It is gone.
  std::string from = {};          // Not empty: the path it had in base.
  std::vector<Taken> taken = {};  // Where it was merged: what went in.
};

struct TreeOutcome {
  std::vector<TreeEdit> edits;          // What turns ours into the merged tree; sorted by path.
  std::vector<PathConflict> conflicts;  // Sorted by path, then as in the file.
  std::vector<PathChange> changes;      // What came from theirs, and what was merged; sorted by path.
};

// Merges three trees. Errors: those of the source. A zero base is the empty tree: histories without a common commit.
// Equal subtrees are not visited; the cost is that of what changed.
Result<TreeOutcome> merge_trees(TreeSource& source, TreeId base, TreeId ours, TreeId theirs,
                                const TreeOptions& options);

}  // namespace aecos::merge
