#pragma once
// .aecos/project.json: what a team agreed on.
//
//   { "version": 1, "id": "…", "name": "House on the hill", "sharedBranch": "develop",
//     "integrationPolicy": "integrated", … }

#include <string>
#include <string_view>

#include "base/result.h"
#include "merge/merge.h"

namespace aecos::revision {

inline constexpr std::string_view project_path = ".aecos/project.json";

// Members that are not there have the values given here.
struct Project {
  std::string id;
  std::string name;
  std::string shared_branch = "develop";             // "sharedBranch"
  std::string remote = "origin";                     // "remote": git's name for where the team meets.
  merge::Policy policy = merge::Policy::integrated;  // "integrationPolicy"
};

// invalid_input: no JSON object, or a member that cannot be what it says; the message has line and column.
Result<Project> parse_project(std::string_view json);

}  // namespace aecos::revision
