#pragma once
// A work tree and the remote it syncs with, as a sync needs them: git/program.h has them from the git program, a
// simulation from files in memory and a network of its own.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/object_id.h"
#include "base/result.h"
#include "base/tree_entry.h"

namespace aecos::git {

// A path that is not as in HEAD. staged: the work tree has it as HEAD does, or neither has it; only the index does not.
struct WorkTreeChange {
  enum class Kind : std::uint8_t { modified, added, deleted, unmerged, staged };
  std::string path;  // From the work tree's root, '/'-separated, bytes as git has them.
  Kind kind = Kind::modified;
  bool operator==(const WorkTreeChange&) const = default;
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

// The bytes of a file are taken and given as the repository's attributes have them: filters, LFS, line endings.
class Checkout {
 public:
  virtual ~Checkout() = default;

  // --- work tree and index
  // What differs between HEAD and the work tree, sorted by path: every new file by itself, ignored ones left out,
  // submodules left out unless the commit they stand at changed. Renames are a deletion and an addition.
  virtual Result<std::vector<WorkTreeChange>> changes() = 0;
  // Stores files as blobs, as git would, without touching the index; in the order of the paths. Regular files only.
  virtual Result<std::vector<BlobId>> store(const std::vector<std::string>& paths) = 0;
  // The bytes that belong into the work tree for blobs at paths. In order.
  struct Placement {
    BlobId id;
    std::string path;
  };
  virtual Result<std::vector<std::string>> smudge(const std::vector<Placement>& placements) = 0;
  // Sets entries of the index without touching the work tree. `remove`: takes them out. A path's unmerged stages go.
  virtual Result<> set_index(const std::vector<TreeEdit>& edits) = 0;
  // Which of the paths the rules for ignoring name, those that are in the index all the same included.
  virtual Result<std::vector<std::string>> ignorable(const std::vector<std::string>& paths) = 0;

  // --- transport
  // Errors: unavailable: the remote could not be reached; denied: it does not let us in; not_found: there is no such
  // remote or repository; changed_meanwhile: another git moved the tracking refs. A rejected push is no error. What a
  // fetch brought, the tracking refs tell.
  virtual Result<> fetch(const Transfer& transfer) = 0;
  virtual Result<std::vector<RefUpdate>> push(const Transfer& transfer) = 0;
  // Refs at the remote that match the patterns; empty: all.
  struct RemoteRef {
    std::string name;
    CommitId id;  // As advertised: an annotated tag's is the tag's own.
  };
  virtual Result<std::vector<RemoteRef>> list_remote(const std::string& remote,
                                                     const std::vector<std::string>& patterns) = 0;
};

}  // namespace aecos::git
