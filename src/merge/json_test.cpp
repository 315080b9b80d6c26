#include <gtest/gtest.h>

#include "merge/merge.h"

namespace aecos::merge {
namespace {

Outcome merge_json_text(std::string_view base, std::string_view ours, std::string_view theirs,
                        const Options& options = {}) {
  auto outcome = merge_json(base, ours, theirs, options);
  if (!outcome) throw std::runtime_error(outcome.error().message);
  return *std::move(outcome);
}

std::string clean(std::string_view base, std::string_view ours, std::string_view theirs, const Options& options = {}) {
  Outcome outcome = merge_json_text(base, ours, theirs, options);
  EXPECT_TRUE(outcome.conflicts.empty()) << outcome.conflicts[0].at;
  EXPECT_EQ(merge_json_text(base, theirs, ours, options).merged, outcome.merged) << "from the other side";
  return outcome.merged;
}

TEST(JsonMerge, TakesTheEditsOfBothSides) {
  EXPECT_EQ(clean(R"({"a": 1, "b": 2})", R"({"a": 9, "b": 2})", R"({"a": 1, "b": 8})"), R"({"a": 9, "b": 8})");
  EXPECT_EQ(clean(R"({"a": 1, "b": 2})", R"({"b": 2})", R"({"a": 1, "b": 2, "c": 3})"), R"({"b": 2, "c": 3})");
  EXPECT_EQ(clean("1", "1", "2"), "2");
}

TEST(JsonMerge, OtherSpellingIsNoChange) {
  EXPECT_EQ(clean(R"({"a": 1.10, "b": "\u00e4"})", R"({"a": 2, "b": "ä"})", R"({"a": 1.1, "b": "ä", "c": 3})"),
            R"({"a": 2, "b": "ä", "c": 3})");
}

TEST(JsonMerge, AdditionsFollowTheStyleAroundThem) {
  std::string base = "{\n    \"a\": {\n        \"x\": 1\n    }\n}\n";
  EXPECT_EQ(clean(base, "{\n    \"a\": {\n        \"x\": 1,\n        \"y\": {\"z\": [1, 2]}\n    }\n}\n",
                  "{\n    \"a\": {\n        \"x\": 2\n    }\n}\n"),
            "{\n    \"a\": {\n        \"x\": 2,\n        \"y\": {\"z\": [1, 2]}\n    }\n}\n");
  // From a file that was minified meanwhile: theirs alone changed the writing, so that is taken.
  EXPECT_EQ(clean(base, "{\n    \"a\": {\n        \"x\": 1\n    },\n    \"b\": {\n        \"y\": 2\n    }\n}\n",
                  "{\"a\":{\"x\":2}}"),
            "{\"a\":{\"x\":2},\"b\":{\"y\":2}}");
}

TEST(JsonMerge, AdditionsFromAnotherStyleAreLaidOutAnew) {
  // Both changed the writing, each in its own way: base's stays.
  std::string base = "{\n  \"a\": 1,\n  \"b\": [1, 2]\n}\n";
  EXPECT_EQ(
      clean(base, "{\"a\":1,\"b\":[1,2],\"c\":{\"d\":{\"e\":[3,4]}}}",
            "{\n\t\"a\": 2,\n\t\"b\": [1, 2],\n\t\"f\": {\n\t\t\"g\": 5\n\t}\n}\n"),
      "{\n  \"a\": 2,\n  \"b\": [1, 2],\n  \"c\": {\n    \"d\": {\n      \"e\": [3, 4]\n    }\n  },\n  \"f\": {\n    "
      "\"g\": 5\n  }\n}\n");
}

TEST(JsonMerge, FillsWhatWasEmpty) {
  EXPECT_EQ(clean("{\n  \"a\": {},\n  \"b\": []\n}", "{\n  \"a\": {\"x\": 1},\n  \"b\": []\n}",
                  "{\n  \"a\": {},\n  \"b\": [\"t\"]\n}"),
            "{\n  \"a\": {\"x\": 1},\n  \"b\": [\"t\"]\n}");
}

TEST(JsonMerge, BothAddOneObjectMemberByMember) {
  EXPECT_EQ(clean("{}", R"({"p": {"a": 1}})", R"({"p": {"b": 2}})"), R"({"p": {"a": 1, "b": 2}})");
  Outcome outcome = merge_json_text("{}", R"({"p": {"a": 1}})", R"({"p": {"a": 2}})");
  ASSERT_EQ(outcome.conflicts.size(), 1U);
  EXPECT_EQ(outcome.conflicts[0].at, "/p/a");
  EXPECT_EQ(outcome.conflicts[0].kind, ConflictKind::both_added);
}

TEST(JsonMerge, KeyedListsKeepOrderAndPlaceAdditions) {
  EXPECT_EQ(clean(R"([{"id":1},{"id":2},{"id":3}])", R"([{"id":1},{"id":9},{"id":2},{"id":3}])",
                  R"([{"id":3},{"id":1},{"id":2}])"),
            R"([{"id":3},{"id":1},{"id":9},{"id":2}])");
}

TEST(JsonMerge, IdentityThatIsNotUniqueIsNone) {
  Outcome outcome = merge_json_text(R"([{"id":1,"a":1},{"id":1,"a":2}])", R"([{"id":1,"a":3},{"id":1,"a":2}])",
                                    R"([{"id":1,"a":1},{"id":1,"a":4}])");
  EXPECT_EQ(outcome.merged, R"([{"id":1,"a":3},{"id":1,"a":4}])");
  EXPECT_TRUE(outcome.conflicts.empty());
}

TEST(JsonMerge, PathIsAnIdentityInIfcxAlone) {
  std::string base = R"([{"path":"a","id":1,"x":1},{"path":"b","id":2,"x":1}])";
  std::string ours = R"([{"path":"a","id":2,"x":1},{"path":"b","id":1,"x":1}])";
  std::string theirs = R"([{"path":"a","id":1,"x":5},{"path":"b","id":2,"x":1}])";
  Options options;
  options.path = "m.ifcx";
  EXPECT_EQ(clean(base, ours, theirs, options), R"([{"path":"a","id":2,"x":5},{"path":"b","id":1,"x":1}])");
}

TEST(JsonMerge, ListsOfTextsAreSets) {
  EXPECT_EQ(clean(R"(["a","b"])", R"(["a","b","c"])", R"(["b","d"])"), R"(["b","c","d"])");
  EXPECT_EQ(clean(R"({"t":[]})", R"({"t":["x"]})", R"({"t":["y"]})"), R"({"t":["x","y"]})");
}

TEST(JsonMerge, VectorsAreNotMixed) {
  for (auto [base, ours, theirs] : {std::array{"[1,2,3]", "[1,2,4]", "[1,2,5]"}, {"[0,0]", "[0,1]", "[0,2]"}}) {
    Outcome outcome = merge_json_text(base, ours, theirs);
    ASSERT_EQ(outcome.conflicts.size(), 1U);
    EXPECT_EQ(outcome.conflicts[0].kind, ConflictKind::both_changed);
    EXPECT_EQ(outcome.merged, ours);
  }
}

TEST(JsonMerge, ElementsWithoutIdentityByPosition) {
  EXPECT_EQ(clean(R"([{"a":1,"b":1},{"a":2}])", R"([{"a":9,"b":1},{"a":2}])", R"([{"a":1,"b":8},{"a":2},{"a":3}])"),
            R"([{"a":9,"b":8},{"a":2},{"a":3}])");
  EXPECT_EQ(clean(R"([])", R"([{"a":1}])", R"([{"b":1}])"), R"([{"a":1},{"b":1}])");
  EXPECT_EQ(clean("[[1,2],[3,4],[5,6]]", "[[1,9],[3,4],[5,6]]", "[[1,2],[3,4],[7,8],[5,6]]"),
            "[[1,9],[3,4],[7,8],[5,6]]");
}

TEST(JsonMerge, MovedByOneAndRemovedByTheOtherIsAConflict) {
  Outcome outcome = merge_json_text("[[1],[2],[3]]", "[[2],[3],[1]]", "[[2],[3]]");
  ASSERT_EQ(outcome.conflicts.size(), 1U);
  EXPECT_EQ(outcome.conflicts[0].theirs, "[[2],[3]]");
}

TEST(JsonMerge, DecisionsReplacePolicyAndRules) {
  Outcome first = merge_json_text(R"({"a":1,"b":2})", R"({"b":3})", R"({"a":5,"b":4})");
  ASSERT_EQ(first.conflicts.size(), 2U);
  EXPECT_EQ(first.merged, R"({"a":5,"b":3})");
  Options options;
  for (const Conflict& conflict : first.conflicts) {
    options.choices[conflict.id] = conflict.at == "/a" ? Side::ours : Side::theirs;
  }
  Outcome second = merge_json_text(R"({"a":1,"b":2})", R"({"b":3})", R"({"a":5,"b":4})", options);
  EXPECT_EQ(second.merged, R"({"b":4})");
  EXPECT_EQ(second.conflicts[0].because, "decided");
}

TEST(JsonMerge, SaysWhatWasTaken) {
  Outcome outcome =
      merge_json_text(R"({"a":1,"l":[{"name":"x/y","v":1}],"s":1})", R"({"a":2,"l":[{"name":"x/y","v":1}],"s":3})",
                      R"({"a":1,"l":[{"name":"x/y","v":7}],"s":3,"n":{}})");
  std::vector<std::string> taken;
  for (const Taken& t : outcome.taken) {
    taken.push_back(std::string(to_string(t.side)) + (t.both ? "+ " : " ") + t.change.at + " " +
                    t.change.before.value_or("-") + " " + t.change.after.value_or("-"));
  }
  EXPECT_EQ(taken,
            (std::vector<std::string>{"ours /a 1 2", "theirs /l/[name=x~1y]/v 1 7", "ours+ /s 1 3", "theirs /n - {}"}));
}

TEST(JsonMerge, ErrorsNameTheSideAndThePlace) {
  EXPECT_EQ(merge_json("{}", "{\n\"a\" 1}", "{\"a\":2}", {}).error().message,
            "ours:2:5: expected ':' after a key, found '1'");
  EXPECT_EQ(merge_json("{", "{}", "[]", {}).error().message.substr(0, 5), "base:");
}

TEST(JsonMerge, LargeDocumentsTakeLinearTime) {
  auto list = [](int changed) {
    std::string text = "[";
    for (int i = 0; i < 100000; ++i) {
      text +=
          (i ? ",{\"id\":" : "{\"id\":") + std::to_string(i) + ",\"v\":" + std::to_string(i == changed ? -1 : i) + "}";
    }
    return text + "]";
  };
  EXPECT_TRUE(merge_json_text(list(-1), list(5), list(99999)).conflicts.empty());
  std::string numbers = "[";
  for (int i = 0; i < 300000; ++i) numbers += std::to_string(i % 7) + ",";
  EXPECT_TRUE(merge_json_text(numbers + "1]", "[8," + numbers.substr(1) + "1]", numbers + "1,9]").conflicts.empty());
}

}  // namespace
}  // namespace aecos::merge
