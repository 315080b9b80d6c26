#include <git2/sys/commit.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <unordered_map>

#include "git/handle_internal.h"
#include "git/small_pack.h"
#include "git/tree_object_internal.h"

namespace aecos::git {
namespace {

using Database = Owned<git_odb, git_odb_free>;
using Object = Owned<git_odb_object, git_odb_object_free>;

Result<Database> database(git_repository* repository) {
  git_odb* odb = nullptr;
  if (const int code = git_repository_odb(&odb, repository); code < 0) return failure(code, "object database");
  return Database(odb);
}

Result<Object> read_object(git_repository* repository, const git_oid& oid, git_object_t type, const std::string& what) {
  AECOS_TRY_ASSIGN(const Database odb, database(repository));
  git_odb_object* object = nullptr;
  if (const int code = git_odb_read(&object, odb.get(), &oid); code < 0) return failure(code, what);
  Object owned(object);
  if (git_odb_object_type(object) != type)
    return Error{ErrorCode::invalid_input, what + ": is a " + git_object_type2string(git_odb_object_type(object))};
  return owned;
}

std::string_view bytes_of(const Object& object) {
  return {static_cast<const char*>(git_odb_object_data(object.get())), git_odb_object_size(object.get())};
}

Result<git_oid> write_object(git_repository* repository, std::string_view bytes, git_object_t type,
                             const std::string& what) {
  AECOS_TRY_ASSIGN(const Database odb, database(repository));
  git_oid oid;
  for (int attempt = 1;; ++attempt) {
    const int code = git_odb_write(&oid, odb.get(), bytes.data(), bytes.size(), type);
    if (code >= 0) return oid;
    const git_error* const error = git_error_last();
    if (attempt == object_attempts_max || error == nullptr || error->klass != GIT_ERROR_OS) return failure(code, what);
  }
}

Signature from_signature(const git_signature* signature) {
  if (signature == nullptr) return {};
  return {signature->name, signature->email, signature->when.time, signature->when.offset};
}

using OwnedSignature = Owned<git_signature, git_signature_free>;

Result<OwnedSignature> to_signature(const Signature& from) {
  git_signature* signature = nullptr;
  const int code =
      git_signature_new(&signature, from.name.c_str(), from.email.c_str(), from.time_s, from.offset_minutes);
  if (code < 0) return Error{ErrorCode::invalid_input, "'" + from.name + " <" + from.email + ">' cannot sign a commit"};
  return OwnedSignature(signature);
}

// One folder of a tree being changed. Edits are sorted by path; `depth` is where this folder's names start in them.
class TreeUpdate {
 public:
  explicit TreeUpdate(git_repository* repository) : repository_(repository) {}

  // The folder's new id; zero: nothing is left of it.
  Result<TreeId> apply(TreeId folder, std::span<const TreeEdit* const> edits, std::size_t depth) {
    AECOS_TRY_ASSIGN(std::vector<TreeEntry> before, entries(folder));
    Names by_name;
    if (edits.size() > 8)
      for (TreeEntry& entry : before) by_name.emplace(entry.name, &entry);
    std::vector<TreeEntry> added;
    std::vector<const TreeEntry*> gone;
    while (!edits.empty()) {
      const std::string_view name = name_at(*edits[0], depth);
      const auto end =
          std::find_if(edits.begin(), edits.end(), [&](const TreeEdit* edit) { return name_at(*edit, depth) != name; });
      const auto group = edits.first(static_cast<std::size_t>(end - edits.begin()));
      edits = edits.subspan(group.size());
      TreeEntry* old = find(before, by_name, name);
      AECOS_TRY_ASSIGN(TreeEntry entry, edited(old, name, group, depth));
      if (!entry.id) {
        if (old != nullptr) gone.push_back(old);
      } else if (old != nullptr) {
        old->mode = entry.mode;
        old->id = entry.id;
      } else {
        added.push_back(std::move(entry));
      }
    }
    return write(std::move(before), gone, std::move(added));
  }

 private:
  using Names = std::unordered_map<std::string_view, TreeEntry*>;

  Result<std::vector<TreeEntry>> entries(TreeId folder) {
    if (!folder) return std::vector<TreeEntry>();
    AECOS_TRY_ASSIGN(const Object object,
                     read_object(repository_, to_oid(folder), GIT_OBJECT_TREE, "tree " + folder.hex()));
    return parse_tree(bytes_of(object));
  }

