#include "speckle/graphql.h"

#include <gtest/gtest.h>

#include "speckle/server.h"

namespace aecos::speckle {
namespace {

class TwoProjects final : public Library {
 public:
  Person person() override { return {"u1", "Ana", "ana@example.org", false}; }
  Result<std::vector<Project>> projects() override { return std::vector<Project>{house_, barn_}; }
  Result<Project> project(const std::string& id) override {
    if (id == house_.id) return house_;
    if (id == "bbbbbbbbbb") return Error{ErrorCode::denied, "not yours"};
    return Error{ErrorCode::not_found, "Project not found"};
  }
  Result<std::vector<Version>> versions(const Project&) override {
    return std::vector<Version>{{"cccccccccc", std::string(32, 'd'), "Higher \"walls\"", "Ben", "2026-11-29T10:00:00Z"},
                                {"eeeeeeeeee", std::string(32, 'f'), "First", "Ana", "2026-11-28T10:00:00Z"}};
  }

 private:
  Project house_{"aaaaaaaaaa",           "1111111111",          "House", "house", "develop", "stream:reviewer",
                 "2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z"};
  Project barn_{"9999999999",           "2222222222",          "Barn", "barn", "develop", "stream:owner",
                "2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z"};
};

std::string asked(const std::string& query, const std::string& variables = "{}", const std::string& operation = "") {
  TwoProjects library;
  return graphql::execute({query, operation, variables}, query_root(library, "http://hub", "3.0.0"), nullptr);
}

TEST(GraphQl, FieldsComeInTheOrderAndUnderTheNamesTheyAreAskedFor) {
  EXPECT_EQ(asked("{ b:serverInfo { version name } a:activeUser { n:name } }"),
            R"({"data":{"b":{"version":"3.0.0","name":"aecos hub"},"a":{"n":"Ana"}}})");
}

TEST(GraphQl, VariablesDefaultsEnumerationsAndInputObjectsAreArguments) {
  const std::string query =
      "query P($id: String!, $n: Int = 1, $f: F) { project(id: $id) { models(limit: $n, filter: {search: $f, kind: "
      "ALL}) "
      "{ totalCount items { name } } } }";
  EXPECT_EQ(asked(query, R"({"id":"aaaaaaaaaa"})"),
            R"({"data":{"project":{"models":{"totalCount":1,"items":[{"name":"develop"}]}}}})");
  EXPECT_EQ(asked(query, R"({"id":"aaaaaaaaaa","n":0,"f":null})"),
            R"({"data":{"project":{"models":{"totalCount":1,"items":[]}}}})");
  EXPECT_NE(asked(query).find("required"), std::string::npos);
}

TEST(GraphQl, FragmentsOfBothKindsApplyToTheirTypes) {
  EXPECT_EQ(
      asked("query { activeUser { ...who ... on User { email } ... on Stream { x } ... { role } } } "
            "fragment who on User { name __typename }"),
      R"({"data":{"activeUser":{"name":"Ana","__typename":"User","email":"ana@example.org","role":"server:user"}}})");
}

TEST(GraphQl, TheSameFieldTwiceIsOneWithAllThatIsWantedOfIt) {
  EXPECT_EQ(asked("{ activeUser { id } activeUser { name } }"), R"({"data":{"activeUser":{"id":"u1","name":"Ana"}}})");
}

TEST(GraphQl, FieldsAreLeftOutAsDirectivesSay) {
  EXPECT_EQ(asked("query($w: Boolean!) { activeUser { id @include(if: $w) name @skip(if: $w) } }", R"({"w":false})"),
            R"({"data":{"activeUser":{"name":"Ana"}}})");
}

TEST(GraphQl, AFieldThatFailsIsNullAndTheOthersStand) {
  EXPECT_EQ(asked(R"({ a: project(id: "bbbbbbbbbb") { id } b: project(id: "aaaaaaaaaa") { id } })"),
            R"({"data":{"a":null,"b":{"id":"aaaaaaaaaa"}},"errors":[{"message":"not yours","path":["a"],)"
            R"("extensions":{"code":"FORBIDDEN"}}]})");
  EXPECT_NE(asked("{ nonsense }").find(R"(Cannot query field \"nonsense\" on type \"Query\".)"), std::string::npos);
}

TEST(GraphQl, VersionsComeByPages) {
  const std::string query =
      R"(query($c: String) { project(id: "aaaaaaaaaa") { model(id: "1111111111") { versions(limit: 1, cursor: $c) )"
      "{ totalCount cursor items { id referencedObject message } } } } }";
  EXPECT_NE(asked(query).find(R"("totalCount":2,"cursor":"1","items":[{"id":"cccccccccc")"), std::string::npos);
  EXPECT_NE(asked(query, R"({"c":"1"})").find(R"("totalCount":2,"cursor":null,"items":[{"id":"eeeeeeeeee")"),
            std::string::npos);
}

TEST(GraphQl, ViewersFindTheObjectOfAVersionInTheOldWayToo) {
  EXPECT_EQ(asked(R"({ stream(id: "aaaaaaaaaa") { commit(id: "eeeeeeeeee") { referencedObject } } })"),
            R"({"data":{"stream":{"commit":{"referencedObject":")" + std::string(32, 'f') + "\"}}}}");
}

TEST(GraphQl, WhatIsNotWellFormedIsRefusedWithItsPlace) {
  for (const char* query : {"", "{", "{}", "{ a(", "{ a(b: ) }", "{ a: }", "query {", "{ a } }", "{ \"a\" }",
                            "{ a(b: \"x) }", "fragment f on User { id }", "{ ...}", "{ a @ }", "{ a(b: [1 }", "\x01"})
    EXPECT_NE(asked(query).find("\"errors\":[{\"message\":\"1:"), std::string::npos) << query << " " << asked(query);
}

TEST(GraphQl, OperationsThatAreNotForReadingAreRefused) {
  EXPECT_NE(asked("mutation { versionMutations { create } }").find("not answered here"), std::string::npos);
  EXPECT_NE(asked("subscription { projectUpdated { id } }").find("not answered here"), std::string::npos);
}

TEST(GraphQl, OneOfSeveralOperationsIsNamed) {
  const std::string both = "query A { activeUser { id } } query B { activeUser { name } }";
  EXPECT_EQ(asked(both, "{}", "B"), R"({"data":{"activeUser":{"name":"Ana"}}})");
  EXPECT_NE(asked(both).find("errors"), std::string::npos);
}

TEST(GraphQl, WhatGrowsWithoutEndEnds) {
  std::string deep, closing;
  for (int i = 0; i < 100'000; ++i) deep += "{a", closing += "}";
  EXPECT_NE(asked(deep + closing).find("too deep"), std::string::npos);
  EXPECT_NE(asked("{ ...f } fragment f on Query { ...f serverInfo { name } }").find("aecos hub"), std::string::npos);
  std::string doubling = "{ ...f0 }";
  for (int i = 0; i < 60; ++i)
    doubling += " fragment f" + std::to_string(i) + " on Query { ...f" + std::to_string(i + 1) + " ...f" +
                std::to_string(i + 1) + " }";
  EXPECT_EQ(asked(doubling), R"({"data":{}})");
}

TEST(GraphQl, TextsKeepTheirMeaning) {
  EXPECT_NE(asked(R"({ project(id: "aaaaaa\u0061aaa") { id } })").find("aaaaaaaaaa"), std::string::npos);
  EXPECT_NE(asked("{ project(id: \"\"\"\n  aaaaaaaaaa\n\"\"\") { id } }").find(R"("id":"aaaaaaaaaa")"),
            std::string::npos);
  EXPECT_NE(asked("# a remark\n{ activeUser, { id } }").find("u1"), std::string::npos);
}

}  // namespace
}  // namespace aecos::speckle
