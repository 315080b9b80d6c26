#pragma once
// One work tree of a project, opened for work.

#include <memory>
#include <string>

#include "git/checkout.h"
#include "git/program.h"
#include "git/repository.h"
#include "os/clock.h"
#include "os/file_system.h"
#include "os/process.h"
#include "os/random.h"
#include "revision/integrate.h"
#include "revision/project.h"
#include "sync/place.h"

namespace aecos::sync {

// What the program was given to work with; everything must live longer than the workspace.
struct World {
  os::FileSystem& files;
  os::Clock& clock;
  os::Random& random;
  os::ProcessRunner& processes;
};

class Workspace {
 public:
  // The project whose work tree encloses `folder`. not_found: no repository there, or one without a work tree.
  static Result<Workspace> open(const World& world, const std::string& folder);
  // One that is served by something else than the git program, as simulations have it.
  static Workspace open_with(const World& world, git::Repository repository, std::unique_ptr<git::Checkout> checkout);

  World world;
  git::Repository repository;
  git::Program program;
  std::string root;           // Of the work tree, absolute.
  std::string state;          // Folder for what only this work tree knows: lock, journal.
  revision::Project project;  // As the work tree has it; defaults where it cannot be read.
  std::string project_fault;  // Why it could not be read.
  std::string left_over;      // What lock() found unfinished and took back, in words; empty: nothing.

  std::string full(const std::string& path) const;
  std::string journal_path() const;
  std::string lock_path() const;
  std::string import_notes() const;  // Folder of os::Together for an import.
  std::string shared_ref() const;    // "refs/heads/develop", at the remote.
  std::string tracking_ref() const;  // "refs/remotes/origin/develop".

  // The branch HEAD is on and where it is; invalid_input: HEAD is detached.
  struct Head {
    std::string branch;  // Full name.
    CommitId commit;     // Zero: no commit yet.
    bool operator==(const Head&) const = default;
  };
  Result<Head> head() const;
  Result<TreeId> tree_of(CommitId commit) const;  // Zero commit: zero tree.
  // Zero: not known here.
  Result<CommitId> tracking() const;
  Result<git::Signature> signature() const;
  // For merges into the shared branch, in the user's name, now.
  Result<revision::Maker> maker() const;
  revision::Library library() { return {repository, program}; }
  git::Checkout& checkout() { return checkout_ ? *checkout_ : program; }
  bool has_remote() const;

 private:
  Workspace(const World& given, git::Repository opened);
  void read_project();
  std::unique_ptr<git::Checkout> checkout_;  // Null: the program.
};

// Takes back an import that was broken off. changed_meanwhile: another sync is at work here; the message says which.
Result<std::unique_ptr<os::FileLock>> lock(Workspace& workspace);

}  // namespace aecos::sync
