// The bytes, compressed by zlib: "aecos-objects 1 ID\n", then for each object "TYPE SIZE\n" and what git has in it.
// Each refers only to objects before it, or to those that the other side has.

#include "git/objects_between.h"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <vector>

#include "git/handle_internal.h"
#include "git/inflate_internal.h"
#include "git/small_pack.h"
#include "git/tree_object_internal.h"
#include "os/path.h"

namespace aecos::git {
namespace {

using Database = Owned<git_odb, git_odb_free>;
using Object = Owned<git_odb_object, git_odb_object_free>;

constexpr std::string_view magic = "aecos-objects 1 ";
constexpr std::size_t unpacked_max = std::size_t{64} << 20U;
constexpr std::size_t depth_max = 200;

class Packer {
 public:
  Packer(const Repository& repository, git_odb* odb, const BetweenLimits& limits)
      : repository_(repository), odb_(odb), limits_(limits) {}

  // False: there is too much.
  Result<bool> add(const Commit& commit) {
    TreeId before;
    if (!commit.parents.empty()) {
      AECOS_TRY_ASSIGN(const Commit parent, repository_.read_commit(commit.parents[0]));
      before = parent.tree;
    }
    AECOS_TRY_ASSIGN(const bool fits, add_tree(commit.tree, before, 0));
    if (!fits) return false;
    return add_object(to_oid(commit.id));
  }

  std::string take() { return std::move(bytes_); }

 private:
  Result<bool> add_tree(TreeId now, TreeId before, std::size_t depth) {
    if (now == before || sent_.contains(now.hex())) return true;
    if (depth > depth_max) return false;
    std::map<std::string, TreeEntry> known;
    if (before) {
      AECOS_TRY_ASSIGN(const std::vector<TreeEntry> entries, repository_.read_tree(before));
      for (const TreeEntry& entry : entries) known.emplace(entry.name, entry);
    }
    AECOS_TRY_ASSIGN(const std::vector<TreeEntry> entries, repository_.read_tree(now));
    for (const TreeEntry& entry : entries) {
      const auto found = known.find(entry.name);
      const TreeEntry* const old = found == known.end() ? nullptr : &found->second;
      if ((old != nullptr && old->id == entry.id) || entry.mode == FileMode::submodule) continue;
      bool fits = false;
      if (entry.is_folder()) {
        const TreeId from = old != nullptr && old->is_folder() ? old->tree_id() : TreeId{};
        AECOS_TRY_ASSIGN(fits, add_tree(entry.tree_id(), from, depth + 1));
      } else {
        AECOS_TRY_ASSIGN(fits, add_object(to_oid(entry.id)));
      }
      if (!fits) return false;
    }
    return add_object(to_oid(now));
  }

  Result<bool> add_object(const git_oid& oid) {
    const std::string name = git_oid_tostr_s(&oid);
    if (!sent_.insert(name).second) return true;
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (const int code = git_odb_read_header(&size, &type, odb_, &oid); code < 0) return failure(code, name);
    if (bytes_.size() + size > limits_.bytes_max) return false;
    git_odb_object* raw = nullptr;
    if (const int code = git_odb_read(&raw, odb_, &oid); code < 0) return failure(code, name);
    const Object object(raw);
    bytes_ += std::string(git_object_type2string(git_odb_object_type(raw))) + " " +
              std::to_string(git_odb_object_size(raw)) + "\n";
    bytes_.append(static_cast<const char*>(git_odb_object_data(raw)), git_odb_object_size(raw));
    return true;
  }

  const Repository& repository_;
  git_odb* odb_;
  const BetweenLimits& limits_;
  std::set<std::string> sent_;
  std::string bytes_;
};

// Parents first.
std::vector<const Commit*> in_order(const std::map<CommitId, Commit>& commits, CommitId to) {
  std::vector<const Commit*> order;
  std::set<CommitId> begun, done;
  std::vector<CommitId> path{to};
  while (!path.empty()) {
    const CommitId id = path.back();
    const auto found = commits.find(id);
    if (found == commits.end() || done.contains(id)) {
      path.pop_back();
    } else if (begun.insert(id).second) {
      path.insert(path.end(), found->second.parents.begin(), found->second.parents.end());
    } else {
      path.pop_back();
      done.insert(id);
      order.push_back(&found->second);
    }
  }
  return order;
}

std::string compressed(const std::string& bytes) {
  uLongf size = ::compressBound(bytes.size());
  std::string packed(size, '\0');
  constexpr int level = 3;
  ::compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
              bytes.size(), level);
  packed.resize(size);
  return packed;
}

Error broken() { return {ErrorCode::invalid_input, "the objects that came are broken"}; }

Result<std::string> unpacked(std::string_view packed) {
  std::string bytes, piece(std::size_t{256} << 10U, '\0');
  Inflating inflating(packed);
  while (const std::size_t got = inflating.some(piece.data(), piece.size())) {
    bytes.append(piece, 0, got);
    if (bytes.size() > unpacked_max) return broken();
  }
  return inflating.is_at_end() ? Result<std::string>(std::move(bytes)) : Result<std::string>(broken());
}

class Taker {
 public:
  explicit Taker(git_odb* odb) : odb_(odb) {}

