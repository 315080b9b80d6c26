#include <algorithm>

#include "git/handle_internal.h"

namespace aecos::git {
namespace {

using Object = Owned<git_object, git_object_free>;
using Reference = Owned<git_reference, git_reference_free>;
using Walk = Owned<git_revwalk, git_revwalk_free>;

Result<git_oid> resolve(git_repository* repository, const std::string& revision, git_object_t type) {
  git_object* raw = nullptr;
  if (const int code = git_revparse_single(&raw, repository, revision.c_str()); code < 0) {
    if (code == GIT_ENOTFOUND) return Error{ErrorCode::not_found, "'" + revision + "': there is no such revision here"};
    return failure(code, "'" + revision + "'");
  }
  const Object object(raw);
  git_object* peeled = nullptr;
  if (const int code = git_object_peel(&peeled, raw, type); code < 0)
    return Error{ErrorCode::invalid_input, "'" + revision + "' is not a " + git_object_type2string(type)};
  return *git_object_id(Object(peeled).get());
}

Result<CommitId> peel(git_reference* reference) {
  git_object* raw = nullptr;
  const int code = git_reference_peel(&raw, reference, GIT_OBJECT_COMMIT);
  if (code < 0) return failure(code, git_reference_name(reference));
  return from_oid<CommitKind>(*git_object_id(Object(raw).get()));
}

struct BaseArray {
  BaseArray() = default;
  ~BaseArray() { git_oidarray_dispose(&ids); }
  BaseArray(const BaseArray&) = delete;
  BaseArray& operator=(const BaseArray&) = delete;
  git_oidarray ids{};
};

}  // namespace

Result<CommitId> Repository::resolve_commit(const std::string& revision) const {
  AECOS_TRY_ASSIGN(const git_oid oid, resolve(handle_->repository, revision, GIT_OBJECT_COMMIT));
  return from_oid<CommitKind>(oid);
}

Result<TreeId> Repository::resolve_tree(const std::string& revision) const {
  AECOS_TRY_ASSIGN(const git_oid oid, resolve(handle_->repository, revision, GIT_OBJECT_TREE));
  return from_oid<TreeKind>(oid);
}

Result<BlobId> Repository::resolve_blob(const std::string& revision) const {
  AECOS_TRY_ASSIGN(const git_oid oid, resolve(handle_->repository, revision, GIT_OBJECT_BLOB));
  return from_oid<BlobKind>(oid);
}

Result<std::optional<CommitId>> Repository::read_ref(const std::string& name) const {
  git_reference* raw = nullptr;
  const int code = git_reference_lookup(&raw, handle_->repository, name.c_str());
  if (code == GIT_ENOTFOUND) return std::optional<CommitId>();
  if (code < 0) return failure(code, name);
  const Reference reference(raw);
  auto target = peel(raw);
  if (target) return std::optional<CommitId>(*target);
  const bool unborn = git_reference_type(raw) == GIT_REFERENCE_SYMBOLIC && target.error().code == ErrorCode::not_found;
  if (unborn) return std::optional<CommitId>();  // HEAD, before the first commit.
  return Error{ErrorCode::unavailable, name + " is at a commit that is not here; git fsck finds what is damaged"};
}

Result<std::vector<Ref>> Repository::list_refs(const std::string& prefix) const {
  git_reference_iterator* raw = nullptr;
  if (const int code = git_reference_iterator_new(&raw, handle_->repository); code < 0) return failure(code, prefix);
  const Owned<git_reference_iterator, git_reference_iterator_free> iterator(raw);
  std::vector<Ref> refs;
  git_reference* next = nullptr;
  while (git_reference_next(&next, raw) == 0) {
    const Reference reference(next);
    const std::string name = git_reference_name(next);
    if (!name.starts_with(prefix)) continue;
    if (auto target = peel(next))
      refs.push_back({name, *target});  // Refs to files and broken ones are nobody's branch.
  }
  std::sort(refs.begin(), refs.end(), [](const Ref& a, const Ref& b) { return a.name < b.name; });
  return refs;
}

Result<std::vector<Ref>> Repository::list_raw_refs() const {
  git_reference_iterator* raw = nullptr;
  if (const int code = git_reference_iterator_new(&raw, handle_->repository); code < 0) return failure(code, "refs");
  const Owned<git_reference_iterator, git_reference_iterator_free> iterator(raw);
  std::vector<Ref> refs;
  git_reference* next = nullptr;
  while (git_reference_next(&next, raw) == 0) {
    const Reference reference(next);
    const git_oid* target = git_reference_target(next);
    if (target != nullptr) refs.push_back({git_reference_name(next), from_oid<CommitKind>(*target)});
  }
  std::sort(refs.begin(), refs.end(), [](const Ref& a, const Ref& b) { return a.name < b.name; });
  return refs;
}

Result<> Repository::update_ref(const std::string& name, std::optional<CommitId> expected, CommitId desired,
                                const std::string& log_message) {
  const git_oid target = to_oid(desired);
  const git_oid old = expected ? to_oid(*expected) : git_oid{};
  git_reference* raw = nullptr;
  const int code = git_reference_create_matching(&raw, handle_->repository, name.c_str(), &target, expected ? 1 : 0,
                                                 expected ? &old : nullptr, log_message.c_str());
  const Reference reference(raw);
  if (code == GIT_ENOTFOUND || code == GIT_EMODIFIED || code == GIT_EEXISTS)
    return Error{ErrorCode::changed_meanwhile, name + ": was moved meanwhile"};
  if (code < 0) return failure(code, name);
  return {};
}

Result<> Repository::delete_ref(const std::string& name, CommitId expected) {
  git_reference* raw = nullptr;
  int code = git_reference_lookup(&raw, handle_->repository, name.c_str());
  if (code < 0) return failure(code, name);
  const Reference reference(raw);
  const git_oid* target = git_reference_target(raw);
  if (target == nullptr || from_oid<CommitKind>(*target) != expected)
    return Error{ErrorCode::changed_meanwhile, name + ": was moved meanwhile"};
  code = git_reference_delete(raw);  // Compares with what was looked up.
  if (code < 0) return failure(code, name);
  return {};
}

Result<std::optional<std::string>> Repository::head_branch() const {
  git_reference* raw = nullptr;
  if (const int code = git_reference_lookup(&raw, handle_->repository, "HEAD"); code < 0) return failure(code, "HEAD");
  const Reference head(raw);
  const char* target = git_reference_symbolic_target(raw);
  if (target == nullptr) return std::optional<std::string>();
  return std::optional<std::string>(target);
}

Result<std::vector<CommitId>> Repository::merge_bases(CommitId a, CommitId b) const {
  const git_oid one = to_oid(a);
  const git_oid two = to_oid(b);
  BaseArray bases;
  const int code = git_merge_bases(&bases.ids, handle_->repository, &one, &two);
  if (code == GIT_ENOTFOUND) return std::vector<CommitId>();
  if (code < 0) return failure(code, "common ancestor of " + a.hex() + " and " + b.hex());
  std::vector<CommitId> ids;
  for (std::size_t i = 0; i < bases.ids.count; ++i) ids.push_back(from_oid<CommitKind>(bases.ids.ids[i]));
  return ids;
}

Result<AheadBehind> Repository::ahead_behind(CommitId local, CommitId upstream) const {
  AheadBehind counts;
  const git_oid one = to_oid(local);
  const git_oid two = to_oid(upstream);
  const int code = git_graph_ahead_behind(&counts.ahead, &counts.behind, handle_->repository, &one, &two);
  if (code < 0) return failure(code, "history of " + local.hex());
  return counts;
}

Result<bool> Repository::is_ancestor(CommitId ancestor, CommitId descendant) const {
  if (ancestor == descendant) return true;
  if (!has_object(descendant)) return Error{ErrorCode::not_found, "there is no commit " + descendant.hex()};
  const git_oid one = to_oid(descendant);
  const git_oid two = to_oid(ancestor);
  const int code = git_graph_descendant_of(handle_->repository, &one, &two);
  if (code < 0) return failure(code, "history of " + descendant.hex());
  return code == 1;
}

namespace {

// Whether the commit has something else at `path` than each of its parents.
Result<bool> touches(const Repository& repository, const Commit& commit, const std::string& path) {
  AECOS_TRY_ASSIGN(const auto here, repository.find_entry(commit.tree, path));
  if (commit.parents.empty()) return here.has_value();
  for (const CommitId& id : commit.parents) {
    auto parent = repository.read_commit(id);
    if (!parent && parent.error().code == ErrorCode::not_found) return here.has_value();  // A shallow clone ends here.
    if (!parent) return std::move(parent).error();
    AECOS_TRY_ASSIGN(const auto there, repository.find_entry(parent->tree, path));
    if (there == here) return false;
  }
  return true;
}

}  // namespace

Result<> Repository::walk(const HistoryQuery& query, const std::function<bool(const Commit&)>& visit) const {
  git_revwalk* raw = nullptr;
  if (const int code = git_revwalk_new(&raw, handle_->repository); code < 0) return failure(code, "history");
  const Walk walk(raw);
  git_revwalk_sorting(raw, GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME);
  if (query.first_parent) git_revwalk_simplify_first_parent(raw);
  for (const CommitId& id : query.from) {
    const git_oid oid = to_oid(id);
    if (const int code = git_revwalk_push(raw, &oid); code < 0) return failure(code, "commit " + id.hex());
  }
  for (const CommitId& id : query.hide) {
    const git_oid oid = to_oid(id);
    if (const int code = git_revwalk_hide(raw, &oid); code < 0) return failure(code, "commit " + id.hex());
  }
  git_oid next;
  int code = 0;
  while ((code = git_revwalk_next(&next, raw)) == 0) {
    AECOS_TRY_ASSIGN(const Commit commit, read_commit(from_oid<CommitKind>(next)));
    if (!query.path.empty()) {
      AECOS_TRY_ASSIGN(const bool shown, touches(*this, commit, query.path));
      if (!shown) continue;
    }
    if (!visit(commit)) return {};
  }
  if (code != GIT_ITEROVER) return failure(code, "history");
  return {};
}

Result<> Repository::walk_new(CommitId from, CommitId to, const std::vector<CommitId>& bases,
                              const std::function<bool(const Commit&)>& visit) const {
  std::vector<Commit> line;
  CommitId next = to;
  while (std::find(bases.begin(), bases.end(), next) == bases.end()) {
    AECOS_TRY_ASSIGN(const Commit& commit, read_commit(next));
    if (commit.parents.size() > 1) {
      HistoryQuery query{{to}, {}, ""};
      if (from) query.hide.push_back(from);
      return walk(query, visit);
    }
    line.push_back(commit);
    if (commit.parents.empty()) break;
    next = commit.parents[0];
  }
  for (const Commit& commit : line)
    if (!visit(commit)) break;
  return {};
}

}  // namespace aecos::git
