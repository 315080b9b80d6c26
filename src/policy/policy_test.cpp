#include "policy/policy.h"

#include <gtest/gtest.h>

namespace aecos::policy {
namespace {

using diff::Change;
using diff::ChangeKind;
using diff::ElementRef;
using Kind = FileChange::Kind;

constexpr const char* house_rules = R"({ "version": 1,
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

Roles house() {
  auto roles = parse_roles(house_rules);
  EXPECT_TRUE(roles) << (roles ? "" : roles.error().message);
  return *roles;
}

const ElementRef wall{"3cUkl32yn9qRSPvBJVyWYp", "IfcWall", "W-12"};

FileChange model(std::vector<Change> changes, const std::string& path = "models/arch/house.ifc") {
  FileChange file;
  file.path = path;
  file.changes = std::move(changes);
  return file;
}

FileChange metadata(const std::string& at, diff::Value before, diff::Value after, ElementRef element = wall) {
  FileChange file =
      model({{ChangeKind::text, element, at, std::move(before), std::move(after)}}, "elements/wall-w12/metadata.json");
  file.about = {std::move(element)};
  return file;
}

Change property(const std::string& at, ElementRef element = wall) {
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

Decision judge(const Attempt& attempt) {
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

bool allowed(const Attempt& attempt) {
  const Decision decision = judge(attempt);
  EXPECT_EQ(decision.allowed, decision.reasons.empty());
  return decision.allowed;
}

FileChange file(const std::string& path, const std::string& from = "") {
  FileChange change;
  change.path = path;
  change.from = from;
  return change;
}

TEST(Policy, WhatARuleAllowsIsAllowed) {
  EXPECT_TRUE(allowed({"ana", {model({property("Pset_WallCommon.FireRating")})}}));
  EXPECT_TRUE(allowed({"ana", {model({{ChangeKind::moved, wall, "Placement", "1", "2"}})}}));
  EXPECT_TRUE(allowed({"ana", {file("elements/wall-w12/spec.md")}}));
  EXPECT_TRUE(allowed({"ben", {metadata("/properties/Pset_WallCommon/LoadBearing", "true", "false")}}));
  EXPECT_TRUE(allowed({"ben", {metadata("/name", "\"W-12\"", "\"W-13\"")}}));
  EXPECT_TRUE(allowed({"cleo", {file("README.md"), file(".aecos/project.json")}}));
  EXPECT_TRUE(allowed({"ana", {file("elements/x/spec.md")}, "user/ana/work", Through::push}));
  EXPECT_TRUE(allowed({"ben", {}, "discipline/structural/grid", Through::push, Update::Kind::create}));
  EXPECT_TRUE(allowed({"cleo", {file("README.md")}, "main", Through::change_request}));
  EXPECT_TRUE(allowed({"ana", {file("elements/x/spec.md")}, "idea", Through::push, Update::Kind::force}));
}

TEST(Policy, NothingIsAllowedThatNoRuleAllows) {
  EXPECT_FALSE(allowed({"ana", {file("README.md")}}));
  EXPECT_FALSE(allowed({"ana", {file("models/mep/pipes.ifc")}}));
  EXPECT_FALSE(allowed({"dan", {file("elements/wall-w12/spec.md")}}));
  EXPECT_FALSE(allowed({"nobody", {file("elements/wall-w12/spec.md")}}));
  EXPECT_FALSE(allowed({"ben", {file("models/arch/house.md")}}));
}

TEST(Policy, AnOwnedPropertyIsForItsOwnerWhicheverFileStatesIt) {
  const Decision decision = judge({"ana", {model({property("Pset_WallCommon.LoadBearing")})}});
  EXPECT_FALSE(decision.allowed);
  EXPECT_EQ(decision.reasons.at(0).what,
            "ana may not change Pset_WallCommon.LoadBearing of W-12: it is for structural; ask them");
  EXPECT_EQ(decision.reasons.at(0).rule, "roles.structural.owns[0]");
  EXPECT_FALSE(allowed({"ana", {metadata("/properties/Pset_WallCommon/LoadBearing", "true", "false")}}));
  EXPECT_FALSE(allowed({"cleo", {model({property("Pset_WallCommon.LoadBearing")})}}));
  EXPECT_TRUE(allowed({"eva", {metadata("/properties/Pset_WallCommon/LoadBearing", "true", "false")}}));
}

// Each of these is a way somebody might think of to get round the rules.
TEST(Policy, WaysRoundAnOwnedPropertyAreClosed) {
  const std::string set = R"({"LoadBearing":true,"FireRating":"REI 60"})";
  EXPECT_FALSE(allowed({"ana", {metadata("/properties/Pset_WallCommon", set, std::nullopt)}}));
  EXPECT_FALSE(allowed({"ana", {metadata("/properties/Pset_WallCommon", std::nullopt, set)}}));
  EXPECT_FALSE(allowed({"ana", {metadata("/properties", "{\"A\":" + set + "}", "{}")}}));
  EXPECT_FALSE(allowed({"ana", {metadata("", "{\"properties\":{\"A\":" + set + "}}", std::nullopt)}}));
  EXPECT_FALSE(allowed({"ana", {metadata("/properties/Pset_WallCommon", set, "\"gone\"")}}));
  EXPECT_FALSE(allowed({"ana", {metadata("/properties/Pset_WallCommon/LoadBearing/value", "true", "false")}}));
  EXPECT_FALSE(allowed({"ana", {metadata("/properties/Pset_WallCommon/loadbearing", "true", "false")}}));
  EXPECT_FALSE(allowed({"ana", {metadata("/properties/Other/LoadBearing", std::nullopt, "false")}}));
  EXPECT_FALSE(allowed({"ana", {model({property("Pset_WallCommon.FireRating"), property("X.LoadBearing")})}}));
  FileChange renamed = model({property("Pset_WallCommon.LoadBearing")}, "models/arch/b.ifc");
  renamed.from = "models/arch/a.ifc";
  EXPECT_FALSE(allowed({"ana", {renamed}}));
  FileChange hidden = model({});
  hidden.readable = false;
  EXPECT_FALSE(allowed({"ana", {hidden}}));
  FileChange zipped = file("models/arch/house.ifczip");
  zipped.readable = false;
  EXPECT_FALSE(allowed({"ana", {zipped}}));
  FileChange link = file("models/arch/house.ifc");
  link.kind = Kind::symlink;
  EXPECT_FALSE(allowed({"ana", {link}}));
  EXPECT_FALSE(allowed({"ana", {metadata("/properties/Pset_Cost/Rate", "1", "2")}}));
  EXPECT_FALSE(allowed({"eva", {metadata("/properties/Pset_Cost/Rate", "1", "2")}}));
}

TEST(Policy, WaysRoundAClassAreClosed) {
  const ElementRef slab{"1aUkl32yn9qRSPvBJVyWYp", "IfcSlab", "S-1"}, door{"2bUkl32yn9qRSPvBJVyWYp", "IfcDoor", "D-1"};
  const ElementRef proxy{"3cUkl32yn9qRSPvBJVyWYp", "IfcBuildingElementProxy", "W-12"};
  EXPECT_TRUE(allowed({"ben", {metadata("/name", "\"a\"", "\"b\"", slab)}}));
  EXPECT_FALSE(allowed({"ben", {metadata("/name", "\"a\"", "\"b\"", door)}}));
  FileChange away = metadata("/class", "\"IfcDoor\"", "\"IfcWall\"", door);
  away.about = {door, wall};
  EXPECT_FALSE(allowed({"ben", {away}}));
  FileChange back = metadata("/class", "\"IfcWall\"", "\"IfcBuildingElementProxy\"");
  back.about = {wall, proxy};
  EXPECT_FALSE(allowed({"ben", {back}}));
  const ElementRef standard{"4cUkl32yn9qRSPvBJVyWYp", "IfcWallStandardCase", "W-1"};
  EXPECT_TRUE(allowed({"ben", {metadata("/name", "\"a\"", "\"b\"", standard)}}));
  const ElementRef curve{"5cUkl32yn9qRSPvBJVyWYp", "IfcStructuralCurveMember", "C-1"};
  EXPECT_FALSE(allowed({"ana", {model({{ChangeKind::renamed, curve, "Name", "1", "2"}})}}));
  EXPECT_FALSE(allowed(
      {"ana", {model({{ChangeKind::reclassified, wall, "Class", "\"IfcWall\"", "\"IfcStructuralCurveMember\""}})}}));
  EXPECT_FALSE(allowed({"ben", {file("elements/unknown/spec.md")}}));
}

TEST(Policy, PathsThatCanBeTakenForOthersAreNobodys) {
  for (const char* path : {".AECOS/roles.json",
                           ".aecos/ROLES.JSON",
                           ".aecos/roles.json.",
                           ".aecos/roles.json ",
                           ".aecos\\roles.json",
                           ".ae\u200ccos/roles.json",
                           "\uff0eaecos/roles.json",
                           ".\u0430ecos/roles.json",
                           "elements/../.aecos/roles.json",
                           "elements//x",
                           ".aecos\u2215roles.json",
                           "./.aecos/roles.json",
                           "AECOS~1/roles.json",
                           ".GIT/config",
                           ".git/config",
                           "elements/x\u202e.md",
                           "elements/a\x01.md",
                           "elements/\xff.md",
                           ".GitAttributes",
                           ".LFSconfig",
                           ".aecos/role\u017f.json",
                           "elements/x./y"}) {
    EXPECT_FALSE(allowed({"cleo", {file(path)}})) << path;
  }
  EXPECT_TRUE(allowed({"cleo", {file("elements/tür-größe/spécification.md"), file("图纸/一层.md")}}));
}

TEST(Policy, RulesAreForWhoManagesThem) {
  const std::string path(roles_path), rules = house_rules;
  const auto change = [&](const std::string& login, const std::string& after) {
    return allowed({login, {file(path)}, "develop", Through::integration, Update::Kind::advance, {}, after});
  };
  EXPECT_TRUE(change("cleo", rules));
  EXPECT_FALSE(change("ana", rules));
  EXPECT_FALSE(change("cleo", R"({"members":{"ana":{"roles":[]}}})"));
  EXPECT_FALSE(change("cleo", R"({"roles":{"r":{"may":[{"manage":"locks"}]}},"members":{"ana":{"roles":["r"]}}})"));
  EXPECT_FALSE(change("cleo", "{"));
  FileChange removed = file(path);
  removed.removed = true;
  EXPECT_FALSE(allowed({"cleo", {removed}}));
  EXPECT_FALSE(allowed({"cleo", {file("old.json", path)}}));
  EXPECT_FALSE(allowed({"ana", {file("elements/x.md", path)}}));
  FileChange link = file(path);
  link.kind = Kind::symlink;
  EXPECT_FALSE(allowed({"cleo", {link}}));
}

TEST(Policy, BranchesMoveAsTheirRulesSay) {
  const std::vector<FileChange> some = {file("elements/x/spec.md")};
  EXPECT_FALSE(allowed({"cleo", some, "main", Through::push}));
  EXPECT_FALSE(allowed({"cleo", some, "main", Through::integration}));
  EXPECT_FALSE(allowed({"cleo", some, "develop", Through::push}));
  EXPECT_FALSE(allowed({"cleo", some, "develop", Through::push, Update::Kind::force}));
  EXPECT_FALSE(allowed({"cleo", {}, "develop", Through::push, Update::Kind::remove}));
  EXPECT_FALSE(allowed({"cleo", some, "Develop", Through::push, Update::Kind::create}));
  EXPECT_FALSE(allowed({"cleo", some, "MAIN", Through::push, Update::Kind::create}));
  EXPECT_FALSE(allowed({"ana", some, "user/ben/work", Through::push}));
  EXPECT_FALSE(allowed({"ana", {}, "user/ben/work", Through::push, Update::Kind::remove}));
  EXPECT_FALSE(allowed({"ana", some, "discipline/structural/grid", Through::push}));
  EXPECT_FALSE(allowed({"ana", some, "discipline/Structural/grid", Through::push}));
}

TEST(Policy, OthersBranchesAreTheirsWithoutRulesToo) {
  Actor ana{"ana", {}, true, false};
  Update update;
  update.branch = "user/ben/work";
  EXPECT_FALSE(decide(ana, std::nullopt, update, {}).allowed);
  update.branch = "user/ana/work";
  EXPECT_TRUE(decide(ana, std::nullopt, update, {}).allowed);
  update.branch = "develop";
  update.files = {file("anything.md")};
  EXPECT_TRUE(decide(ana, std::nullopt, update, {}).allowed);
  update.files = {file(std::string(roles_path))};
  update.roles_after = house();
  EXPECT_FALSE(decide(ana, std::nullopt, update, {}).allowed);
  EXPECT_TRUE(decide({"ana", {}, true, true}, std::nullopt, update, {}).allowed);
  EXPECT_FALSE(decide({"ana", {}, false, false}, std::nullopt, update, {}).allowed);
}

TEST(Policy, LocksOfOthersAreTold) {
  const HeldLock element{"l-1", "element", wall.global_id, "", "ben", "checking"};
  const HeldLock set{"l-2", "properties", wall.global_id, "Pset_WallCommon", "ben", ""};
  const HeldLock folder{"l-3", "path", "models/arch/", "", "ben", ""};
  const std::vector<FileChange> fire = {model({property("Pset_WallCommon.FireRating")})};
  Attempt attempt{"ana", fire};
  for (const HeldLock& lock : {element, set, folder}) {
    attempt.locks = {lock};
    EXPECT_EQ(judge(attempt).warnings.size(), 1U);
    EXPECT_TRUE(judge(attempt).allowed);
  }
  attempt.rules.replace(attempt.rules.find("\"version\""), 0, "\"locks\": \"deny\", ");
  for (const HeldLock& lock : {element, set, folder}) {
    attempt.locks = {lock};
    EXPECT_FALSE(judge(attempt).allowed);
  }
  attempt.locks = {set};
  attempt.files = {model({property("Pset_Other.Length")})};
  EXPECT_TRUE(judge(attempt).allowed);
  attempt.locks = {{"l-4", "path", "Models/Arch/House.ifc", "", "ben", ""}};
  EXPECT_FALSE(judge(attempt).allowed);
  attempt.files = {file("models/arch/other.ifc", "models/arch/house.ifc")};
  EXPECT_FALSE(judge(attempt).allowed);
  attempt.locks = {{"l-5", "element", wall.global_id, "", "ana", ""}};
  attempt.files = fire;
  EXPECT_TRUE(judge(attempt).allowed);
}

TEST(Policy, QuestionsBesidesWriting) {
  const Roles roles = house();
  EXPECT_TRUE(may_manage(roles, actor_of(roles, "cleo"), "locks"));
  EXPECT_FALSE(may_manage(roles, actor_of(roles, "ana"), "locks"));
  EXPECT_TRUE(may_approve(roles, actor_of(roles, "cleo"), "main"));
  EXPECT_FALSE(may_approve(roles, actor_of(roles, "cleo"), "develop"));
  EXPECT_FALSE(may_approve(roles, actor_of(roles, "ana"), "main"));
  EXPECT_TRUE(may_read(roles, actor_of(roles, "dan"), false));
  EXPECT_FALSE(may_read(roles, actor_of(roles, "nobody"), false));
  EXPECT_EQ(rule_for(roles, "main").approvals, 1U);
  EXPECT_EQ(rule_for(roles, "elsewhere").is_protected, false);
}

TEST(Policy, ReasonsAreLimited) {
  std::vector<FileChange> many(200, file("README.md"));
  const Decision decision = judge({"ana", many});
  EXPECT_EQ(decision.reasons.size(), 50U);
  EXPECT_EQ(decision.reasons.back().what, "and 151 more");
}

TEST(Roles, MistakesAreErrorsWithTheirPlace) {
  const std::pair<const char*, const char*> cases[] = {
      {"{", "1:2"},
      {R"({"role":{}})", "\"role\" is nothing roles.json can have"},
      {R"({"roles":{"a":{"mya":[]}}})", "\"mya\" is nothing a role can have"},
      {R"({"roles":{"a":{"may":[{"writes":"**"}]}}})", "\"writes\" is nothing a rule can have"},
      {R"({"roles":{"a":{"may":[{}]}}})", "the rule says nothing"},
      {R"({"roles":{"a":{"may":[{"write":1}]}}})", "a text is wanted"},
      {R"({"members":{"ana":{"roles":["b"]}}})", "there is no role \"b\""},
      {R"({"branches":{"m":{"protect":true}}})", "\"protect\" is nothing a branch can have"},
      {R"({"branches":{"m":{"through":"x"}}})", "push, integration or change-request"},
      {R"({"branches":{"m":{"approvals":-1}}})", "a number from 0 to 100"},
      {R"({"version":2})", "only version 1"},
      {R"({"locks":"maybe"})", "warn or deny"},
  };
  for (const auto& [json, what] : cases) {
    const auto roles = parse_roles(json);
    ASSERT_FALSE(roles) << json;
    EXPECT_NE(roles.error().message.find(what), std::string::npos) << roles.error().message;
  }
}

TEST(Pattern, MatchesPaths) {
  EXPECT_TRUE(matches("**", "a/b/c"));
  EXPECT_TRUE(matches("elements/**", "elements/a/b"));
  EXPECT_TRUE(matches("elements/*/spec.md", "elements/a/spec.md"));
  EXPECT_FALSE(matches("elements/*/spec.md", "elements/a/b/spec.md"));
  EXPECT_TRUE(matches("**/spec.md", "elements/a/b/spec.md"));
  EXPECT_TRUE(matches("a/**/z", "a/z"));
  EXPECT_TRUE(matches("*.ifc", "house.ifc"));
  EXPECT_FALSE(matches("*.ifc", "models/house.ifc"));
  EXPECT_TRUE(matches("user/{member}/**", "user/ana/work"));
  EXPECT_FALSE(matches("elements/**", "elementsx/a"));
  EXPECT_FALSE(matches("models/arch", "models/arch/x"));
}

TEST(Pattern, HostilePatternsEnd) {
  std::string pattern, path;
  for (int i = 0; i < 2000; ++i) {
    pattern += "**/a*a*a*a*b/";
    path += "aaaaaaaaaaaaaaaaaaaa/";
  }
  EXPECT_FALSE(matches(pattern + "x", path + "y"));
  EXPECT_FALSE(matches(std::string(5000, '*') + "b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace aecos::policy
