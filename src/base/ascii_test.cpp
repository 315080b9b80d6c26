#include "base/ascii.h"

#include <gtest/gtest.h>

namespace aecos {
namespace {

TEST(Ascii, OnlyLettersOfAsciiChangeTheirCase) {
  EXPECT_EQ(lower("Wände ÄÖ [@Z`z{"), "wände ÄÖ [@z`z{");
  EXPECT_EQ(upper("Wände äö [@Z`z{"), "WäNDE äö [@Z`Z{");
  EXPECT_TRUE(is_same_word("Content-TYPE", "content-type"));
  EXPECT_FALSE(is_same_word("Ä", "ä"));
  EXPECT_FALSE(is_same_word("a", "ab"));
}

TEST(Ascii, BlanksGoAtBothEndsOnly) {
  EXPECT_EQ(trimmed(" \t a b\t "), "a b");
  EXPECT_EQ(trimmed("\r\n"), "\r\n");
  EXPECT_EQ(trimmed("'it'.", "'."), "it");
  EXPECT_EQ(trimmed(" \t"), "");
  EXPECT_EQ(trimmed(""), "");
}

}  // namespace
}  // namespace aecos
