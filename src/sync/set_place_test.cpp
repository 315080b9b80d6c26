#include "sync/set_place.h"

#include <gtest/gtest.h>

namespace aecos::sync {
namespace {

std::string in_json(std::string_view file, std::string_view at, const std::string& value) {
  auto set = set_place("a.json", file, at, value, {});
  return set ? *set : "error: " + set.error().message;
}

TEST(SetPlace, AMemberIsReplacedAndTheRestStays) {
  EXPECT_EQ(in_json("{ \"a\" : 1.10,\n\"b\": {\"c/d\":2} }", "/b/c~1d", "\"x\""),
            "{ \"a\" : 1.10,\n\"b\": {\"c/d\":\"x\"} }");
  EXPECT_EQ(in_json("[{\"id\": \"w\", \"n\": 1}, {\"id\": \"v\", \"n\": 2}]", "/[id=v]/n", "3"),
            "[{\"id\": \"w\", \"n\": 1}, {\"id\": \"v\", \"n\": 3}]");
}

TEST(SetPlace, AMissingMemberIsPutAtTheEndInTheSameStyle) {
  EXPECT_EQ(in_json("{\n  \"a\": 1,\n  \"b\": 2\n}\n", "/c", "3"), "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n");
  EXPECT_EQ(in_json("{\n  \"a\": 1\n}\n", "/c", "3"), "{\n  \"a\": 1,\n  \"c\": 3\n}\n");
  EXPECT_EQ(in_json("{\"a\": {}}", "/a/c", "3"), "{\"a\": {\"c\": 3}}");
}

TEST(SetPlace, WhatCannotBeSetSaysWhy) {
  EXPECT_EQ(in_json("{\"a\": 1}", "/b/c", "3"), "error: a.json: /b/c: there is no such place in the file any more");
  EXPECT_EQ(in_json("{\"a\": 1}", "/a", "{").substr(0, 30), "error: a.json: /a: not a value");
}

TEST(SetPlace, TextIsFoundByWhatStandsThere) {
  EXPECT_EQ(*set_place("a.md", "# A\n\nold text\n", "A, paragraph 1", "\"new\"", "\"old text\\n\""), "# A\n\nnew\n");
  EXPECT_FALSE(set_place("a.md", "x x", "line 1", "\"y\"", "\"x\""));
  EXPECT_FALSE(set_place("a.md", "x x", "line 1", "\"y\"", "\"z\""));
}

}  // namespace
}  // namespace aecos::sync
