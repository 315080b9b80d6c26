#pragma once
// What is told of checks that the hub made itself, and of findings that somebody lets pass.

#include <string>
#include <vector>

#include "event/event.h"
#include "hub/events.h"
#include "hub/projects.h"
#include "revision/tree_difference.h"

namespace aecos::hub {

// check.passed or check.failed. `check`: as revision::to_json(Gate) has it.
event::Draft told_check(Events& events, const std::string& project, const std::string& branch,
                        const std::string& commit, const std::string& login, const std::string& check);

// The same for each of a list, as ChecksMade::json is; none of what is no list.
std::vector<event::Draft> told_checks(Events& events, const std::string& project, const std::string& branch,
                                      CommitId commit, const std::string& login, const std::string& checks);

// "[{"name":"validate","state":"failed"}]" of a list of checks; empty: there are none.
std::string brief_checks(const std::string& checks);

// Which checks whoever committed what `to` has and `from` has not skipped, and why, as JSON; empty: none. `bases`: see
// git::Repository::walk_new().
std::string skipped_checks(const git::Repository& repository, CommitId from, CommitId to,
                           const std::vector<CommitId>& bases);

// waiver.added, waiver.removed or waiver.changed for each, where .aecos/waivers.json is among the files.
std::vector<event::Draft> told_waivers(const OpenProject& project, Events& events,
                                       const std::vector<revision::FileDifference>& files, const event::Draft& like);

}  // namespace aecos::hub
