#pragma once
// A house, its team and their rules, for tests.

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/policy.h"

namespace aecos::policy {

using diff::Change;
using diff::ChangeKind;
using diff::ElementRef;
using Kind = FileChange::Kind;

inline constexpr const char* house_rules = R"({ "version": 1,
  "members": { "ana": {"roles": ["architect"]}, "ben": {"roles": ["structural"]},
               "cleo": {"roles": ["bim-coordinator"]}, "dan": {"roles": ["stakeholder"]},
               "eva": {"roles": ["architect", "structural"]} },
  "roles": {
    "architect": { "may": [ {"write": "elements/**"}, {"write": "models/arch/**"} ],
                   "not": [ {"property": "Pset_Cost.*"}, {"class": "IfcStructuralMember"} ] },
    "structural": { "may": [ {"write": "elements/**", "class": ["IfcBeam", "IfcColumn", "IfcSlab", "IfcWall"]} ],
                    "owns": [ {"property": "*.LoadBearing"} ] },
    "bim-coordinator": { "may": [ {"write": "**"}, {"manage": "roles"}, {"manage": "locks"}, {"approve": "main"} ] },
    "stakeholder": { "may": [ {"read": "**"}, {"comment": "**"} ] } },
  "branches": { "main": {"protected": true, "through": "change-request", "approvals": 1},
                "develop": {"protected": true, "through": "integration"},
                "user/{member}/**": {"push": ["{member}"]},
                "discipline/{role}/**": {"push": ["{role}"]} } })";

inline Roles house() {
  auto roles = parse_roles(house_rules);
  EXPECT_TRUE(roles) << (roles ? "" : roles.error().message);
  return *roles;
}

inline const ElementRef wall{"3cUkl32yn9qRSPvBJVyWYp", "IfcWall", "W-12"};

inline FileChange model(std::vector<Change> changes, const std::string& path = "models/arch/house.ifc") {
  FileChange file;
  file.path = path;
  file.changes = std::move(changes);
  return file;
}

inline FileChange metadata(const std::string& at, diff::Value before, diff::Value after, ElementRef element = wall) {
  FileChange file =
      model({{ChangeKind::text, element, at, std::move(before), std::move(after)}}, "elements/wall-w12/metadata.json");
  file.about = {std::move(element)};
  return file;
}

inline Change property(const std::string& at, ElementRef element = wall) {
  return {ChangeKind::property, std::move(element), at, "1", "2"};
}

struct Attempt {
  std::string login;
  std::vector<FileChange> files;
  std::string branch = "develop";
  Through through = Through::integration;
  Update::Kind kind = Update::Kind::advance;
  std::vector<HeldLock> locks = {};
  std::optional<std::string> roles_after = {};
  std::string rules = house_rules;
};

inline Decision judge(const Attempt& attempt) {
  const Roles roles = *parse_roles(attempt.rules);
  Update update;
  update.branch = attempt.branch;
  update.through = attempt.through;
  update.kind = attempt.kind;
  update.files = attempt.files;
  if (attempt.roles_after) {
    if (auto after = parse_roles(*attempt.roles_after)) {
      update.roles_after = *after;
    } else {
      update.roles_fault = after.error().message;
    }
  }
  return decide(actor_of(roles, attempt.login), roles, update, attempt.locks);
}

inline bool allowed(const Attempt& attempt) {
  const Decision decision = judge(attempt);
  EXPECT_EQ(decision.allowed, decision.reasons.empty());
  return decision.allowed;
}

inline FileChange file(const std::string& path, const std::string& from = "") {
  FileChange change;
  change.path = path;
  change.from = from;
  return change;
}

}  // namespace aecos::policy
