#include "diff/text.h"

#include <gtest/gtest.h>

#include "diff/diff.h"

namespace aecos::diff {
namespace {

std::vector<std::string> text_changes(std::string_view before, std::string_view after) {
  std::vector<std::string> shown;
  for (const Change& change : diff_text(before, after)) {
    shown.push_back(change.at + ": " + change.before.value_or("-") + " > " + change.after.value_or("-"));
  }
  return shown;
}

using Lines = std::vector<std::string>;

TEST(TextDiff, NamesLines) {
  EXPECT_EQ(text_changes("a\nb\nc\n", "a\nB\nc\nd\ne\n"),
            (Lines{"line 2: \"b\\n\" > \"B\\n\"", "lines 4-5: - > \"d\\ne\\n\""}));
  EXPECT_EQ(text_changes("a\nb\n", "b\n"), (Lines{"before line 1: \"a\\n\" > -"}));
  EXPECT_EQ(text_changes("a\nb\n", "a\n"), (Lines{"after line 1: \"b\\n\" > -"}));
}

TEST(TextDiff, LineEndsAreOneChange) {
  EXPECT_EQ(text_changes("a\nb\n", "a\r\nb\r\n"), (Lines{"line ends: \"LF\" > \"CRLF\""}));
  EXPECT_EQ(text_changes("a\n", "a\n"), Lines());
}

}  // namespace
}  // namespace aecos::diff
