#pragma once
// Looks at the refs of the place where the team meets after everything that happens there.

#include <map>
#include <string>
#include <vector>

#include "git/repository.h"
#include "revision/tree_difference.h"
#include "sim/team.h"

namespace aecos::sim {

inline constexpr const char* shared_ref = "refs/heads/develop";

class RefWatch {
 public:
  RefWatch(const Team& team, bool judges_roles) : team_(team), judges_roles_(judges_roles) {}

  // Paths that are locked, and by whom, where that forbids others to change them.
  std::map<std::string, std::string> locked = {};

  // `login`: who asked for what happened; empty: the hub itself did something. Throws a Violation where a ref moved
  // that must not have, or to what must not be.
  void look(const git::Repository& repository, const std::string& login);
  // Where the shared branch has been, the first first.
  [[nodiscard]] const std::vector<CommitId>& way() const { return way_; }
  [[nodiscard]] const std::map<std::string, CommitId>& refs() const { return refs_; }

 private:
  void judge(const git::Repository& repository, const std::string& ref, CommitId from, CommitId to,
             const std::string& login) const;
  void judge_shared(const git::Repository& repository, CommitId from, CommitId to, const std::string& login) const;
  void judge_rights(const std::vector<revision::FileDifference>& files, const std::string& login) const;

  const Team& team_;
  bool judges_roles_;
  std::map<std::string, CommitId> refs_;
  std::vector<CommitId> way_;
};

}  // namespace aecos::sim
