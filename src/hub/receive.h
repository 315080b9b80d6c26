#pragma once
// What a push does: every ref it names is judged while its objects are apart from the repository, and done or refused
// for itself.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "git/hosting.h"
#include "hub/integrator.h"
#include "hub/pushed_secrets.h"

namespace aecos::hub {

struct Pushed {
  std::string problem;  // Of the pack; empty: it was taken.
  std::vector<git::RefReport> refs;
  std::vector<std::string> lines;  // For the person who pushes.
};

// `refs/for/BRANCH` is integrated into the branch, and so is a branch that moved meanwhile; user and discipline
// branches move as pushed, if the rules allow it, and tags name what is part of a branch. Whoever may not do what they
// ask for when all of it has come is refused, whatever they might when it began.
class Receiver {
 public:
  Receiver(const Parts& parts, Projects& projects, Integrator& integrator, Events& events)
      : parts_(parts), projects_(projects), integrator_(integrator), events_(events) {}

  Pushed receive(const Caller& caller, const Projects::Entry& entry, const git::ReceiveRequest& request,
                 git::ByteReader& pack, const std::function<bool()>& is_cancelled);

 private:
  struct Job;
  enum class Way : std::uint8_t { move, merge };
  Result<std::unique_ptr<git::Quarantine>> take_in(Job& job, git::ByteReader& pack,
                                                   const std::function<bool()>& is_cancelled);
  Result<> let_in(Job& job);
  Result<Way> judge(Job& job, const git::RefCommand& command);
  Result<Way> judge_ref(Job& job, const git::RefCommand& command);
  Result<> judge_secrets(Job& job, const git::RefCommand& command);
  Result<> judge_name(const Job& job, const git::RefCommand& command);
  Result<Way> judge_integration(Job& job, const git::RefCommand& command);
  Result<Way> judge_branch(Job& job, const git::RefCommand& command, const std::string& branch);
  Result<Way> judge_tag(Job& job, const git::RefCommand& command);
  Result<> check_tagged(Job& job, const git::RefCommand& command, std::vector<CommitId> coming);
  Result<> check(Job& job, const git::RefCommand& command, const std::string& branch);
  Result<> decide(Job& job, policy::Update update, CommitId before, CommitId after);
  void carry_out(Job& job, const std::vector<Way>& ways, std::vector<git::RefReport>& reports);
  Result<> carry_out(Job& job, const git::RefCommand& command, Way way);
  Result<> merge(Job& job, const git::RefCommand& command, const std::string& branch);
  void note_refused(Job& job, const git::RefCommand& command, const std::string& why);
  void tell_refused(Job& job);

  Parts parts_;
  Projects& projects_;
  Integrator& integrator_;
  Events& events_;
  JudgedCommits judged_;
};

}  // namespace aecos::hub
