#include "policy/teams.h"

#include <gtest/gtest.h>

#include "policy/policy.h"

namespace aecos::policy {
namespace {

using What = TeamChange::What;

const std::string three_roles = R"({ "version": 1,
  "members": { "ana":  {"roles": ["lead"], "email": "ana@example.org"},
               "ben":  {"email": "ben@example.org", "roles": ["structural", "lead"]},
               "cleo": {"roles": [
                 "architect",
                 "structural"
               ], "login": {"github": "cleo-x"}} },
  "teams":   { "structural": {"github": "acme/structural", "gitlab": "acme/x"}, "architect": {"gitlab": "acme/a"} },
  "roles": {"lead": {"may": [{"manage": "roles"}]}, "structural": {"may": [{"write": "**"}]}, "architect": {}} }
)";

TeamsApplied applied(const std::string& json, std::vector<std::string> members) {
  auto done = apply_teams(json, "github", {{"structural", "acme/structural", std::move(members)}});
  if (!done) ADD_FAILURE() << done.error().message;
  return done ? *std::move(done) : TeamsApplied{};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t place = text.find(from);
  return place == std::string::npos ? "not there: " + from : text.replace(place, from.size(), to);
}

TEST(Teams, OnlyThoseOfTheSystem) {
  const auto github = teams_in(three_roles, "github");
  ASSERT_TRUE(github) << github.error().message;
  ASSERT_EQ(github->size(), 1U);
  EXPECT_EQ((*github)[0].role, "structural");
  EXPECT_EQ((*github)[0].name, "acme/structural");
  EXPECT_EQ(teams_in(three_roles, "gitlab")->size(), 2U);
}

TEST(Teams, ATeamOfNoRoleIsAnError) {
  EXPECT_FALSE(teams_in(R"({"teams": {"x": {"github": "a/x"}}})", "github"));
  EXPECT_FALSE(teams_in(R"({"roles": {"x": {}}, "teams": {"x": "a/x"}})", "github"));
  EXPECT_FALSE(teams_in(R"({"roles": {"x": {}}, "teams": {"x": {"github": 1}}})", "github"));
  EXPECT_FALSE(teams_in(R"({"teams": []})", "github"));
}

TEST(Teams, NothingChangesWhereAllIsSo) {
  const TeamsApplied same = applied(three_roles, {"Ben", "cleo-x"});
  EXPECT_EQ(same.json, three_roles);
  EXPECT_TRUE(same.changes.empty());
}

TEST(Teams, RolesComeAndGoAndAllElseStaysByteForByte) {
  const TeamsApplied done = applied(three_roles, {"ana"});
  std::string wanted = replaced(three_roles, R"(["lead"])", R"(["lead", "structural"])");
  wanted = replaced(wanted, R"(["structural", "lead"])", R"(["lead"])");
  wanted = replaced(wanted, "\"architect\",\n                 \"structural\"", "\"architect\"");
  EXPECT_EQ(done.json, wanted);
  EXPECT_EQ(done.changes,
            (std::vector<TeamChange>{{What::added, "ana", "structural", "acme/structural", "ana"},
                                     {What::removed, "ben", "structural", "acme/structural", ""},
                                     {What::removed, "cleo", "structural", "acme/structural", "cleo-x"}}));
}

TEST(Teams, WhoIsNoMemberYetBecomesOne) {
  const TeamsApplied done = applied(three_roles, {"ben", "cleo-x", "Dan"});
  EXPECT_NE(
      done.json.find("\"login\": {\"github\": \"cleo-x\"}},\n               \"dan\": {\"roles\": [\"structural\"]} },"),
      std::string::npos)
      << done.json;
  EXPECT_EQ(done.changes, (std::vector<TeamChange>{{What::joined, "dan", "structural", "acme/structural", "Dan"}}));
}