  Result<> take(git_object_t type, std::string_view bytes) {
    UnpackedObject object;
    if (type == GIT_OBJECT_TREE) {
      object.type = ObjectType::tree;
      AECOS_TRY(check_tree(bytes));
    } else if (type == GIT_OBJECT_COMMIT) {
      object.type = ObjectType::commit;
      AECOS_TRY(check_commit(bytes));
    } else if (type != GIT_OBJECT_BLOB) {
      return broken();
    }
    git_oid oid;
    if (const int code = git_odb_hash(&oid, bytes.data(), bytes.size(), type); code < 0)
      return failure(code, "an object that came");
    object.id = git_oid_tostr_s(&oid);
    if (!coming_.insert(object.id).second) return {};
    object.bytes = bytes;
    taken_.push_back(std::move(object));
    return {};
  }

  // Each behind all that it refers to.
  const std::vector<UnpackedObject>& taken() const { return taken_; }
  bool is_here(const git_oid& oid) const {
    return coming_.contains(git_oid_tostr_s(&oid)) || git_odb_exists(odb_, &oid) == 1;
  }

 private:
  Result<> check_tree(std::string_view bytes) const {
    AECOS_TRY_ASSIGN(const std::vector<TreeEntry> entries, parse_tree(bytes));
    for (const TreeEntry& entry : entries) {
      if (entry.mode != FileMode::submodule && !is_here(to_oid(entry.id))) return broken();
    }
    return {};
  }

  Result<> check_commit(std::string_view bytes) const {
    std::size_t trees = 0;
    while (true) {
      const std::string_view line = bytes.substr(0, bytes.find('\n'));
      const bool tree = line.starts_with("tree ");
      if (!tree && !line.starts_with("parent ")) break;
      trees += tree ? 1 : 0;
      git_oid oid;
      const std::string_view id = line.substr(line.find(' ') + 1);
      if (id.size() != GIT_OID_HEXSZ || git_oid_fromstrn(&oid, id.data(), id.size()) < 0) return broken();
      if (!is_here(oid)) return broken();
      bytes.remove_prefix(std::min(bytes.size(), line.size() + 1));
    }
    return trees == 1 ? Result<>() : Result<>(broken());
  }

  git_odb* odb_;
  std::vector<UnpackedObject> taken_;
  std::set<std::string> coming_;
};

}  // namespace

Result<std::optional<std::string>> objects_between(const Repository& repository, CommitId from, CommitId to,
                                                   const BetweenLimits& limits) {
  if (!repository.has_object(from)) return std::optional<std::string>();
  AECOS_TRY_ASSIGN(const bool forward, repository.is_ancestor(from, to));
  if (!forward) return std::optional<std::string>();
  std::map<CommitId, Commit> commits;
  AECOS_TRY(repository.walk({{to}, {from}, ""}, [&](const Commit& commit) {
    commits.emplace(commit.id, commit);
    return commits.size() <= limits.commits_max;
  }));
  if (commits.size() > limits.commits_max) return std::optional<std::string>();
  git_odb* odb = nullptr;
  if (const int code = git_repository_odb(&odb, repository.handle_->repository); code < 0)
    return failure(code, "object database");
  const Database database(odb);
  Packer packer(repository, odb, limits);
  for (const Commit* commit : in_order(commits, to)) {
    AECOS_TRY_ASSIGN(const bool fits, packer.add(*commit));
    if (!fits) return std::optional<std::string>();
  }
  return std::optional(compressed(std::string(magic) + to.hex() + "\n" + packer.take()));
}

Result<CommitId> take_objects(Repository& repository, os::FileSystem& files, std::string_view packed) {
  AECOS_TRY_ASSIGN(const std::string bytes, unpacked(packed));
  const std::string_view first = std::string_view(bytes).substr(0, bytes.find('\n'));
  if (!first.starts_with(magic)) return broken();
  const auto to = CommitId::from_hex(first.substr(magic.size()));
  if (!to) return broken();
  git_odb* odb = nullptr;
  if (const int code = git_repository_odb(&odb, repository.handle_->repository); code < 0)
    return failure(code, "object database");
  const Database database(odb);
  Taker taker(odb);
  std::string_view rest = std::string_view(bytes).substr(std::min(bytes.size(), first.size() + 1));
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    const std::size_t blank = line.find(' ');
    std::size_t size = 0;
    if (blank == std::string_view::npos || line.size() == rest.size()) return broken();
    const auto read = std::from_chars(line.data() + blank + 1, line.data() + line.size(), size);
    rest.remove_prefix(line.size() + 1);
    if (read.ec != std::errc() || read.ptr != line.data() + line.size() || size > rest.size()) return broken();
    AECOS_TRY(taker.take(git_object_string2type(std::string(line.substr(0, blank)).c_str()), rest.substr(0, size)));
    rest.remove_prefix(size);
  }
  if (!taker.is_here(to_oid(*to))) return broken();
  AECOS_TRY(store_objects(files, os::join(repository.common_folder(), "objects"), taker.taken()));
  return *to;
}

}  // namespace aecos::git
