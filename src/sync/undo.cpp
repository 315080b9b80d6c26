#include "sync/undo.h"

#include "sync/git_versions.h"
#include "sync/revisions.h"

namespace aecos::sync {

Result<Undone> undo(Workspace& workspace) {
  AECOS_TRY_ASSIGN(std::unique_ptr<os::FileLock> held, lock(workspace));
  if (workspace.repository.activity() != git::Activity::none) {
    return Error{ErrorCode::invalid_input, "git is in the middle of a merge or the like here; finish it first"};
  }
  AECOS_TRY_ASSIGN(Journal journal, recover(workspace));
  AECOS_TRY_ASSIGN(Committed committed, commit_saved(workspace, journal));
  AECOS_TRY_ASSIGN(const Workspace::Head head, workspace.head());
  if (!journal.last || !journal.last->from || journal.last->branch != head.branch) {
    return Error{ErrorCode::not_found, "no integration is known that could be taken back in this work tree"};
  }
  const Placing last = *journal.last;
  AECOS_TRY_ASSIGN(bool in_history, workspace.repository.is_ancestor(last.to, head.commit));
  if (!in_history) return Error{ErrorCode::not_found, "the last integration is not part of this branch"};
  AECOS_TRY_ASSIGN(git::Commit integration, workspace.repository.read_commit(last.to));
  AECOS_TRY_ASSIGN(const revision::Maker maker, workspace.maker());
  std::string message = revision::plain_message("Take back: " + revision::subject_of(integration.message), {},
                                                {"Aecos-Undone: " + last.to.hex()}, maker.signature);
  AECOS_TRY_ASSIGN(Integration taken, apply(workspace.library(), head.commit, last.to, last.from, message, maker));
  Undone undone{taken.commit, last.to, std::move(committed.commits), {}, std::move(taken.opened), {}};
  if (!undone.commit) return undone;
  AECOS_TRY_ASSIGN(std::vector<FileDifference> files, GitVersions(workspace).difference(head.commit, undone.commit));
  undone.changes = changes_of(workspace.library(), files, {64U << 20U, 100});
  journal.last = Placing{head.branch, head.commit, undone.commit};
  AECOS_TRY_ASSIGN(Placed placed, move_to(workspace, journal, head, undone.commit, "aecos undo"));
  undone.waiting = std::move(placed.waiting);
  return undone;
}

}  // namespace aecos::sync
