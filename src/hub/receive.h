#pragma once
// What a push does: every ref it names is judged while its objects are apart from the repository, and done or refused
// for itself.

#include <functional>
#include <string>
#include <vector>

#include "git/hosting.h"
#include "hub/integrator.h"

namespace aecos::hub {

struct Pushed {
  std::string problem;  // Of the pack; empty: it was taken.
  std::vector<git::RefReport> refs;
  std::vector<std::string> lines;  // For the person who pushes.
};

// `refs/for/BRANCH` is integrated into the branch, and so is a branch that moved meanwhile; user and discipline
// branches and tags move as pushed, if the rules allow it.
class Receiver {
 public:
  Receiver(const Parts& parts, Projects& projects, Integrator& integrator, Events& events)
      : parts_(parts), projects_(projects), integrator_(integrator), events_(events) {}

  Pushed receive(const Caller& caller, const Projects::Entry& entry, const git::ReceiveRequest& request,
                 git::ByteReader& pack, const std::function<bool()>& is_cancelled);

 private:
  struct Job;
  Result<> judge(Job& job, const git::RefCommand& command);
  Result<> judge_branch(Job& job, const git::RefCommand& command, const std::string& branch);
  Result<> carry_out(Job& job, const git::RefCommand& command);
  void tell_refused(const Job& job, const git::RefCommand& command, const std::string& why);

  Parts parts_;
  Projects& projects_;
  Integrator& integrator_;
  Events& events_;
};

}  // namespace aecos::hub
