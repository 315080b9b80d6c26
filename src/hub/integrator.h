#pragma once
// Bringing pushed commits into a branch, in the order they came, so that nobody's push is refused for being late.

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "hub/projects.h"
#include "revision/integrate.h"

namespace aecos::hub {

// Somebody's commit, whose objects are in the repository already.
struct Offer {
  std::string project, branch;  // Short.
  CommitId commit;
  policy::Actor actor;
  std::string name, email;  // For the merge commit.
  policy::Through through = policy::Through::integration;
  std::uint64_t change_request = 0;  // Not 0: it is one that is merged.
  std::string allowed_secrets = {};  // See judge_secrets(); empty: there are none.
};

struct Integrated {
  CommitId commit;  // Where the branch has it; the offered commit itself where the branch just moved on.
  bool was_there = false;
  std::size_t conflicts = 0;          // Recorded by this integration.
  std::vector<std::string> warnings;  // One line each: others' locks, advisory checks.
  std::string checks = {};            // See Step::checks.
};

class Integrator {
 public:
  Integrator(const Parts& parts, Projects& projects, Events& events)
      : parts_(parts), projects_(projects), events_(events) {}

  // Blocks until it is done, and durable, with its events. denied: the rules forbid it, or a check failed; the message
  // has a line for each reason. Many calls at once for one branch are done together.
  Result<Integrated> integrate(const Offer& offer);

  // Moves a ref as somebody pushed it, with its event. changed_meanwhile: it is not at `from` any more.
  struct Move {
    std::string project, ref;
    CommitId from, to;  // Zero: not there.
    std::string login;
    std::string allowed_secrets = {};
    std::string checks = {};  // See Step::checks.
  };
  Result<> move(const Move& move);

  // After a start: settles what was under way when the hub was killed.
  Result<> recover();

 private:
  struct Waiting {
    const Offer* offer = nullptr;
    bool done = false;
    Result<Integrated> result = Error{ErrorCode::unavailable, "not integrated"};
  };
  struct Queue {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Waiting*> waiting;
    bool busy = false;
  };
  class Batch;
  std::shared_ptr<Queue> queue(const std::string& key);
  void run(const std::vector<Waiting*>& batch);
  Result<> settle(const store::Intent& intent);

  Parts parts_;
  Projects& projects_;
  Events& events_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Queue>> queues_;
};

}  // namespace aecos::hub
