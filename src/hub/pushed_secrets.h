#pragma once
// Secrets in what is pushed: refused, or let in by who may, who says why.

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "hub/projects.h"

namespace aecos::hub {

// "aecos.allow-secret=REASON" among the options of a push (git push -o).
inline constexpr std::string_view allow_secret_option = "aecos.allow-secret=";

// Commits that need no second look, with all that led to them: nothing was found in them, or a branch was there. The
// newest ones of each project, so that a push that is late needs no walk through all that came meanwhile.
class JudgedCommits {
 public:
  void add(const std::string& project, const std::vector<CommitId>& commits);
  bool has(const std::string& project, CommitId commit) const;

 private:
  struct Known {
    std::unordered_set<CommitId> commits;
    std::deque<CommitId> order;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Known> projects_;
};

struct Incoming {
  CommitId to;
  std::vector<CommitId> known;  // What all branches are at: these and what led to them were judged before.
  const std::vector<std::string>& options;
  JudgedCommits& judged;
};

// What the commits add that looks like a secret and is let in all the same, and why, as JSON for the event that tells
// of them; empty: nothing. denied: a line for each one, the first of which says what to do.
Result<std::string> judge_secrets(OpenProject& project, const Projects::Entry& entry, const Incoming& incoming);

}  // namespace aecos::hub
