#include "sync/foresee.h"

#include "revision/judged.h"
#include "sync/large_here.h"
#include "sync/secrets.h"

namespace aecos::sync {
namespace {

policy::FileChange saved_change(const FileChanges& file) {
  policy::FileChange change;
  change.path = file.path;
  change.added = file.note == "added";
  change.removed = file.note == "deleted";
  change.changes = file.changes;
  // A file of which nothing is told but that it changed was not looked into: the hub will.
  return change;
}

}  // namespace

Result<policy::Decision> foresee(Workspace& workspace, const std::vector<FileChanges>& saved,
                                 const std::vector<policy::HeldLock>& locks) {
  AECOS_TRY_ASSIGN(const CommitId shared, workspace.tracking());
  AECOS_TRY_ASSIGN(const Workspace::Head head, workspace.head());
  AECOS_TRY_ASSIGN(const TreeId shared_tree, workspace.tree_of(shared));
  LargeHere large(workspace);
  const revision::Library library{workspace.repository, large};
  AECOS_TRY_ASSIGN(const auto roles, revision::roles_of(library, shared_tree));
  AECOS_TRY_ASSIGN(const auto member, workspace.repository.config("aecos.member"));
  const std::string login = member.value_or("");
  policy::Actor actor;
  actor.login = login;
  if (roles) actor = policy::actor_of(*roles, login);
  actor.manages = true;  // Who may manage the project is the hub's to know.
  policy::Update update;
  update.branch = workspace.project.shared_branch;
  update.through = policy::rule_for(roles, update.branch).through;
  if (shared && head.commit) {
    AECOS_TRY_ASSIGN(const std::vector<CommitId> bases, workspace.repository.merge_bases(shared, head.commit));
    AECOS_TRY_ASSIGN(const TreeId base, workspace.tree_of(bases.empty() ? CommitId{} : bases[0]));
    AECOS_TRY_ASSIGN(const TreeId own, workspace.tree_of(head.commit));
    AECOS_TRY_ASSIGN(update.files, revision::judged(library, base, own));
    // What is in Git LFS and not here was not looked into: the hub will.
    for (policy::FileChange& file : update.files) file.readable |= large.missed().contains(file.path);
    AECOS_TRY_ASSIGN(update.roles_after, revision::roles_of(library, own));
  }
  for (const FileChanges& file : saved) {
    if (file.path != policy::roles_path) update.files.push_back(saved_change(file));
  }
  policy::Decision decision = policy::decide(actor, roles, update, locks);
  AECOS_TRY_ASSIGN(const std::vector<SecretAt> secrets, secrets_to_share(workspace, head.commit));
  for (const SecretAt& secret : secrets) {
    decision.allowed = false;
    decision.reasons.push_back({revision::in_words(secret), "", secret.path, "", ""});
  }
  return decision;
}

}  // namespace aecos::sync
