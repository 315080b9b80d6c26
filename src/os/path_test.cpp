#include "os/path.h"

#include <gtest/gtest.h>

namespace aecos::os {
namespace {

TEST(Path, JoinPutsOneSlashBetween) {
  EXPECT_EQ(join("a/b", "c/d"), "a/b/c/d");
  EXPECT_EQ(join("/", "c"), "/c");
  EXPECT_EQ(join("a/", "c"), "a/c");
  EXPECT_EQ(join("a", "/c"), "/c");
  EXPECT_EQ(join("", "c"), "c");
  EXPECT_EQ(join("a", ""), "a");
}

TEST(Path, ParentAndNameDivideAPath) {
  EXPECT_EQ(parent_of("a/b/c"), "a/b");
  EXPECT_EQ(parent_of("/a"), "/");
  EXPECT_EQ(parent_of("/"), "/");
  EXPECT_EQ(parent_of("a"), "");
  EXPECT_EQ(parent_of("a//b/"), "a");
  EXPECT_EQ(name_of("a/b/c.ifc"), "c.ifc");
  EXPECT_EQ(name_of("a/b/"), "b");
  EXPECT_EQ(name_of("a"), "a");
  EXPECT_EQ(name_of("/"), "");
}

TEST(Path, ExtensionIsThatOfTheNameInLowerCase) {
  EXPECT_EQ(extension_of("a/House.IFC"), ".ifc");
  EXPECT_EQ(extension_of("rules.ids.json"), ".json");
  EXPECT_EQ(extension_of("a/.gitignore"), "");
  EXPECT_EQ(extension_of("a.b/c"), "");
}

TEST(Path, NormalTakesOutDetours) {
  EXPECT_EQ(normal("/a/./b//../c"), "/a/c");
  EXPECT_EQ(normal("a/../../b"), "../b");
  EXPECT_EQ(normal("../../a/.."), "../..");
  EXPECT_EQ(normal("/../a/"), "/a");
  EXPECT_EQ(normal("/.."), "/");
  EXPECT_EQ(normal("a/.."), ".");
  EXPECT_EQ(normal(""), ".");
}

TEST(Path, InsideIsByWholeNames) {
  EXPECT_TRUE(is_inside("/a/b", "/a/b"));
  EXPECT_TRUE(is_inside("/a/b", "/a/b/c"));
  EXPECT_FALSE(is_inside("/a/b", "/a/bc"));
  EXPECT_FALSE(is_inside("/a/b", "/a"));
  EXPECT_TRUE(is_inside("/", "/a"));
  EXPECT_TRUE(is_inside(".", "a/b"));
  EXPECT_FALSE(is_inside(".", "../b"));
  EXPECT_FALSE(is_inside(".", "/b"));
  EXPECT_TRUE(is_inside(".", "..b"));
}

}  // namespace
}  // namespace aecos::os