  static std::string_view name_at(const TreeEdit& edit, std::size_t depth) {
    const std::string_view rest = std::string_view(edit.path).substr(depth);
    return rest.substr(0, rest.find('/'));
  }

  static TreeEntry* find(std::vector<TreeEntry>& entries, const Names& by_name, std::string_view name) {
    if (!by_name.empty()) {
      const auto found = by_name.find(name);
      return found == by_name.end() ? nullptr : found->second;
    }
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.name == name; });
    return found == entries.end() ? nullptr : &*found;
  }

  // What stands under `name` after its edits; a zero id: nothing.
  Result<TreeEntry> edited(const TreeEntry* old, std::string_view name, std::span<const TreeEdit* const> group,
                           std::size_t depth) {
    const std::size_t end = depth + name.size();
    const TreeEdit* here = group[0]->path.size() == end ? group[0] : nullptr;
    const auto below = here != nullptr ? group.subspan(1) : group;
    const bool puts_below = std::any_of(below.begin(), below.end(), [](const TreeEdit* edit) { return !edit->remove; });
    if (here != nullptr && !here->remove) {
      if (puts_below) return Error{ErrorCode::invalid_input, here->path + ": cannot be both a file and a folder"};
      return TreeEntry{std::string(name), here->mode, here->id};
    }
    const bool was_folder = old != nullptr && old->is_folder() && here == nullptr;
    if (!was_folder && !puts_below) return here != nullptr || old == nullptr ? TreeEntry{} : *old;
    AECOS_TRY_ASSIGN(const TreeId id, apply(was_folder ? old->tree_id() : TreeId{}, below, end + 1));
    return TreeEntry{std::string(name), FileMode::folder, BlobId{id.bytes}};
  }

  Result<TreeId> write(std::vector<TreeEntry> before, const std::vector<const TreeEntry*>& gone,
                       std::vector<TreeEntry> added) {
    if (!gone.empty()) {
      for (const TreeEntry* entry : gone) before[static_cast<std::size_t>(entry - before.data())].id = {};
      std::erase_if(before, [](const TreeEntry& entry) { return !entry.id; });
    }
    std::move(added.begin(), added.end(), std::back_inserter(before));
    if (before.empty()) return TreeId{};
    AECOS_TRY_ASSIGN(const git_oid oid, write_object(repository_, format_tree(before), GIT_OBJECT_TREE, "tree"));
    return from_oid<TreeKind>(oid);
  }

  git_repository* repository_;
};

bool is_folder_before(const TreeEdit* a, const TreeEdit* b) {
  // '/' sorts first, so that all that lies below a path follows it at once.
  return std::lexicographical_compare(
      a->path.begin(), a->path.end(), b->path.begin(), b->path.end(), [](char x, char y) {
        const auto rank = [](char c) { return c == '/' ? 0 : static_cast<unsigned char>(c) + 1; };
        return rank(x) < rank(y);
      });
}

}  // namespace

BlobId hash_blob(std::string_view bytes) {
  git_oid oid;
  if (git_odb_hash(&oid, bytes.data(), bytes.size(), GIT_OBJECT_BLOB) < 0) return {};
  return from_oid<BlobKind>(oid);
}

Result<std::string> Repository::read_blob(BlobId id) const {
  AECOS_TRY_ASSIGN(const Object object,
                   read_object(handle_->repository, to_oid(id), GIT_OBJECT_BLOB, "file " + id.hex()));
  return std::string(bytes_of(object));
}

Result<std::uint64_t> Repository::blob_size(BlobId id) const {
  AECOS_TRY_ASSIGN(const Database odb, database(handle_->repository));
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  const git_oid oid = to_oid(id);
  if (const int code = git_odb_read_header(&size, &type, odb.get(), &oid); code < 0)
    return failure(code, "file " + id.hex());
  return std::uint64_t{size};
}

Result<std::vector<TreeEntry>> Repository::read_tree(TreeId id) const {
  if (!id) return std::vector<TreeEntry>();
  AECOS_TRY_ASSIGN(const Object object,
                   read_object(handle_->repository, to_oid(id), GIT_OBJECT_TREE, "tree " + id.hex()));
  return parse_tree(bytes_of(object));
}

