#include <gtest/gtest.h>

#include <stdexcept>

#include "http/router_internal.h"

namespace aecos::http {
namespace {

RouteTable table_of(const std::vector<std::pair<std::string, std::string>>& routes) {
  RouteTable table;
  for (const auto& [method, pattern] : routes) table.add(method, {pattern, Handler()});
  return table;
}

// "PATTERN: PARAMETER PARAMETER"
std::string found(const RouteTable& table, const std::string& path, const std::string& method = "GET") {
  const RouteMatch match = table.find(method, path);
  if (!match.route) return "";
  std::string text = match.route->pattern + ":";
  for (const std::string& parameter : match.parameters) text += " " + parameter;
  return text;
}

TEST(Router, PlaceholdersMatchOneSegmentAndTheLastTheRest) {
  const RouteTable table = table_of({{"GET", "/"}, {"GET", "/a/{}/b/{}"}, {"GET", "/files/{*}"}});
  EXPECT_EQ(found(table, "/"), "/:");
  EXPECT_EQ(found(table, "/a/x/b/y"), "/a/{}/b/{}: x y");
  EXPECT_EQ(found(table, "/a/x/b"), "");
  EXPECT_EQ(found(table, "/a/x/b/y/z"), "");
  EXPECT_EQ(found(table, "/files/x/y/z"), "/files/{*}: x/y/z");
  EXPECT_EQ(found(table, "/files"), "");
  EXPECT_EQ(found(table, "/A/x/b/y"), "");
}

TEST(Router, LiteralsGoBeforePlaceholdersAndThoseBeforeTheRest) {
  const RouteTable table =
      table_of({{"GET", "/{*}"}, {"GET", "/a/{}/c"}, {"GET", "/a/b/d"}, {"GET", "/{}/{}"}, {"GET", "/a/b"}});
  EXPECT_EQ(found(table, "/a/b"), "/a/b:");
  EXPECT_EQ(found(table, "/a/x"), "/{}/{}: a x");
  EXPECT_EQ(found(table, "/a/b/d"), "/a/b/d:");
  EXPECT_EQ(found(table, "/a/b/c"), "/a/{}/c: b");
  EXPECT_EQ(found(table, "/a/b/e"), "/{*}: a/b/e");
  EXPECT_EQ(found(table, "/x"), "/{*}: x");
}

TEST(Router, AMethodIsLookedForInAllPatternsThatMatch) {
  const RouteTable table = table_of({{"GET", "/locks/verify"}, {"POST", "/locks/{}"}, {"PUT", "/{*}"}});
  EXPECT_EQ(found(table, "/locks/verify", "POST"), "/locks/{}: verify");
  EXPECT_EQ(found(table, "/locks/verify", "PUT"), "/{*}: locks/verify");
  EXPECT_EQ(found(table, "/locks/verify", "HEAD"), "/locks/verify:");
  EXPECT_EQ(found(table, "/locks/verify", "DELETE"), "");
  EXPECT_EQ(table.find("DELETE", "/locks/verify").allow, "GET, HEAD, OPTIONS, POST, PUT");
  EXPECT_EQ(table.find("GET", "/").allow, "");
}

TEST(Router, EventStreamsHaveNoHead) {
  RouteTable table;
  table.add("GET", {"/events", EventHandler()});
  EXPECT_EQ(found(table, "/events"), "/events:");
  EXPECT_EQ(found(table, "/events", "HEAD"), "");
  EXPECT_EQ(table.find("HEAD", "/events").allow, "GET, OPTIONS");
}

TEST(Router, APathThatEndsWithASlashIsAnotherOne) {
  const RouteTable table = table_of({{"GET", "/a/{}/b/"}, {"GET", "/a/{}"}, {"GET", "/files/{*}"}});
  EXPECT_EQ(found(table, "/a/x/b/"), "/a/{}/b/: x");
  EXPECT_EQ(found(table, "/a/x/b"), "");
  EXPECT_EQ(found(table, "/a/x/"), "");
  EXPECT_EQ(found(table, "/a/"), "");
  EXPECT_EQ(found(table, "/files/x/"), "");
  EXPECT_EQ(found(table, "/files/"), "");
}

TEST(Router, AMethodOfARouteIsKnown) {
  const RouteTable table = table_of({{"PROPFIND", "/"}});
  EXPECT_TRUE(table.knows_method("PROPFIND"));
  EXPECT_TRUE(table.knows_method("PATCH"));
  EXPECT_FALSE(table.knows_method("get"));
}

TEST(Router, PatternsThatAreNoneOrThereAlreadyAreBugs) {
  for (const char* pattern : {"", "a", "/a//", "//", "/a{}", "/{*}/a", "/{x}", "/a/b"})
    EXPECT_THROW(table_of({{"GET", "/a/b"}, {"GET", pattern}}), std::invalid_argument) << pattern;
}

}  // namespace
}  // namespace aecos::http
