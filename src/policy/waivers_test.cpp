// Who may let findings pass.

#include "policy/policy_test_internal.h"

namespace aecos::policy {
namespace {

Roles rules(const std::string& architect_more = "", const std::string& structural_more = "") {
  auto roles = parse_roles(R"({ "members": { "ana": {"roles": ["architect"]}, "ben": {"roles": ["structural"]},
                                             "cleo": {"roles": ["bim-coordinator"]} },
    "roles": { "architect": { "may": [ {"write": "**"})" +
                           architect_more + R"( ] },
               "structural": { "may": [ {"write": "**"})" +
                           structural_more + R"( ] },
               "bim-coordinator": { "may": [ {"write": "**"}, {"manage": "roles"} ] } } })");
  EXPECT_TRUE(roles) << (roles ? "" : roles.error().message);
  return *roles;
}

FileChange waivers(const std::string& at = "waivers.w-1.until") {
  FileChange file;
  file.path = ".aecos/waivers.json";
  if (!at.empty()) file.changes.push_back({ChangeKind::text, {}, at, "\"2027-01-01\"", "\"2027-06-01\""});
  return file;
}

bool may_waive(const std::string& who, const Roles& roles, FileChange file) {
  Update update;
  update.branch = "user/" + who + "/work";
  update.files = {std::move(file)};
  return decide(actor_of(roles, who), roles, update, {}).allowed;
}

TEST(Waivers, AreChangedByWhoManagesRolesWhereNobodyManagesThem) {
  EXPECT_FALSE(may_waive("ana", rules(), waivers()));
  EXPECT_TRUE(may_waive("cleo", rules(), waivers()));
}

TEST(Waivers, AreChangedByThoseWhoManageThemAndNobodyElse) {
  const Roles roles = rules(R"(, {"manage": "waivers"})");
  EXPECT_TRUE(may_waive("ana", roles, waivers()));
  EXPECT_FALSE(may_waive("ben", roles, waivers()));
  EXPECT_FALSE(may_waive("cleo", roles, waivers()));
}

TEST(Waivers, NoWayOfChangingThemIsOpen) {
  FileChange added = waivers(""), removed = waivers(""), moved = waivers(""), moved_in = waivers(""),
             dark = waivers(""), linked = waivers("");
  added.added = true;
  removed.removed = true;
  moved.from = ".aecos/waivers.json";
  moved.path = "waivers.json";
  moved_in.from = "notes/waivers.json";
  dark.readable = false;
  linked.kind = Kind::symlink;
  for (const FileChange& file : {added, removed, moved, moved_in, dark, linked})
    EXPECT_FALSE(may_waive("ben", rules(), file)) << file.path << file.from;
}

TEST(Waivers, WrittenAnewWithoutAChangeIsNoChange) { EXPECT_TRUE(may_waive("ben", rules(), waivers(""))); }

TEST(Waivers, WithoutRulesNobodyIsKeptFromThem) {
  Update update;
  update.branch = "develop";
  update.files = {waivers()};
  EXPECT_TRUE(decide({"ana", {}, true}, std::nullopt, update, {}).allowed);
}

TEST(Branches, AdvisoryChecksAreNamedLikeTheOthersAndNotTwice) {
  const auto with = [](const std::string& rule) {
    return parse_roles(R"({"roles": {"r": {"may": [{"manage": "roles"}]}}, "branches": {"main": )" + rule + "}}");
  };
  const auto roles = with(R"({"checks": ["readable"], "advisory": ["validate"]})");
  ASSERT_TRUE(roles);
  EXPECT_EQ(rule_for(*roles, "main").advisory, std::vector<std::string>{"validate"});
  EXPECT_EQ(rule_for(*roles, "main").checks, std::vector<std::string>{"readable"});
  EXPECT_FALSE(with(R"({"checks": ["validate"], "advisory": ["validate"]})"));
  EXPECT_FALSE(with(R"({"advisory": 1})"));
}

}  // namespace
}  // namespace aecos::policy
