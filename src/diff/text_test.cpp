#include "diff/text.h"

#include <gtest/gtest.h>

#include "diff/diff.h"

namespace aecos::diff {
namespace {

std::vector<std::string> changes(std::string_view before, std::string_view after) {
  std::vector<std::string> shown;
  for (const Change& change : diff_text(before, after)) {
    shown.push_back(change.at + ": " + change.before.value_or("-") + " > " + change.after.value_or("-"));
  }
  return shown;
}

using Shown = std::vector<std::string>;

TEST(TextDiff, NamesLines) {
  EXPECT_EQ(changes("a\nb\nc\n", "a\nB\nc\nd\ne\n"),
            (Shown{"line 2: \"b\\n\" > \"B\\n\"", "lines 4-5: - > \"d\\ne\\n\""}));
  EXPECT_EQ(changes("a\nb\n", "b\n"), (Shown{"before line 1: \"a\\n\" > -"}));
  EXPECT_EQ(changes("a\nb\n", "a\n"), (Shown{"after line 1: \"b\\n\" > -"}));
}

TEST(TextDiff, LineEndsAreOneChange) {
  EXPECT_EQ(changes("a\nb\n", "a\r\nb\r\n"), (Shown{"line ends: \"LF\" > \"CRLF\""}));
  EXPECT_EQ(changes("a\n", "a\n"), Shown());
}

}  // namespace
}  // namespace aecos::diff
