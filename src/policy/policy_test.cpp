#include "policy/policy.h"

#include "policy/policy_test_internal.h"

namespace aecos::policy {
namespace {

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
            "ana may not change Pset_WallCommon.LoadBearing of W-12, which structural owns: ask structural");
  EXPECT_EQ(decision.reasons.at(0).rule, "roles.structural.owns[0]");
  EXPECT_FALSE(allowed({"ana", {metadata("/properties/Pset_WallCommon/LoadBearing", "true", "false")}}));
  EXPECT_FALSE(allowed({"cleo", {model({property("Pset_WallCommon.LoadBearing")})}}));
  EXPECT_TRUE(allowed({"eva", {metadata("/properties/Pset_WallCommon/LoadBearing", "true", "false")}}));
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
  update.branch = "User/ben/work";
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

TEST(Policy, LocksHoldHoweverAChangeIsSaid) {
  const HeldLock element{"l-1", "element", wall.global_id, "", "ben", ""};
  const HeldLock set{"l-2", "properties", wall.global_id, "Pset_WallCommon", "ben", ""};
  const auto warns = [](const HeldLock& lock, FileChange change) {
    return judge({"ana", {std::move(change)}, "develop", Through::integration, Update::Kind::advance, {lock}})
        .warnings.size();
  };
  const ElementRef other{"9cUkl32yn9qRSPvBJVyWYp", "IfcWall", "W-12"};
  EXPECT_EQ(warns(element, model({{ChangeKind::redrawn, other, wall.global_id, "{}", "{}"}})), 1U);
  EXPECT_EQ(warns(element, metadata("/storey", "1", "2")), 1U);
  EXPECT_EQ(warns(element, metadata("/globalId", "\"" + wall.global_id + "\"", "\"x\"", other)), 1U);
  EXPECT_EQ(warns(element, model({property("A.B", other)})), 0U);
  EXPECT_EQ(warns(set, model({{ChangeKind::removed, wall, "", "{}", std::nullopt}})), 1U);
  EXPECT_EQ(warns(set, model({{ChangeKind::property, wall, "Pset_WallCommon", "1", "2"}})), 1U);
  EXPECT_EQ(warns(set, metadata("/properties/pset_wallcommon/A", "1", "2")), 1U);
  EXPECT_EQ(warns(set, metadata("/properties", "{\"Pset_WallCommon\":{\"A\":1}}", "{}")), 1U);
  EXPECT_EQ(warns(set, metadata("/globalId", "\"a\"", "\"b\"")), 1U);
  EXPECT_EQ(warns(set, model({{ChangeKind::added, wall, "", std::nullopt, "{\"content\":\"1\"}"}})), 1U);
  EXPECT_EQ(warns(set, metadata("/properties/Pset_Other/A", "1", "2")), 0U);
  EXPECT_EQ(warns(set, model({{ChangeKind::moved, wall, "Placement", "1", "2"}})), 0U);
  EXPECT_EQ(warns({"l-3", "path", "models", "", "ben", ""}, model({})), 1U);
  EXPECT_EQ(warns({"l-3", "path", "model", "", "ben", ""}, model({})), 0U);
  EXPECT_EQ(warns({"l-3", "path", "models/arch/house.ifc/", "", "ben", ""}, model({})), 1U);
}

TEST(Policy, ALockThatDeniesHoldsForWhatCannotBeTold) {
  Attempt attempt{"cleo", {file("models/arch/house.ifc")}};
  attempt.rules = R"({"locks":"deny","members":{"cleo":{"roles":["a"]}},"roles":{"a":{"may":[{"write":"**"}]}}})";
  attempt.files[0].readable = false;
  EXPECT_TRUE(allowed(attempt));
  attempt.locks = {{"l-1", "element", wall.global_id, "", "ben", ""}};
  EXPECT_FALSE(allowed(attempt));
  Attempt warned = attempt;
  warned.rules.replace(warned.rules.find("deny"), 4, "warn");
  EXPECT_TRUE(judge(warned).warnings.empty());
  attempt.locks[0].holder = "cleo";
  EXPECT_TRUE(allowed(attempt));
}

TEST(Policy, ReasonsSayWhomToAsk) {
  const auto first = [](const Attempt& attempt) { return judge(attempt).reasons.at(0); };
  EXPECT_EQ(first({"ana", {file("README.md")}}).what, "ana may not write README.md; ask bim-coordinator");
  EXPECT_EQ(first({"ana", {file("README.md")}}).rule, "roles.architect.may");
  EXPECT_EQ(first({"ana", {metadata("/properties/Pset_Cost/Rate", "1", "2")}}).what,
            "ana may not change Pset_Cost.Rate of W-12: no architect may; ask bim-coordinator or structural");
  EXPECT_EQ(first({"ana", {metadata("/properties/Pset_Cost/Rate", "1", "2")}}).rule, "roles.architect.not[0]");
  EXPECT_EQ(first({"ben", {model({property("A.FireRating")})}}).what,
            "ben may not change A.FireRating of W-12: no rule allows it; ask architect or bim-coordinator");
  EXPECT_EQ(first({"ana", {}, "user/ben/x", Through::push}).what,
            "ana may not move user/ben/x: user/{member}/** is for {member}; ask them, or push to user/ana/…");
  EXPECT_EQ(first({"cleo", {}, "develop", Through::push}).what,
            "develop moves by integration only: git push origin HEAD:refs/for/develop");
}

TEST(Policy, QuestionsBesidesWriting) {
  const Roles roles = house();
  EXPECT_TRUE(may_manage(roles, actor_of(roles, "cleo"), "locks"));
  EXPECT_FALSE(may_manage(roles, actor_of(roles, "ana"), "locks"));
  EXPECT_TRUE(may_approve(roles, actor_of(roles, "cleo"), "main"));
  EXPECT_FALSE(may_approve(roles, actor_of(roles, "cleo"), "develop"));
  EXPECT_FALSE(may_approve(roles, actor_of(roles, "ana"), "main"));
  EXPECT_TRUE(may_comment(roles, actor_of(roles, "dan")));
  EXPECT_TRUE(may_comment(roles, actor_of(roles, "ben")));
  EXPECT_FALSE(may_comment(roles, actor_of(roles, "nobody")));
  EXPECT_TRUE(may_manage(roles, {"root", {}, true, true}, "roles"));
  EXPECT_FALSE(decide({"root", {}, true, true}, roles,
                      {"x", Update::Kind::advance, Through::push, {model({property("A.LoadBearing")})}, {}, ""}, {})
                   .allowed);
  EXPECT_TRUE(may_read(roles, actor_of(roles, "dan"), false));
  EXPECT_FALSE(may_read(roles, actor_of(roles, "nobody"), false));
  EXPECT_EQ(rule_for(roles, "main").approvals, 1U);
  EXPECT_EQ(rule_for(roles, "elsewhere").is_protected, false);
}

TEST(Policy, DenyWinsInOtherQuestionsToo) {
  const Roles roles = *parse_roles(R"({"members":{"ana":{"roles":["a","b"]},"ben":{"roles":["a"]}},
      "roles":{"a":{"may":[{"manage":"**"},{"approve":"**"},{"comment":"**"},{"read":"**"}]},
               "b":{"not":[{"manage":"roles"},{"approve":"main"},{"comment":"**"},{"read":"**"}]}}})");
  const Actor ana = actor_of(roles, "ana"), ben = actor_of(roles, "ben");
  EXPECT_FALSE(may_manage(roles, ana, "roles") || may_approve(roles, ana, "main") || may_comment(roles, ana) ||
               may_read(roles, ana, true));
  EXPECT_TRUE(may_manage(roles, ana, "locks") && may_manage(roles, ana, "secrets"));
  EXPECT_TRUE(may_approve(roles, ana, "other"));
  EXPECT_TRUE(may_manage(roles, ben, "roles") && may_approve(roles, ben, "main") && may_comment(roles, ben) &&
              may_read(roles, ben, false));
}