TEST(Teams, MembersOnLinesOfTheirOwnStaySo) {
  const std::string json =
      "{\n  \"members\": {\n    \"ana\": {\"roles\": [\"lead\"]}\n  },\n"
      "  \"roles\": {\"lead\": {\"may\": [{\"manage\": \"roles\"}]}, \"structural\": {}}\n}\n";
  const TeamsApplied done = applied(json, {"dan", "eva"});
  EXPECT_NE(done.json.find("    \"ana\": {\"roles\": [\"lead\"]},\n    \"dan\": {\"roles\": [\"structural\"]},\n"
                           "    \"eva\": {\"roles\": [\"structural\"]}\n  },"),
            std::string::npos)
      << done.json;
}

// Somebody else may have taken the name of a member at the forge.
TEST(Teams, AMemberWhoSaysTheirLoginHasNoOther) {
  const TeamsApplied done = applied(three_roles, {"cleo", "ben"});
  const TeamChange stranger{What::no_member, "", "structural", "acme/structural", "cleo"};
  ASSERT_EQ(done.changes.size(), 2U);
  EXPECT_EQ(done.changes[0], stranger);
  EXPECT_EQ(done.changes[1].what, What::removed);
  EXPECT_EQ(done.changes[1].member, "cleo");
}

TEST(Teams, LoginsThatCanBeNoMembersAreToldAndNotAdded) {
  const TeamsApplied done = applied(three_roles, {"ben", "cleo-x", "a b", "{role}"});
  EXPECT_EQ(done.json, three_roles);
  EXPECT_EQ(done.changes.size(), 2U);
}

TEST(Teams, TwoMembersWithOneLoginAreAnError) {
  const std::string json = R"({"members": {"a": {"login": "x"}, "b": {"login": {"github": "X"}}}, "roles": {"s": {}}})";
  EXPECT_FALSE(apply_teams(json, "github", {{"s", "t", {}}}));
}

TEST(Teams, SomebodyMayManageRolesAfterwards) {
  const auto done = apply_teams(three_roles, "github", {{"lead", "acme/lead", {}}});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::denied);
  EXPECT_TRUE(apply_teams(three_roles, "github", {{"lead", "acme/lead", {"dan"}}}));
}

TEST(Teams, OtherFormsOfMembers) {
  const std::string rest = R"("roles": {"lead": {"may": [{"manage": "roles"}]}, "structural": {}})";
  const std::pair<std::string, std::string> forms[] = {
      {R"({"members": {"ana": {"roles": "lead"}, "ben": {}}, )", R"("ben": {"roles": ["structural"]})"},
      {R"({"members": {"ana": {"roles": "lead"}, "ben": {"email": "b@x"}}, )",
       R"("ben": {"roles": ["structural"], "email": "b@x"})"},
      {R"({"members": {"ana": {"roles": ["lead"]}, "ben": {"roles": []}}, )", R"("ben": {"roles": ["structural"]})"}};
  for (const auto& [json, wanted] : forms) {
    const TeamsApplied done = applied(json + rest + "}", {"ben"});
    EXPECT_NE(done.json.find(wanted), std::string::npos) << done.json;
  }
  const TeamsApplied both = applied(forms[0].first + rest + "}", {"ana", "ben"});
  EXPECT_NE(both.json.find(R"({"roles": ["lead", "structural"]})"), std::string::npos) << both.json;
}

TEST(Teams, LoginsOfMembersAreTextsOfSystemsThatAreKnown) {
  EXPECT_TRUE(parse_roles(R"({"members": {"a": {"login": "x"}}})"));
  EXPECT_TRUE(parse_roles(R"({"members": {"a": {"login": {"github": "x", "gitlab": "y", "gitea": "z"}}}})"));
  for (const char* login : {"1", "\"\"", "[]", "{\"svn\": \"x\"}", "{\"github\": 1}", "{\"github\": \"\"}"})
    EXPECT_FALSE(parse_roles(std::string(R"({"members": {"a": {"login": )") + login + "}}}")) << login;
}

}  // namespace
}  // namespace aecos::policy
