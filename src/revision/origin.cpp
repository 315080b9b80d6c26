#include "revision/origin.h"

#include <algorithm>

#include "diff/diff.h"

namespace aecos::revision {
namespace {

struct Version {
  BlobId id;
  std::string bytes;
};

class Walker {
 public:
  Walker(const Library& library, const std::string& path) : library_(library), path_(path) {}

  Result<std::optional<FileEdit>> edit_of(const git::Commit& commit) {
    AECOS_TRY_ASSIGN(Version after, version(commit.tree));
    if (commit.parents.empty()) return compare(commit, {}, after);
    FileEdit edit{commit, {}};
    for (std::size_t i = 0; i < commit.parents.size(); ++i) {
      AECOS_TRY_ASSIGN(TreeId tree, library_.tree_of(commit.parents[i]));
      AECOS_TRY_ASSIGN(Version before, version(tree));
      if (before.id == after.id) return std::optional<FileEdit>();
      AECOS_TRY_ASSIGN(std::optional<FileEdit> against, compare(commit, before, after));
      if (i == 0) {
        edit = *std::move(against);
      } else {
        keep_common(edit.changes, against->changes);
      }
    }
    if (commit.parents.size() > 1 && edit.changes.empty()) return std::optional<FileEdit>();
    return std::optional<FileEdit>(std::move(edit));
  }

 private:
  Result<Version> version(TreeId tree) {
    AECOS_TRY_ASSIGN(std::optional<TreeEntry> entry, library_.repository.find_entry(tree, path_));
    if (!entry || !entry->is_regular()) return Version{};
    if (entry->id == last_.id) return last_;
    AECOS_TRY_ASSIGN(std::string bytes, library_.repository.read_blob(entry->id));
    last_ = {entry->id, std::move(bytes)};
    return last_;
  }

  Result<std::optional<FileEdit>> compare(const git::Commit& commit, const Version& before, const Version& after) {
    FileEdit edit{commit, {}};
    if (auto changes = diff::diff_file(path_, before.bytes, after.bytes)) edit.changes = *std::move(changes);
    return std::optional<FileEdit>(std::move(edit));
  }

  // What a merge changed against both its parents is its own.
  static void keep_common(std::vector<diff::Change>& changes, const std::vector<diff::Change>& others) {
    std::erase_if(changes, [&](const diff::Change& change) {
      return std::none_of(others.begin(), others.end(), [&](const diff::Change& other) {
        return other.element.global_id == change.element.global_id && other.at == change.at &&
               other.kind == change.kind && other.after == change.after;
      });
    });
  }

  Library library_;
  const std::string& path_;
  Version last_;  // Parents' versions come up again as the next commit's.
};

}  // namespace

Result<> walk_edits(const Library& library, const FileHistory& history,
                    const std::function<bool(const FileEdit&)>& visit) {
  Walker walker(library, history.path);
  Result<> trouble;
  git::HistoryQuery query{{history.from}, history.hide, history.path};
  AECOS_TRY(library.repository.walk(query, [&](const git::Commit& commit) {
    auto edit = walker.edit_of(commit);
    if (!edit) trouble = edit.error();
    return edit && (!*edit || visit(**edit));
  }));
  return trouble;
}

Result<Origin> find_origin(const Library& library, CommitId tip, CommitId base, const std::string& path,
                           const diff::ElementRef& element, const std::string& at) {
  std::optional<Origin> last, exact;
  std::size_t left = 100;
  FileHistory history{tip, {}, path};
  if (base) history.hide.push_back(base);
  AECOS_TRY(walk_edits(library, history, [&](const FileEdit& edit) {
    Origin here{edit.commit.id, edit.commit.author.name};
    if (!last) last = here;
    bool sets_it = std::any_of(edit.changes.begin(), edit.changes.end(), [&](const diff::Change& change) {
      return change.element.global_id == element.global_id && (at.empty() || change.at == at);
    });
    if (sets_it) exact = here;
    return !exact && --left > 0;
  }));
  if (exact) return *exact;
  if (last) return *last;
  AECOS_TRY_ASSIGN(git::Commit commit, library.repository.read_commit(tip));
  return Origin{tip, commit.author.name};
}

}  // namespace aecos::revision
