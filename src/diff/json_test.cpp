#include "diff/json.h"

#include <gtest/gtest.h>

namespace aecos::diff {
namespace {

std::vector<std::string> json_changes(std::string_view before, std::string_view after,
                                      std::string_view path = "a.json") {
  std::vector<std::string> shown;
  auto found = diff_json(before, after, path);
  for (const Change& change : *found) {
    EXPECT_EQ(change.kind, ChangeKind::text);
    shown.push_back(change.at + ": " + change.before.value_or("-") + " > " + change.after.value_or("-"));
  }
  return shown;
}

using Lines = std::vector<std::string>;

TEST(JsonDiff, NamesPlaceAndValues) {
  EXPECT_EQ(json_changes(R"({"a":{"b":1},"c":2})", R"({"a":{"b":3,"d":[]}})"),
            (Lines{"/a/b: 1 > 3", "/a/d: - > []", "/c: 2 > -"}));
  EXPECT_EQ(json_changes("1", "\"1\""), (Lines{": 1 > \"1\""}));
  EXPECT_EQ(json_changes("", "{}"), (Lines{": - > {}"}));
}

TEST(JsonDiff, ChangesOfAnElementsMetadataAreTheElements) {
  const std::string before = R"({"globalId":"3cUkl32yn9qRSPvBJVyWYp","class":"IfcWall","name":"W-12","a":1})";
  const auto found = diff_json(before, "{\"globalId\":\"3cUkl32yn9qRSPvBJVyWYp\",\"name\":\"W-13\"}", "metadata.json");
  ASSERT_EQ(found->size(), 3U);
  for (const Change& change : *found) EXPECT_EQ(change.element.name, "W-13");
  EXPECT_EQ(diff_json(before, "", "metadata.json")->at(0).element,
            (ElementRef{"3cUkl32yn9qRSPvBJVyWYp", "IfcWall", "W-12"}));
  EXPECT_EQ(diff_json("{\"name\":\"W-12\",\"a\":1}", "{}", "a.json")->at(0).element, ElementRef());
}

TEST(JsonDiff, OtherSpellingIsNoChange) {
  EXPECT_EQ(json_changes(R"({"a":1.10,"b":[1]})", "{\"b\": [ 1.0 ],\n\"\\u0061\": 1.1}"), Lines());
}

TEST(JsonDiff, ElementsByIdentity) {
  EXPECT_EQ(
      json_changes(R"([{"name":"a/b","x":1},{"name":"c"}])", R"([{"name":"c"},{"name":"a/b","x":2},{"name":"d"}])"),
      (Lines{"/[name=a~1b]/x: 1 > 2", "/[name=d]: - > {\"name\":\"d\"}", R"(: ["a/b","c"] > ["c","a/b","d"])"}));
  EXPECT_EQ(json_changes(R"(["a","b"])", R"(["b","c"])"), (Lines{"/[=c]: - > \"c\"", "/[=a]: \"a\" > -"}));
}

TEST(JsonDiff, IdentityIsTheFirstMemberThatTellsAllApart) {
  auto identity = [](std::string_view list, std::string_view path) {
    auto document = text::parse_json(list);
    ListIdentity found = list_identity(std::array{document->root()}, json_rules(path));
    return found.kind == ListIdentity::Kind::value ? "=" : std::string(found.member);
  };
  EXPECT_EQ(identity(R"([{"id":1,"name":"x"},{"id":2,"name":"x"}])", "a.json"), "id");
  EXPECT_EQ(identity(R"([{"id":1,"name":"x"},{"id":1,"name":"y"}])", "a.json"), "name");
  EXPECT_EQ(identity(R"([{"id":1},{"name":"y"}])", "a.json"), "");
  EXPECT_EQ(identity(R"([{"id":[]}])", "a.json"), "");
  EXPECT_EQ(identity(R"([{"path":"a","id":1}])", "a.json"), "id");
  EXPECT_EQ(identity(R"([{"path":"a","id":1}])", "a.ifcx"), "path");
  EXPECT_EQ(identity(R"([1,2])", "a.json"), "=");
  EXPECT_EQ(identity(R"([1,2])", "a.geojson"), "");
  EXPECT_EQ(identity(R"([1,1])", "a.json"), "");
  EXPECT_EQ(identity(R"([1.0,1])", "a.json"), "");
}

TEST(JsonDiff, OtherElementsByPosition) {
  EXPECT_EQ(json_changes("[[1],[2],[3]]", "[[1],[9],[3],[4]]"),
            (Lines{"/1/[=9]: - > 9", "/1/[=2]: 2 > -", "/3: - > [4]"}));
  EXPECT_EQ(json_changes("[0,0,1]", "[0,0,2]"), (Lines{"/2: 1 > 2"}));
}

TEST(JsonDiff, PlacesLeadToTheirValues) {
  auto document = text::parse_json(R"({"l":[{"name":"a/b","x":[5,5]},{"name":"[c]"}],"t":["u"]})");
  EXPECT_EQ(find_place(*document, "/l/[name=a~1b]/x/1").as_int(), 5);
  EXPECT_EQ(find_place(*document, "/l/[name=[c]]").position(), 1U);
  EXPECT_EQ(find_place(*document, "/t/[=u]").as_string(), "u");
  EXPECT_EQ(find_place(*document, ""), document->root());
  EXPECT_FALSE(find_place(*document, "/l/[name=zz]"));
  EXPECT_FALSE(find_place(*document, "/l/2"));
}

}  // namespace
}  // namespace aecos::diff
