#include <gtest/gtest.h>

#include "merge/merge.h"

namespace aecos::merge {
namespace {

std::string clean_markdown(std::string_view base, std::string_view ours, std::string_view theirs) {
  auto outcome = merge_markdown(base, ours, theirs, {});
  EXPECT_TRUE(outcome->conflicts.empty()) << outcome->conflicts[0].at;
  EXPECT_EQ(merge_markdown(base, theirs, ours, {})->merged, outcome->merged) << "from the other side";
  return outcome->merged;
}

Conflict only_conflict(std::string_view base, std::string_view ours, std::string_view theirs) {
  auto outcome = merge_markdown(base, ours, theirs, {});
  EXPECT_EQ(outcome->conflicts.size(), 1U);
  return outcome->conflicts.empty() ? Conflict() : outcome->conflicts[0];
}

TEST(MarkdownMerge, AdditionsToASectionStayInIt) {
  EXPECT_EQ(clean_markdown("# A\n\none\n", "# A\n\none\n\n# B\n\ntwo\n", "# A\n\none\n\nmore\n"),
            "# A\n\none\n\nmore\n\n# B\n\ntwo\n");
  EXPECT_EQ(clean_markdown("# A\n\none\n", "# A\n\none\n\n# B\n\ntwo\n", "# A\n\none\n\n## A1\n\nmore\n"),
            "# A\n\none\n\n## A1\n\nmore\n\n# B\n\ntwo\n");
}

TEST(MarkdownMerge, BothAddASectionOfOneTitle) {
  EXPECT_EQ(clean_markdown("# A\n", "# A\n\n# Log\n\n- ours\n", "# A\n\n# Log\n\ntheirs\n"),
            "# A\n\n# Log\n\ntheirs\n\n- ours\n");
}

TEST(MarkdownMerge, WordsOfAParagraphAndItsLineBreaks) {
  EXPECT_EQ(clean_markdown("one two three four\nfive six\n", "one TWO three four\nfive six\n",
                           "one two three\nfour five SIX\n"),
            "one TWO three\nfour five SIX\n");
  EXPECT_EQ(only_conflict("one two\n", "ONE two\n", "one TWO\n").at, "paragraph 1");
}

TEST(MarkdownMerge, ItemsAndTheirNumbers) {
  EXPECT_EQ(clean_markdown("1. a\n2. b\n", "1. a\n2. new\n3. b\n", "1. a\n2. b better\n"),
            "1. a\n2. new\n3. b better\n");
  EXPECT_EQ(clean_markdown("- a\n  - deep\n- b\n", "- a\n  - deeper\n- b\n", "- a\n  - deep\n  - added\n- b\n"),
            "- a\n  - deeper\n  - added\n- b\n");
}

TEST(MarkdownMerge, TableRowsByFirstCell) {
  std::string head = "| K | V | W |\n|---|---|---|\n";
  EXPECT_EQ(
      clean_markdown(head + "| a | 1 | 1 |\n| b | 2 | 2 |\n", head + "| a | 9 | 1 |\n| b | 2 | 2 |\n| c | 3 | 3 |\n",
                     head + "| b | 2 | 2 |\n| a | 1 | 8 |\n"),
      head + "| b | 2 | 2 |\n| c | 3 | 3 |\n| a | 9 | 8 |\n");
  Conflict conflict = only_conflict(head + "| a | 1 | 1 |\n", head + "| a | 2 | 1 |\n", head + "| a | 3 | 1 |\n");
  EXPECT_EQ(conflict.at, "table 1, row a, column V");
  EXPECT_EQ(conflict.theirs, "\"3\"");
}

TEST(MarkdownMerge, CodeByLineAndFrontMatterByKey) {
  EXPECT_EQ(clean_markdown("```\na\nb\nc\n```\n", "```\nA\nb\nc\n```\n", "```\na\nb\nc\nd\n```\n"),
            "```\nA\nb\nc\nd\n```\n");
  EXPECT_EQ(clean_markdown("---\na: 1\nb: 2\n---\ntext\n", "---\na: 3\nb: 2\n---\ntext\n",
                           "---\na: 1\nb: 4\nc: 5\n---\ntext\n"),
            "---\na: 3\nb: 4\nc: 5\n---\ntext\n");
  EXPECT_EQ(only_conflict("---\na: 1\n---\n", "---\na: 2\n---\n", "---\na: 3\n---\n").at, "front matter, a");
}

TEST(MarkdownMerge, AHeadingStaysWithWhatWasChangedUnderIt) {
  auto outcome = merge_markdown("# A\n\none\n\ntwo\n\n# B\n", "# B\n", "# A\n\nONE\n\ntwo\n\n# B\n", {});
  EXPECT_EQ(outcome->merged, "# A\n\nONE\n\n# B\n");
  ASSERT_EQ(outcome->conflicts.size(), 2U);
  EXPECT_EQ(outcome->conflicts[0].kind, ConflictKind::deleted_referenced);
  EXPECT_EQ(outcome->conflicts[1].at, "A, paragraph 1");
}

TEST(MarkdownMerge, MergedWordsNeverMakeAnotherBlock) {
  // With both edits the second line would be an item.
  Conflict conflict = only_conflict("a b c\nd e f g\n", "a b c\n- e f g\n", "a b c\nd e f G\n");
  EXPECT_EQ(conflict.kind, ConflictKind::both_changed);
}

TEST(MarkdownMerge, LineEndsAreNoContent) {
  EXPECT_EQ(clean_markdown("# A\n\none two three\n", "# A\r\n\r\none two three\r\n", "# A\n\none two THREE\n"),
            "# A\r\n\r\none two THREE\r\n");
}

TEST(MarkdownMerge, WithoutABaseNothingOfEitherIsLost) {
  EXPECT_EQ(clean_markdown("", "# T\n\na\n", "# T\n\nb\n"), "# T\n\na\n\nb\n");
}

}  // namespace
}  // namespace aecos::merge
