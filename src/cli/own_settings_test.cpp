#include "cli/own_settings.h"

#include <gtest/gtest.h>

namespace aecos::cli {
namespace {

TEST(OwnSettings, LinesOfAFile) {
  const auto values =
      read_env_file("# A=no\n\nA=1\n export B = \"two words\" \nC='x'\r\nD=\n  E = a=b # c\nA=2\nno value");
  const std::map<std::string, std::string> wanted = {
      {"A", "2"}, {"B", "two words"}, {"C", "x"}, {"D", ""}, {"E", "a=b # c"}};
  EXPECT_EQ(values, wanted);
  EXPECT_TRUE(read_env_file("").empty());
}

}  // namespace
}  // namespace aecos::cli