Result<std::optional<TreeEntry>> Repository::find_entry(TreeId tree, std::string_view path) const {
  TreeEntry entry{"", FileMode::folder, BlobId{tree.bytes}};
  while (!path.empty()) {
    if (!entry.is_folder() || !entry.id) return std::optional<TreeEntry>();
    const std::string_view name = path.substr(0, path.find('/'));
    AECOS_TRY_ASSIGN(const Object object,
                     read_object(handle_->repository, to_oid(entry.id), GIT_OBJECT_TREE, "tree " + entry.id.hex()));
    AECOS_TRY_ASSIGN(auto found, find_in_tree(bytes_of(object), name));
    if (!found) return found;
    entry = *std::move(found);
    path.remove_prefix(std::min(path.size(), name.size() + 1));
  }
  return std::optional<TreeEntry>(std::move(entry));
}

Result<Commit> Repository::read_commit(CommitId id) const {
  const git_oid oid = to_oid(id);
  git_commit* raw = nullptr;
  if (const int code = git_commit_lookup(&raw, handle_->repository, &oid); code < 0)
    return failure(code, "commit " + id.hex());
  const Owned<git_commit, git_commit_free> owned(raw);
  Commit commit;
  commit.id = id;
  commit.tree = from_oid<TreeKind>(*git_commit_tree_id(raw));
  for (unsigned int i = 0; i < git_commit_parentcount(raw); ++i)
    commit.parents.push_back(from_oid<CommitKind>(*git_commit_parent_id(raw, i)));
  commit.author = from_signature(git_commit_author(raw));
  commit.committer = from_signature(git_commit_committer(raw));
  const char* message = git_commit_message(raw);
  commit.message = message != nullptr ? message : "";
  return commit;
}

Result<> Repository::add_objects(const std::string& objects_folder) {
  AECOS_TRY_ASSIGN(const Database odb, database(handle_->repository));
  const int code = handle_->elsewhere ? git_odb_add_alternate(odb.get(), objects_in(*handle_->files, objects_folder), 1)
                                      : git_odb_add_disk_alternate(odb.get(), objects_folder.c_str());
  if (code < 0) return failure(code, "objects received");
  return {};
}

bool Repository::has_object(CommitId id) const {
  const auto odb = database(handle_->repository);
  const git_oid oid = to_oid(id);
  return odb && git_odb_exists(odb->get(), &oid) == 1;
}

Result<BlobId> Repository::write_blob(std::string_view bytes) {
  AECOS_TRY_ASSIGN(const git_oid oid, write_object(handle_->repository, bytes, GIT_OBJECT_BLOB, "file"));
  return from_oid<BlobKind>(oid);
}

Result<TreeId> Repository::write_tree(TreeId tree, const std::vector<TreeEdit>& edits) {
  std::vector<const TreeEdit*> sorted;
  for (const TreeEdit& edit : edits) {
    if (!is_valid_path(edit.path) || (!edit.remove && !edit.id))
      return Error{ErrorCode::invalid_input, "'" + edit.path + "' cannot be put into a git tree"};
    sorted.push_back(&edit);
  }
  std::sort(sorted.begin(), sorted.end(), is_folder_before);
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end(),
                                        [](const TreeEdit* a, const TreeEdit* b) { return a->path == b->path; });
  if (twice != sorted.end()) return Error{ErrorCode::invalid_input, (*twice)->path + ": edited twice"};
  if (edits.empty() && tree) return tree;
  AECOS_TRY_ASSIGN(const TreeId updated, TreeUpdate(handle_->repository).apply(tree, sorted, 0));
  if (updated) return updated;
  AECOS_TRY_ASSIGN(const git_oid empty, write_object(handle_->repository, "", GIT_OBJECT_TREE, "tree"));
  return from_oid<TreeKind>(empty);
}

Result<CommitId> Repository::write_commit(const NewCommit& commit) {
  AECOS_TRY_ASSIGN(const OwnedSignature author, to_signature(commit.author));
  AECOS_TRY_ASSIGN(const OwnedSignature committer, to_signature(commit.committer));
  const git_oid tree = to_oid(commit.tree);
  std::vector<git_oid> parents;
  for (const CommitId& parent : commit.parents) parents.push_back(to_oid(parent));
  std::vector<const git_oid*> pointers;
  for (const git_oid& parent : parents) pointers.push_back(&parent);
  git_oid id;
  const int code = git_commit_create_from_ids(&id, handle_->repository, nullptr, author.get(), committer.get(), nullptr,
                                              commit.message.c_str(), &tree, pointers.size(), pointers.data());
  if (code < 0) return failure(code, "commit");
  // libgit2 (1.5) says it is written also where the disk was full.
  const auto made = from_oid<CommitKind>(id);
  if (!has_object(made)) return failure(GIT_ERROR, "commit");
  return made;
}

}  // namespace aecos::git
