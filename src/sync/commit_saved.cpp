#include <algorithm>
#include <iterator>
#include <set>

#include "revision/agreement.h"
#include "sync/git_versions.h"
#include "sync/revisions.h"
#include "sync/sync.h"

namespace aecos::sync {
namespace {

class Committer {
 public:
  Committer(Workspace& workspace, Journal& journal, Workspace::Head head, git::Signature actor)
      : workspace_(workspace), journal_(journal), head_(std::move(head)), actor_(std::move(actor)) {}

  Result<Committed> run(bool with_secrets) {
    Committed committed{head_.commit, {}, {}, {}};
    AECOS_TRY(finish_last(committed));
    AECOS_TRY_ASSIGN(SavedWork work, collect(workspace_, committed.head, journal_, with_secrets));
    committed.held = std::move(work.held);
    for (const SavedEdits& edits : work.edits) AECOS_TRY(commit(edits, committed));
    return committed;
  }

 private:
  Result<> commit(const SavedEdits& edits, Committed& committed) {
    std::vector<FileChanges> changes = changes_of(workspace_.library(), edits.files);
    std::string message = revision::work_message(changes, actor_);
    std::vector<CommitId> parents;
    if (edits.base) parents.push_back(edits.base);
    AECOS_TRY_ASSIGN(CommitId made, workspace_.repository.write_commit({edits.tree, parents, actor_, actor_, message}));
    CommitMade report{made, revision::subject_of(message), {}};
    for (const FileDifference& file : edits.files) report.paths.push_back(file.path);
    const std::size_t at = committed.commits.size();
    if (edits.base == committed.head) {
      AECOS_TRY(move_branch(committed.head, made, report.subject));
      committed.head = made;
      AECOS_TRY(write_through(edits, committed));
    } else {
      AECOS_TRY(merge_in(made, report, committed));
    }
    committed.commits.insert(committed.commits.begin() + static_cast<std::ptrdiff_t>(at), std::move(report));
    return {};
  }

  // A commit of plain git's, or of a sync that was killed right behind it.
  Result<> finish_last(Committed& committed) {
    if (!committed.head) return {};
    AECOS_TRY_ASSIGN(const CommitId shared, workspace_.tracking());
    if (shared == committed.head) return {};
    AECOS_TRY_ASSIGN(const git::Commit last, workspace_.repository.read_commit(committed.head));
    if (last.parents.size() != 1) return {};
    AECOS_TRY_ASSIGN(const bool known, is_known(last.parents[0]));
    if (!known) return {};  // Of a shallow clone.
    AECOS_TRY_ASSIGN(const TreeId before, workspace_.tree_of(last.parents[0]));
    SavedEdits edits{last.parents[0], last.tree, {}};
    AECOS_TRY_ASSIGN(edits.files, difference(workspace_.repository, before, last.tree));
    return write_through(edits, committed);
  }

  Result<bool> is_known(CommitId commit) {
    const auto read = workspace_.repository.read_commit(commit);
    if (!read && read.error().code != ErrorCode::not_found) return read.error();
    return static_cast<bool>(read);
  }

  // What was saved in one of the files of an element goes into the other one: as a commit of its own, so that the files
  // of the work tree are replaced as others' work is.
  Result<> write_through(const SavedEdits& edits, Committed& committed) {
    std::set<std::string> folders;
    for (const FileDifference& file : edits.files)
      if (const std::string folder = revision::element_folder(file.path); !folder.empty()) folders.insert(folder);
    if (folders.empty()) return {};
    AECOS_TRY_ASSIGN(const TreeId before, workspace_.tree_of(edits.base));
    AECOS_TRY_ASSIGN(revision::Maker maker, workspace_.maker());
    AECOS_TRY_ASSIGN(revision::Agreed agreed,
                     revision::agree(workspace_.library(), before, edits.tree, folders, maker));
    if (agreed.edits.empty()) return {};
    AECOS_TRY_ASSIGN(const TreeId tree, workspace_.repository.write_tree(edits.tree, agreed.edits));
    AECOS_TRY_ASSIGN(const auto differences, difference(workspace_.repository, edits.tree, tree));
    const std::string message = revision::work_message(changes_of(workspace_.library(), differences), actor_);
    AECOS_TRY_ASSIGN(const CommitId made,
                     workspace_.repository.write_commit({tree, {committed.head}, actor_, actor_, message}));
    CommitMade report{made, revision::subject_of(message), {}};
    for (const FileDifference& file : differences) report.paths.push_back(file.path);
    AECOS_TRY_ASSIGN(Placed placed,
                     move_to(workspace_, journal_, {head_.branch, committed.head}, made, "aecos: " + report.subject));
    std::move(agreed.opened.begin(), agreed.opened.end(), std::back_inserter(committed.opened));
    committed.head = made;
    committed.commits.push_back(std::move(report));
    return {};
  }

  // The index first: killed in between, plain git sees the saved work as staged, and nobody else's as undone.
  Result<> move_branch(CommitId from, CommitId to, const std::string& subject) {
    GitVersions versions(workspace_);
    AECOS_TRY_ASSIGN(std::vector<FileDifference> files, versions.difference(from, to));
    AECOS_TRY(versions.set_index(to_edits(files)));
    return versions.move_branch({head_.branch, from, to}, "aecos: " + subject);
  }

  // Edits of files that waited are edits of an older version; they meet what came since like anybody's work.
  Result<> merge_in(CommitId made, const CommitMade& report, Committed& committed) {
    AECOS_TRY_ASSIGN(const revision::Maker maker, workspace_.maker());
    AECOS_TRY_ASSIGN(Integration merged,
                     integrate(workspace_.library(), committed.head, made, "Merge edits of files that waited", maker));
    std::move(merged.opened.begin(), merged.opened.end(), std::back_inserter(committed.opened));
    for (const std::string& path : report.paths) journal_.waiting[path] = made;
    AECOS_TRY_ASSIGN(Placed placed, move_to(workspace_, journal_, {head_.branch, committed.head}, merged.commit,
                                            "aecos: " + report.subject));
    committed.head = merged.commit;
    return {};
  }

  Workspace& workspace_;
  Journal& journal_;
  Workspace::Head head_;
  git::Signature actor_;
};

}  // namespace

Result<Committed> commit_saved(Workspace& workspace, Journal& journal, bool with_secrets) {
  AECOS_TRY_ASSIGN(Workspace::Head head, workspace.head());
  AECOS_TRY_ASSIGN(git::Signature actor, workspace.signature());
  return Committer(workspace, journal, std::move(head), std::move(actor)).run(with_secrets);
}

}  // namespace aecos::sync
