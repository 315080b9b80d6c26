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
#include "os/bulk_status.h"
#include "os/process.h"

namespace aecos::git {

// A path that is not as in HEAD.
struct WorkTreeChange {
  enum class Kind : std::uint8_t { modified, added, deleted, unmerged };
  std::string path;  // From the work tree's root, '/'-separated, bytes as git has them.
  Kind kind = Kind::modified;
  bool operator==(const WorkTreeChange&) const = default;
};

struct IndexEntry {
  std::string path;
  FileMode mode = FileMode::file;
  BlobId id;
  int stage = 0;  // 0; in an unmerged path 1: base, 2: ours, 3: theirs.
  bool operator==(const IndexEntry&) const = default;
};

// What a push came to, for one ref.
struct RefUpdate {
  enum class Kind : std::uint8_t { up_to_date, updated, created, deleted, forced, rejected };
  Kind kind = Kind::up_to_date;
  std::string local;   // Full name of the ref, or the id, pushed from; empty: deleted.
  std::string remote;  // Full name of the ref at the remote.
  std::string reason;  // Why it was rejected, in git's words: "fetch first", "non-fast-forward", "hook declined" ...
  // Somebody else was faster: fetch, merge, try again.
  [[nodiscard]] bool is_behind() const;
};

using Progress = std::function<void(std::string_view line)>;

struct Transfer {
  std::string remote = "origin";        // A remote's name or a URL.
  std::vector<std::string> refspecs;    // Empty: as configured.
  std::vector<std::string> lease = {};  // Push only: "refs/heads/x:EXPECTED_ID"; forces exactly these.
  bool atomic = false;                  // Push only: all refs or none.
  bool prune = false;                   // Fetch only.
  std::vector<std::string> push_options = {};
  std::optional<std::int64_t> timeout_ms = std::nullopt;
  Progress progress = {};  // Each line the remote and git have to say; also "Receiving objects:  42%".
  bool may_ask = false;    // A person sits there who can be asked for a password.
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
class Program final : public LargeContent {
 public:
  // `folder`: the work tree's root, or the git folder of a bare repository. `runner` must live longer.
  Program(os::ProcessRunner& runner, std::string folder);

  // Any git command in that folder; a status other than 0 is unavailable with git's last words as the message.
  Result<std::string> run(std::vector<std::string> arguments, std::string input = {});
  // The same, but any status is an answer.
  Result<os::Finished> try_run(std::vector<std::string> arguments, std::string input = {});

  // --- work tree and index
  // What differs between HEAD and the work tree, sorted by path: every new file by itself, ignored ones left out,
  // submodules left out unless the commit they stand at changed. Renames are a deletion and an addition. With the files
  // in the system's memory about two microseconds a file and core.
  Result<std::vector<WorkTreeChange>> changes();
  // Takes these files as they are in the work tree (gone ones: their absence) into the index. Folders are not meant.
  Result<> add(const std::vector<std::string>& paths);
  Result<std::vector<IndexEntry>> index_entries(const std::vector<std::string>& paths);  // Empty list: all.
  // Sets entries of the index without touching the work tree. `remove`: takes them out. A path's unmerged stages go.
  // Files that are in the work tree just so are noted to be so, and need not be looked at again.
  Result<> set_index(const std::vector<TreeEdit>& edits);
  // Notes again that these files are as the index has them, where they are, after they were placed: finding changes,
  // here and for plain git, is fast then.
  Result<> refresh_index(const std::vector<std::string>& paths);
  // The index as a tree. invalid_input: there are unmerged paths.
  Result<TreeId> write_index_tree();
  // Stores files as blobs, as `add` would, without touching the index; in the order of the paths. Regular files only.
  Result<std::vector<BlobId>> store(const std::vector<std::string>& paths);
  // The same ids, without storing anything.
  Result<std::vector<BlobId>> hash(const std::vector<std::string>& paths);
  // Stores bytes as the file at `path` would be stored were they in the work tree.
  Result<BlobId> store_bytes(const std::string& path, std::string bytes);
  // The bytes that belong into the work tree for blobs at paths: smudged, LFS content fetched, line endings. In order.
  struct Placement {
    BlobId id;
    std::string path;
  };
  Result<std::vector<std::string>> smudge(const std::vector<Placement>& placements);
  // Which of the paths (files that exist or not; folders end in a slash) git ignores.
  Result<std::vector<std::string>> ignored(const std::vector<std::string>& paths);

  // Which of these submodules stand at another commit than the index has.
  Result<std::vector<std::string>> moved_submodules(const std::vector<std::string>& paths);

  // --- transport
  // Errors: unavailable: the remote could not be reached; denied: it does not let us in; not_found: there is no such
  // remote or repository; changed_meanwhile: another git moved the tracking refs. A rejected push is no error. What a
  // fetch brought, the tracking refs tell.
  Result<> fetch(const Transfer& transfer);
  Result<std::vector<RefUpdate>> push(const Transfer& transfer);
  // Refs at the remote that match the patterns; empty: all.
  struct RemoteRef {
    std::string name;
    CommitId id;  // As advertised: an annotated tag's is the tag's own.
  };
  Result<std::vector<RemoteRef>> list_remote(const std::string& remote, const std::vector<std::string>& patterns = {});

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