TEST(Policy, WhoManagesAtTheHubChangesTheRulesAndNothingElse) {
  Update update;
  update.files = {file(std::string(roles_path))};
  update.roles_after = house();
  const Actor root{"root", {}, false, true};
  EXPECT_TRUE(decide(root, house(), update, {}).allowed);
  update.files.push_back(file("README.md"));
  EXPECT_FALSE(decide(root, house(), update, {}).allowed);
}

TEST(Policy, TheMostPreciseRuleOfABranchHolds) {
  const Roles roles = *parse_roles(R"({"branches":{"**":{"approvals":0},"release/**":{"protected":true},
      "release/*/draft":{},"release/1/draft":{"through":"integration"}}})");
  EXPECT_EQ(rule_for(roles, "x").pattern, "**");
  EXPECT_EQ(rule_for(roles, "release/2").pattern, "release/**");
  EXPECT_EQ(rule_for(roles, "release/2/draft").pattern, "release/*/draft");
  EXPECT_EQ(rule_for(roles, "release/1/draft").pattern, "release/1/draft");
}

TEST(Policy, ReasonsAreLimited) {
  std::vector<FileChange> many(200, file("README.md"));
  const Decision decision = judge({"ana", many});
  EXPECT_EQ(decision.reasons.size(), 50U);
  EXPECT_EQ(decision.reasons.back().what, "and 151 more");
}

}  // namespace
}  // namespace aecos::policy
