#include "text/lines.h"

#include <gtest/gtest.h>

#include <string>

#include "text/value.h"

namespace aecos::text {
namespace {

TEST(Lines, PutTogetherAreTheText) {
  for (std::string source : {"", "a", "a\n", "\n", "a\r\nb\n\r\nc", "a\rb\r\n", "\r"}) {
    std::string together;
    for (const Line& line : split_lines(source)) (together += line.content) += line.end;
    EXPECT_EQ(together, source);
  }
}

TEST(Lines, KnowTheirEnds) {
  auto lines = split_lines("a\r\nb\nc");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].content, "a");
  EXPECT_EQ(lines[0].end, "\r\n");
  EXPECT_EQ(lines[1].end, "\n");
  EXPECT_EQ(lines[2].content, "c");
  EXPECT_EQ(lines[2].end, "");
}

TEST(BytesValue, IsAStringForTextAndBase64ForTheRest) {
  EXPECT_EQ(bytes_value("\xC3\xA4\"\n"), "\"\xC3\xA4\\\"\\n\"");
  EXPECT_EQ(bytes_value("\xFF"), "{\"base64\":\"/w==\"}");
  EXPECT_EQ(bytes_value("\xFF\xFE"), "{\"base64\":\"//4=\"}");
  EXPECT_EQ(bytes_value("M\xFFn"), "{\"base64\":\"Tf9u\"}");
  EXPECT_EQ(bytes_value("M\xFFnx"), "{\"base64\":\"Tf9ueA==\"}");
}

}  // namespace
}  // namespace aecos::text
