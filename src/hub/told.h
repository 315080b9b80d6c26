#pragma once
// What is told of commits that came to be part of a branch; worked out from the repository alone, so that it can be
// told after a crash too.

#include <string>
#include <vector>

#include "event/event.h"
#include "hub/events.h"
#include "hub/projects.h"

namespace aecos::hub {

// One step of a ref.
struct Step {
  std::string ref;         // Full name.
  CommitId before, after;  // Of the ref; zero: not there.
  CommitId pushed;         // What was pushed; `after` itself, or merged into it.
  std::string login;
  bool integrated = false;
  std::uint64_t change_request = 0;
  std::string allowed_secrets = {};  // As judge_secrets() gives it.
  std::string checks = {};           // That the hub made of it, a list; see run_checks().
  std::string skipped = {};          // As skipped_checks() gives it.
};

// The step's own event, then one for each sentence that elements were generated from, then one for each conflict that
// it recorded or settled.
Result<std::vector<event::Draft>> told_of(OpenProject& project, Events& events, const Step& step);

std::string to_json(const std::vector<Step>& steps);
Result<std::vector<Step>> read_steps(const std::string& json);

}  // namespace aecos::hub
