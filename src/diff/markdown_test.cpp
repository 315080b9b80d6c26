#include "diff/markdown.h"

#include <gtest/gtest.h>

#include "diff/diff.h"

namespace aecos::diff {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::vector<Change>& changes) {
  Lines shown;
  for (const Change& change : changes) {
    shown.push_back(change.at + ": " + change.before.value_or("-") + " > " + change.after.value_or("-"));
  }
  return shown;
}

TEST(MarkdownDiff, PlacesAreHeadingsAndWhatIsUnderThem) {
  EXPECT_EQ(lines_of(diff_markdown("# A\n\none\n\n## B\n\ntwo\n\n- x\n- y\n",
                                   "# A\n\none\n\n## B\n\nTWO\n\n- x\n- y\n- z\n")),
            (Lines{"A > B, paragraph 1: \"two\" > \"TWO\"", "A > B, list 1, item 3: - > \"- z\""}));
  EXPECT_EQ(lines_of(diff_markdown("---\na: 1\n---\n\n# A\n\n# A\n\nx\n", "---\na: 2\n---\n\n# A\n\n# A\n\ny\n")),
            (Lines{"front matter, a: \"a: 1\" > \"a: 2\"", "A (2), paragraph 1: \"x\" > \"y\""}));
}

TEST(MarkdownDiff, RowsByTheirFirstCell) {
  std::string head = "| K | V |\n|---|---|\n";
  EXPECT_EQ(lines_of(diff_markdown(head + "| a | 1 |\n| b | 2 |\n", head + "| b | 3 |\n| c | 4 |\n")),
            (Lines{"table 1, row b: \"| b | 2 |\" > \"| b | 3 |\"", "table 1, row c: - > \"| c | 4 |\"",
                   "table 1, row a: \"| a | 1 |\" > -"}));
  EXPECT_EQ(lines_of(diff_markdown(head + "| a | 1 |\n", "| K | W |\n|---|---|\n| a | 1 |\n")),
            (Lines{"table 1, head: \"| K | V |\\n|---|---|\" > \"| K | W |\\n|---|---|\""}));
}

TEST(MarkdownDiff, WhatMovedIsNotNew) {
  EXPECT_EQ(lines_of(diff_markdown("# A\n\none\n\n# B\n\ntwo\n", "# B\n\ntwo\n\n# A\n\none\n")),
            (Lines{R"(order: ["A","one","B","two"] > ["B","two","A","one"])"}));
}

TEST(MarkdownDiff, NothingIsReportedForEqualAndSomethingForAnyOther) {
  EXPECT_TRUE(diff_markdown("a\n\nb\n", "a\n\nb\n").empty());
  EXPECT_FALSE(diff_markdown("a\n\nb\n", "a\n\n\nb\n").empty());
  EXPECT_FALSE(diff_markdown("a\nb\n", "a\r\nb\r\n").empty());
  EXPECT_FALSE(diff_markdown("a", "a\n").empty());
  EXPECT_FALSE(diff_markdown("1. a\n2. b\n", "1. a\n3. b\n").empty());
}

TEST(MarkdownDiff, ManyBlocksTakeLinearTime) {
  std::string before, after;
  for (int i = 0; i < 20000; ++i) {
    before += "paragraph " + std::to_string(i) + "\n\n";
    after += "paragraph " + std::to_string(i % 2 ? i : -i) + "\n\n";
  }
  EXPECT_EQ(diff_markdown(before, after).size(), 9999U);
}

}  // namespace
}  // namespace aecos::diff
