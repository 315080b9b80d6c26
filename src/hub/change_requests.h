#pragma once
// From a branch to a protected one: looked at, approved, checked, merged.

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "hub/integrator.h"

namespace aecos::hub {

class ChangeRequests {
 public:
  ChangeRequests(const Parts& parts, Projects& projects, Integrator& integrator, Events& events)
      : parts_(parts), projects_(projects), integrator_(integrator), events_(events) {}

  Result<store::ChangeRequest> open(const Projects::Entry& entry, store::ChangeRequest wish);
  Result<store::ChangeRequest> find(const std::string& project, std::uint64_t number);
  // What stands between it and being merged, a line each; empty: nothing.
  struct State {
    CommitId source, target;  // Zero: the branch is gone.
    std::vector<store::Approval> approvals;
    std::vector<store::Check> checks;
    std::vector<std::string> missing;
    std::vector<std::string> foreseen;  // The same of what the hub itself looks at when it is merged.
  };
  Result<State> state(const Projects::Entry& entry, const store::ChangeRequest& request);
  // `verdict`: "approved" or "changes-requested"; of the source as it is now.
  Result<store::Approval> approve(const Projects::Entry& entry, std::uint64_t number, const std::string& verdict,
                                  const std::string& text);
  Result<store::Check> report(const Projects::Entry& entry, store::Check check);
  // denied: something is missing, in words.
  Result<store::ChangeRequest> merge(const Projects::Entry& entry, const Caller& caller, std::uint64_t number);
  Result<store::ChangeRequest> close(const Projects::Entry& entry, std::uint64_t number);

 private:
  Result<State> look(const Projects::Entry& entry, const store::ChangeRequest& request);  // Without `foreseen`.
  Result<> add_own(OpenProject& project, const store::ChangeRequest& request, const policy::BranchRule& rule,
                   State& state);
  bool foreseen(const std::string& key, store::Check& made);
  void keep_foreseen(const std::string& key, const store::Check& made);
  event::Draft told(const std::string& type, const std::string& actor, const store::ChangeRequest& request,
                    const std::string& summary);
  Parts parts_;
  Projects& projects_;
  Integrator& integrator_;
  Events& events_;
  std::mutex mutex_;
  std::map<std::string, store::Check> foreseen_;  // By project, the two commits, and the day.
};

}  // namespace aecos::hub
