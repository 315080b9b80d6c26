#pragma once
// The cycle of a work tree: settle, check, commit, exchange, merge, place. Each step is safe to be killed in; the next
// run goes on from what lies in git, in the work tree and in the journal.

#include <functional>
#include <string>
#include <vector>

#include "sync/hub_link.h"
#include "sync/place.h"
#include "sync/revisions.h"
#include "sync/saved_work.h"

namespace aecos::sync {

enum class State { settle, check, commit, exchange, merge, place };
std::string_view to_string(State state);

struct SyncOptions {
  bool offline = false;     // Commit only; nothing is exchanged.
  bool may_ask = false;     // A person sits there who can be asked for a password.
  CommitId announced = {};  // Where the hub says the shared branch is; zero: not known, so it is asked.
  HubLink* hub = nullptr;   // Asked for what is new before git is; null: git alone is.
  // Why what looks like a secret is committed and pushed all the same; empty: it is held back.
  std::string allow_secret = {};
  // Told what is being done; `detail` may be empty.
  std::function<void(State, const std::string& detail)> progress = {};
};

struct CommitMade {
  CommitId id;
  std::string subject;
  std::vector<std::string> paths;
};

struct SyncReport {
  std::string branch;  // The user's, short.
  std::string shared_branch;
  std::vector<CommitMade> commits;    // Of saved work.
  std::vector<FileChanges> received;  // What others did, as it came into the work tree.
  std::vector<Record> opened;         // Conflicts this sync recorded.
  std::vector<std::string> placed;    // Paths written or removed in the work tree.
  std::vector<Waiting> waiting;       // Paths that could not be replaced yet.
  std::vector<Held> held;             // Saved, but not committed.
  bool offline = false;               // Nothing was exchanged: as told, or there is no remote.
  bool pushed = false;                // Work of ours went to the shared branch.
  CommitId shared_before;             // Where it was then, and where it went; a hub tells that itself.
  CommitId shared_after;
  bool shared = false;             // The shared branch has all that was committed here.
  int attempts = 0;                // How often somebody else was faster, and one.
  CommitId head;                   // Where the user's branch is now.
  std::size_t open_conflicts = 0;  // Recorded in the project now.
  std::vector<std::string> warnings;
  // Why nothing could be exchanged although it was meant to be; what was saved is committed all the same.
  std::optional<Error> trouble;
};

// Errors: the work tree cannot be synchronised as it is (nothing was lost). changed_meanwhile: another sync runs here.
Result<SyncReport> sync(Workspace& workspace, const SyncOptions& options);

// Goes on with what an earlier run could not finish. Part of sync(), and of every command that changes the work tree;
// call with the lock held.
Result<Journal> recover(Workspace& workspace);

// Commits what was saved, on the branch that is checked out; part of sync(). Gives where the branch is then. Files with
// a new secret are held back unless they are wanted `with_secrets`.
struct Committed {
  CommitId head;
  std::vector<CommitMade> commits;
  std::vector<Record> opened;
  std::vector<Held> held;
};
Result<Committed> commit_saved(Workspace& workspace, Journal& journal, bool with_secrets = false);

// Moves branch and work tree to `to`. changed_meanwhile: HEAD is not as in `from` any more, since somebody committed or
// went to another branch; nothing was done.
Result<Placed> move_to(Workspace& workspace, Journal& journal, const Workspace::Head& from, CommitId to,
                       const std::string& log_message);

// How many conflicts are recorded in that version.
Result<std::size_t> count_conflicts(Workspace& workspace, CommitId commit);

}  // namespace aecos::sync
