#pragma once
// What only the `git` program can do: transport, filters, the index, the work tree's state, LFS. Everything here takes
// the repository's attributes into account (clean and smudge filters, LFS, line endings), so that a file means the same
// to aecos and to plain git.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/object_id.h"
#include "base/result.h"
#include "base/tree_entry.h"
#include "git/checkout.h"
#include "os/bulk_status.h"
#include "os/process.h"

namespace aecos::git {

struct IndexEntry {
  std::string path;
  FileMode mode = FileMode::file;
  BlobId id;
  int stage = 0;  // 0; in an unmerged path 1: base, 2: ours, 3: theirs.
  bool operator==(const IndexEntry&) const = default;
};

// Where the content is that Git LFS pointers stand for. `path` is where the pointer lies in the project.
class LargeContent {
 public:
  virtual ~LargeContent() = default;
  // The content a pointer stands for, fetched if need be. unavailable: it cannot be had.
  virtual Result<std::string> read_lfs(std::string_view pointer, const std::string& path) = 0;
  // Stores content and gives its pointer.
  virtual Result<std::string> write_lfs(std::string_view content, const std::string& path) = 0;
};

// One `git` in one repository. Not for two threads at once.
class Program final : public Checkout, public LargeContent {
 public:
  // `folder`: the work tree's root, or the git folder of a bare repository. `runner` must live longer.
  Program(os::ProcessRunner& runner, std::string folder);

  // Any git command in that folder; a status other than 0 is unavailable with git's last words as the message.
  Result<std::string> run(std::vector<std::string> arguments, std::string input = {});
  // The same, but any status is an answer.
  Result<os::Finished> try_run(std::vector<std::string> arguments, std::string input = {});

  // --- work tree and index
  // With the files in the system's memory about two microseconds a file and core.
  Result<std::vector<WorkTreeChange>> changes() override;
  // Takes these files as they are in the work tree (gone ones: their absence) into the index. Folders are not meant.
  Result<> add(const std::vector<std::string>& paths);
  Result<std::vector<IndexEntry>> index_entries(const std::vector<std::string>& paths);  // Empty list: all.
  // Files that are in the work tree just so are noted to be so, and need not be looked at again.
  Result<> set_index(const std::vector<TreeEdit>& edits) override;
  // Notes again that these files are as the index has them, where they are, after they were placed: finding changes,
  // here and for plain git, is fast then.
  Result<> refresh_index(const std::vector<std::string>& paths);
  // What the index has otherwise than a commit (zero: than nothing), as git diff-index --raw -z tells it. `index_file`:
  // another one than the repository's, as git hands it to its hooks; empty: the repository's.
  Result<std::string> staged_since(CommitId commit, const std::string& index_file);
  // The index as a tree. invalid_input: there are unmerged paths.
  Result<TreeId> write_index_tree();
  Result<std::vector<BlobId>> store(const std::vector<std::string>& paths) override;
  // The same ids, without storing anything.
  Result<std::vector<BlobId>> hash(const std::vector<std::string>& paths);
  // Stores bytes as the file at `path` would be stored were they in the work tree.
  Result<BlobId> store_bytes(const std::string& path, std::string bytes);
  Result<std::vector<std::string>> smudge(const std::vector<Placement>& placements) override;
  // Which of the paths (files that exist or not; folders end in a slash) git ignores.
  Result<std::vector<std::string>> ignored(const std::vector<std::string>& paths);
  Result<std::vector<std::string>> ignorable(const std::vector<std::string>& paths) override;

  // Which of these submodules stand at another commit than the index has.
  Result<std::vector<std::string>> moved_submodules(const std::vector<std::string>& paths);

  // --- transport
  Result<> fetch(const Transfer& transfer) override;
  Result<std::vector<RefUpdate>> push(const Transfer& transfer) override;
  Result<std::vector<RemoteRef>> list_remote(const std::string& remote,
                                             const std::vector<std::string>& patterns = {}) override;

  // --- LFS
  // By git-lfs; unavailable also where it is not installed.
  Result<std::string> read_lfs(std::string_view pointer, const std::string& path) override;
  Result<std::string> write_lfs(std::string_view content, const std::string& path) override;

 private:
  Result<os::Finished> start(os::Command command);
  // False: more than that has to be done. changed_meanwhile: another git writes the index.
  Result<bool> patch_index_file(const std::vector<TreeEdit>& edits);
  std::vector<os::BulkStatus> placed_files(const std::string& root, const std::vector<TreeEdit>& edits) const;
  [[nodiscard]] bool is_behind_link(const std::string& path) const;
  Result<std::vector<WorkTreeChange>> changes_by_git();
  Result<std::vector<BlobId>> hash_files(std::vector<std::string> arguments, const std::vector<std::string>& paths);
  struct Seen {
    os::BulkStatus status;
    BlobId id;
  };
  os::ProcessRunner& runner_;
  std::string folder_;
  std::map<std::string, Seen> seen_;  // Files whose ids were worked out, as they were then.
};

// The SHA-256 and size that a Git LFS pointer file stands for.
struct LfsPointer {
  std::string oid;  // 64 hex digits.
  std::uint64_t size = 0;
};

// Absent unless `bytes` is a pointer file (version 1, at most 1024 bytes).
std::optional<LfsPointer> parse_lfs_pointer(std::string_view bytes);

// A path as one word of a POSIX shell command, as git's configuration values need it.
std::string shell_quoted(std::string_view word);

// A path as git reads it from a list of lines.
std::string c_quoted(std::string_view path);

}  // namespace aecos::git
