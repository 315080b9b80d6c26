#pragma once
// Objects, refs, history and configuration of one git repository, read and written in-process. What needs the `git`
// program (transport, filters, index, LFS) is in git/program.h.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/object_id.h"
#include "base/result.h"
#include "base/tree_entry.h"
#include "os/file_system.h"

namespace aecos::git {

struct Signature {
  std::string name;
  std::string email;
  std::int64_t time_s = 0;  // Since 1970, UTC.
  int offset_minutes = 0;   // Of the author's clock from UTC.
  bool operator==(const Signature&) const = default;
};

struct Commit {
  CommitId id;
  TreeId tree;
  std::vector<CommitId> parents;
  Signature author;
  Signature committer;
  std::string message;
};

struct NewCommit {
  TreeId tree;
  std::vector<CommitId> parents;
  Signature author;
  Signature committer;
  std::string message;
};

struct Ref {
  std::string name;  // Full: "refs/heads/develop".
  CommitId target;   // Tags are peeled to their commit.
};

struct AheadBehind {
  std::size_t ahead = 0;
  std::size_t behind = 0;
};

// What plain git is in the middle of.
enum class Activity { none, merge, rebase, cherry_pick, revert, bisect, apply_mailbox };

struct HistoryQuery {
  std::vector<CommitId> from;
  std::vector<CommitId> hide = {};  // These and their ancestors are left out.
  std::string path = {};  // Not empty: only commits that changed this file or folder from what each parent has.
  bool first_parent = false;
};

// Not safe for use by two threads at once; open one per thread. Every write is synced to disk before it returns.
struct BetweenLimits;
struct UnpackedObject;

class Repository final {
 public:
  // The repository whose work tree or git folder is, or encloses, `folder`. not_found: there is none; invalid_input:
  // it is of a format that cannot be used here (SHA-256, reftable, an unknown extension); denied: it belongs to
  // somebody else (safe.directory).
  static Result<Repository> open(const std::string& folder);

  // One that lies in other files than the machine's disk, as simulations have it: objects one a file and not
  // compressed, refs one a file and without a log, settings as given. `files` must live longer. not_found: there is no
  // HEAD.
  struct Elsewhere {
    std::string git_folder;
    std::string work_tree = {};  // Empty: a bare repository.
    std::map<std::string, std::string> settings = {};
  };
  static Result<Repository> open_in(os::FileSystem& files, Elsewhere where);

  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  [[nodiscard]] std::string work_tree() const;      // Empty: a bare repository.
  [[nodiscard]] std::string git_folder() const;     // Of this work tree: HEAD, index.
  [[nodiscard]] std::string common_folder() const;  // Shared by all work trees: objects, refs, config.
  [[nodiscard]] Activity activity() const;
  // Neither a shallow nor a partial clone: whatever is here leads to nothing that is not.
  [[nodiscard]] bool has_everything() const;

  // --- objects; not_found: there is no such object (in a partial clone: not here)
  [[nodiscard]] Result<std::string> read_blob(BlobId id) const;
  [[nodiscard]] Result<std::uint64_t> blob_size(BlobId id) const;
  [[nodiscard]] Result<std::vector<TreeEntry>> read_tree(TreeId id) const;
  [[nodiscard]] Result<Commit> read_commit(CommitId id) const;
  // What lies at `path` ("" is the root); absent: nothing.
  [[nodiscard]] Result<std::optional<TreeEntry>> find_entry(TreeId tree, std::string_view path) const;
  // Objects that lie in another folder are found too, as long as this object lives.
  Result<> add_objects(const std::string& objects_folder);
  Result<> add_objects(std::shared_ptr<const std::vector<UnpackedObject>> objects);  // Likewise, from memory.
  [[nodiscard]] bool has_object(CommitId id) const;                                  // Of any kind.
  Result<BlobId> write_blob(std::string_view bytes);
  // `tree` (zero: the empty tree) with edits applied, in any order, at most one per path. Folders come and go as
  // needed. Cost: the folders touched.
  Result<TreeId> write_tree(TreeId tree, const std::vector<TreeEdit>& edits);
  Result<CommitId> write_commit(const NewCommit& commit);

