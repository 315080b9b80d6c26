#include "cli/forge_link.h"

#include <gtest/gtest.h>

namespace aecos::cli {
namespace {

TEST(ForgeLink, VariablesOfAFile) {
  const std::string file = "# A=no\n\nA=1\n export B = \"two words\" \nC='x'\r\nD=\n  E = a=b # c\nA=2\n";
  EXPECT_EQ(variable_in(file, "A"), "1");
  EXPECT_EQ(variable_in(file, "B"), "two words");
  EXPECT_EQ(variable_in(file, "C"), "x");
  EXPECT_EQ(variable_in(file, "D"), "");
  EXPECT_EQ(variable_in(file, "E"), "a=b # c");
  EXPECT_EQ(variable_in(file, "F"), std::nullopt);
  EXPECT_EQ(variable_in("", "A"), std::nullopt);
}

}  // namespace
}  // namespace aecos::cli
