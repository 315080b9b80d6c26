#include "element/folder.h"

#include <gtest/gtest.h>

#include <set>

namespace aecos::element {
namespace {

constexpr std::string_view id = "3cUkl32yn9qRSPvBJVyWYp";

TEST(Slug, SaysClassNameAndIdentity) {
  EXPECT_EQ(slug_of("W-12", "IfcWall", id), "wall-w12-3cUkl32y");
  EXPECT_EQ(slug_of("Basic Wall:Interior", "IfcWallStandardCase", id), "wall-basic-wall-interior-3cUkl32y");
  EXPECT_EQ(slug_of("Außenwand Süd", "IfcWall", id), "wall-aussenwand-sued-3cUkl32y");
  EXPECT_EQ(slug_of("Wall 3", "IfcWall", id), "wall-3-3cUkl32y");
  EXPECT_EQ(slug_of("", "IfcDoor", id), "door-3cUkl32y");
  EXPECT_EQ(slug_of("壁", "IfcWall", id), "wall-3cUkl32y");
}

TEST(Slug, IsAFolderNameOnEverySystem) {
  for (const std::string_view name :
       {"con", "../../etc", "a/b\\c", "x. ", "a:b*c?\"<>|", "\n\t", "nul", "$HOME", "."}) {
    for (const std::string& slug : {slug_of(name, "IfcWall", "$$..3 2yn9qRSPvBJVyWYp"), long_slug_of(name, "", id)}) {
      EXPECT_LE(slug.size(), 64U);
      EXPECT_EQ(slug.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"),
                std::string::npos)
          << slug;
      EXPECT_NE(slug.front(), '-');
    }
  }
  EXPECT_LE(slug_of(std::string(500, 'x'), "IfcWall", id).size(), 64U);
}

TEST(Slug, TheLongOneIsAnotherForEveryGlobalId) {
  std::set<std::string> all;
  for (char a = 'a'; a <= 'z'; ++a) {
    const char upper = static_cast<char>(a - 'a' + 'A');
    for (const char c : {a, upper}) {
      std::string slug = long_slug_of("W", "IfcWall", std::string("3cUkl32yn9qRSPvBJVyWY") + c);
      for (char& one : slug) one = static_cast<char>(std::tolower(one));
      all.insert(slug);
    }
  }
  EXPECT_EQ(all.size(), 52U);
}

}  // namespace
}  // namespace aecos::element