  // --- revisions as git spells them: "HEAD~2", "develop", "v1:models/a.ifc", an id's first digits
  [[nodiscard]] Result<CommitId> resolve_commit(const std::string& revision) const;
  [[nodiscard]] Result<TreeId> resolve_tree(const std::string& revision) const;
  [[nodiscard]] Result<BlobId> resolve_blob(const std::string& revision) const;

  // --- refs, by full name
  [[nodiscard]] Result<std::optional<CommitId>> read_ref(const std::string& name) const;
  [[nodiscard]] Result<std::vector<Ref>> list_refs(const std::string& prefix) const;
  // Every ref with the id it has itself: an annotated tag's is the tag's own. By name.
  [[nodiscard]] Result<std::vector<Ref>> list_raw_refs() const;
  // Moves the ref only if it still is at `expected` (absent: does not exist); changed_meanwhile otherwise. Writes the
  // reflog.
  Result<> update_ref(const std::string& name, std::optional<CommitId> expected, CommitId desired,
                      const std::string& log_message);
  Result<> delete_ref(const std::string& name, CommitId expected);
  // Whether no attribute or setting has a file at that path in the work tree be other bytes than its blob: no filter,
  // no line endings, no encoding. False also where that is not known.
  [[nodiscard]] bool is_placed_as_it_is(const std::string& path) const;

  // The branch HEAD is on, born or not ("refs/heads/develop"); absent: HEAD is detached.
  [[nodiscard]] Result<std::optional<std::string>> head_branch() const;

  // --- history
  [[nodiscard]] Result<std::vector<CommitId>> merge_bases(CommitId a, CommitId b) const;  // None: unrelated.
  [[nodiscard]] Result<AheadBehind> ahead_behind(CommitId local, CommitId upstream) const;
  [[nodiscard]] Result<bool> is_ancestor(CommitId ancestor, CommitId descendant) const;
  // Newest first, children before parents, until `visit` returns false.
  Result<> walk(const HistoryQuery& query, const std::function<bool(const Commit&)>& visit) const;

  // What `to` has and `from` does not, newest first, until `visit` returns false. `bases`: their merge_bases(). A
  // straight line is followed as far as that and no further, however much `from` has that `to` does not.
  Result<> walk_new(CommitId from, CommitId to, const std::vector<CommitId>& bases,
                    const std::function<bool(const Commit&)>& visit) const;

  // --- configuration; reading sees all levels, writing changes the repository's own file
  [[nodiscard]] Result<std::optional<std::string>> config(const std::string& key) const;
  [[nodiscard]] Result<std::vector<std::string>> config_all(const std::string& key) const;
  Result<> set_config(const std::string& key, const std::string& value);
  Result<> unset_config(const std::string& key);
  // user.name and user.email, as git would take them (environment apart); invalid_input says how to set them.
  [[nodiscard]] Result<Signature> user(std::int64_t time_s, int offset_minutes) const;

 private:
  friend Result<std::optional<std::string>> objects_between(const Repository& repository, CommitId from, CommitId to,
                                                            const BetweenLimits& limits);
  friend std::optional<std::vector<UnpackedObject>> unpack_small_pack(const Repository& repository,
                                                                      std::string_view pack);
  friend Result<CommitId> take_objects(Repository& repository, os::FileSystem& files, std::string_view bytes);
  struct Handle;
  explicit Repository(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

// How a repository is opened where it may lie elsewhere.
using OpenRepository = std::function<Result<Repository>(const std::string& folder)>;

// The id the bytes would have as a blob.
BlobId hash_blob(std::string_view bytes);

}  // namespace aecos::git
