#include "text/json.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "text/json_writer.h"

namespace aecos::text {
namespace {

JsonDocument parse(std::string_view source) {
  auto doc = parse_json(source);
  if (!doc) throw std::runtime_error(doc.error().message);
  return *std::move(doc);
}

std::string error_of(std::string_view source) {
  auto doc = parse_json(source);
  return doc ? "" : doc.error().message;
}

bool equal_texts(std::string_view a, std::string_view b) {
  JsonDocument x = parse(a), y = parse(b);
  return equal(x.root(), y.root());
}

TEST(Json, ReadsEveryKindOfValue) {
  JsonDocument doc = parse(R"({"a": {"b": "x"}, "n": -1.5e1, "i": 12, "t": true, "z": null, "l": [1, [2]]})");
  JsonNode root = doc.root();
  EXPECT_EQ(root["a"]["b"].as_string(), "x");
  EXPECT_EQ(root["n"].as_double(), -15.0);
  EXPECT_EQ(root["n"].as_int(), -15);
  EXPECT_EQ(root["i"].as_int(), 12);
  EXPECT_EQ(root["t"].as_bool(), true);
  EXPECT_TRUE(root["z"].is_null());
  EXPECT_EQ(root["l"][1][0].as_int(), 2);
  EXPECT_EQ(root.size(), 6U);
}

TEST(Json, WhatIsNotThereAnswersWithNothing) {
  JsonDocument doc = parse(R"({"a": 1})");
  JsonNode missing = doc.root()["x"]["y"][3];
  EXPECT_FALSE(missing);
  EXPECT_FALSE(missing.is_null());
  EXPECT_EQ(missing.as_string(), std::nullopt);
  EXPECT_EQ(missing.size(), 0U);
  EXPECT_EQ(missing.begin(), missing.end());
  EXPECT_EQ(doc.root()["a"].as_string(), std::nullopt);
}

TEST(Json, KeepsEveryByteAndItsPlace) {
  std::string source = "\xEF\xBB\xBF{ \"a\" : 1.10 ,\r\n\t\"b\\u0041\":[ ] }\n";
  JsonDocument doc = parse(source);
  EXPECT_EQ(doc.source(), source);
  EXPECT_EQ(doc.root()["a"].raw(), "1.10");
  EXPECT_EQ(doc.root()["bA"].raw(), "[ ]");
  EXPECT_EQ(doc.root()["bA"].key_raw(), "\"b\\u0041\"");
  EXPECT_EQ(to_string(doc.root()["bA"].where()), "2:12");
  EXPECT_EQ(to_string(doc.root()["a"].where()), "1:9");
}

TEST(Json, DecodesEscapes) {
  JsonDocument doc = parse(R"(["\"\\\/\b\f\n\r\t", "\u00e4\u20AC\ud83d\ude00", "a\u0000b", "\ud800"])");
  EXPECT_EQ(doc.root()[0].as_string(), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(doc.root()[1].as_string(), "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(doc.root()[2].as_string(), std::string_view("a\0b", 3));
  EXPECT_EQ(doc.root()[3].as_string(), "\xED\xA0\x80");
}

TEST(Json, PointersLeadThereAndBack) {
  JsonDocument doc = parse(R"({"a/b": [{"m~n": 1}, 2], "": 3})");
  JsonNode node = doc.root()["a/b"][0]["m~n"];
  EXPECT_EQ(node.pointer(), "/a~1b/0/m~0n");
  for (std::uint32_t i = 0; i < doc.node_count(); ++i) EXPECT_EQ(doc.find(doc.node(i).pointer()), doc.node(i));
  EXPECT_FALSE(doc.find("/a~1b/2"));
  EXPECT_FALSE(doc.find("/a~1b/01"));
  EXPECT_FALSE(doc.find("a"));
}

TEST(Json, EqualityIsOfValues) {
  EXPECT_TRUE(equal_texts("1.10", "1.1"));
  EXPECT_TRUE(equal_texts("1.1", "11e-1"));
  EXPECT_TRUE(equal_texts("100", "1E+2"));
  EXPECT_TRUE(equal_texts("-0.0", "0"));
  EXPECT_TRUE(equal_texts("0.1", "0.10000000000000001"));
  EXPECT_TRUE(equal_texts("1e400", "10e399"));
  EXPECT_TRUE(equal_texts(R"({"a":1,"b":[2]})", R"({ "b" : [2.0], "\u0061" : 1 })"));
  EXPECT_FALSE(equal_texts("9007199254740993", "9007199254740992"));
  EXPECT_FALSE(equal_texts("1", "-1"));
  EXPECT_FALSE(equal_texts("1e400", "1e401"));
  EXPECT_FALSE(equal_texts("1e-400", "1e-401"));
  EXPECT_FALSE(equal_texts("\"1\"", "1"));
  EXPECT_FALSE(equal_texts("[1,2]", "[2,1]"));
  EXPECT_FALSE(equal_texts("[[1],2]", "[1,[2]]"));
  EXPECT_FALSE(equal_texts("null", "false"));
  EXPECT_FALSE(equal_texts("{}", "[]"));
}

TEST(Json, ErrorsSayWhereAndWhat) {
  EXPECT_EQ(error_of(""), "1:1: expected a value, found end of file");
  EXPECT_EQ(error_of("{\"a\":1,\n  \"b\" 2}"), "2:7: expected ':' after a key, found '2'");
  EXPECT_EQ(error_of("[1,]"), "1:4: expected a value, found ']'");
  EXPECT_EQ(error_of("[1 2]"), "1:4: expected ',' or ']', found '2'");
  EXPECT_EQ(error_of("{\"a\":1,}"), "1:8: expected a key in double quotes, found '}'");
  EXPECT_EQ(error_of("\"\xC3\xA4\n\""), "1:3: control character byte 0x0A in a string");
  EXPECT_EQ(error_of("\"abc"), "1:1: the string has no end");
  EXPECT_EQ(error_of("\"\\x\""), "1:2: unknown escape in a string");
  EXPECT_EQ(error_of("\"\\u12G4\""), "1:2: \\u needs four hexadecimal digits");
  EXPECT_EQ(error_of("01"), "1:1: a number may not begin with 0");
  EXPECT_EQ(error_of("1."), "1:3: expected a digit, found end of file");
  EXPECT_EQ(error_of("1 2"), "1:3: unexpected '2' after the end of the document");
  EXPECT_EQ(error_of(std::string_view("\0", 1)), "1:1: expected a value, found byte 0x00");
}

TEST(Json, DuplicateKeysNameBothPlaces) {
  EXPECT_EQ(error_of("{\"a\":1,\n \"b\":2,\n \"\\u0061\":3}"), "3:2: key \"\\u0061\" is already at 1:2");
}

TEST(Json, DeepNestingIsAnErrorNotACrash) {
  std::string deep(100000, '[');
  EXPECT_EQ(error_of(deep), "1:1001: nested deeper than 1000 levels");
  std::string allowed = std::string(json_depth_max, '[') + std::string(json_depth_max, ']');
  JsonDocument doc = parse(allowed);
  EXPECT_TRUE(equal_texts(allowed, " " + allowed));
  EXPECT_EQ(compact(doc.root()), allowed);
}

TEST(Json, ManyKeysAreReadInReasonableTime) {
  std::string source = "{";
  for (int i = 0; i < 200000; ++i) source += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":" + std::to_string(i);
  source += "}";
  JsonDocument doc = parse(source);
  EXPECT_EQ(doc.root()["k199999"].as_int(), 199999);
}

TEST(JsonWriter, WritesPrettyAndCompact) {
  auto fill = [](JsonWriter json) {
    json.begin_object().member("a", "x\n\"").member("n", 3).key("l").begin_array().value(1.5).value(true).null();
    json.end_array().key("e").begin_object().end_object().end_object();
    return std::move(json).take();
  };
  EXPECT_EQ(fill(JsonWriter()), R"({"a":"x\n\"","n":3,"l":[1.5,true,null],"e":{}})");
  EXPECT_EQ(
      fill(JsonWriter(2)),
      "{\n  \"a\": \"x\\n\\\"\",\n  \"n\": 3,\n  \"l\": [\n    1.5,\n    true,\n    null\n  ],\n  \"e\": {}\n}\n");
}

TEST(JsonWriter, QuotedBytesAreAlwaysValidJson) {
  EXPECT_EQ(json_quote("\xC3\xA4\x01\x7F"), "\"\xC3\xA4\\u0001\x7F\"");
  EXPECT_EQ(json_quote("a\xFF\xC0\x80"), "\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(json_quote("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(json_quote("\xE2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(JsonWriter, NumbersReadBackAsTheSameDouble) {
  for (double value : {0.1, 1e300, -2.5, 1.0 / 3, 5e-324})
    EXPECT_EQ(parse(json_number(value)).root().as_double(), value);
  EXPECT_EQ(json_number(1.0 / 0.0), "null");
}

TEST(JsonWriter, AnUnfinishedDocumentIsABug) {
  JsonWriter json;
  json.begin_object().key("a");
  EXPECT_THROW(json.end_object(), std::logic_error);
  EXPECT_THROW(std::move(json).take(), std::logic_error);
}

TEST(JsonWriter, CopiesNodesWithTheirSpelling) {
  JsonDocument doc = parse("{ \"a\" : [1.10, \"\\u0041\"] }");
  EXPECT_EQ(compact(doc.root()), "{\"a\":[1.10,\"\\u0041\"]}");
  JsonWriter json(1);
  json.value(doc.root());
  EXPECT_EQ(std::move(json).take(), "{\n \"a\": [\n  1.10,\n  \"\\u0041\"\n ]\n}\n");
}

}  // namespace
}  // namespace aecos::text
