#include <gtest/gtest.h>

#include "merge/merge.h"

namespace aecos::merge {
namespace {

Outcome merge_lines(std::string_view base, std::string_view ours, std::string_view theirs) {
  return *merge_text(base, ours, theirs, {});
}

TEST(TextMerge, MergesByLine) {
  Outcome outcome = merge_lines("a\nb\nc\nd\n", "a\nB\nc\nd\n", "a\nb\nc\nd\ne\n");
  EXPECT_EQ(outcome.merged, "a\nB\nc\nd\ne\n");
  EXPECT_TRUE(outcome.conflicts.empty());
  ASSERT_EQ(outcome.taken.size(), 2U);
  EXPECT_EQ(outcome.taken[0].change.at, "line 2");
  EXPECT_EQ(outcome.taken[1].change.after, "\"e\\n\"");
}

TEST(TextMerge, NeighbouringLinesConflictAsInGit) {
  Outcome outcome = merge_lines("a\nb\nc\nd\n", "a\nB\nc\nd\n", "a\nb\nC\nd\n");
  ASSERT_EQ(outcome.conflicts.size(), 1U);
  EXPECT_EQ(outcome.conflicts[0].at, "lines 2-3");
  EXPECT_EQ(outcome.conflicts[0].theirs, "\"b\\nC\\n\"");
  EXPECT_EQ(outcome.merged, "a\nB\nc\nd\n");
}

TEST(TextMerge, AChangeOutlivesADeletion) {
  Outcome outcome = merge_lines("a\nb\nc\n", "a\nc\n", "a\nB\nc\n");
  EXPECT_EQ(outcome.merged, "a\nB\nc\n");
  ASSERT_EQ(outcome.conflicts.size(), 1U);
  EXPECT_EQ(outcome.conflicts[0].kind, ConflictKind::deleted_changed);
  EXPECT_EQ(outcome.conflicts[0].ours, std::nullopt);
}

TEST(TextMerge, LineEndsAreNoContent) {
  EXPECT_EQ(merge_lines("a\nb\nc\n", "a\r\nb\r\nc\r\n", "a\nb\nC\nd\n").merged, "a\r\nb\r\nC\r\nd\r\n");
  EXPECT_EQ(merge_lines("a\r\nb\r\n", "a\r\nb\r\nc\r\n", "X\r\nb\r\n").merged, "X\r\nb\r\nc\r\n");
  EXPECT_EQ(merge_lines("a\r\nb\nc\n", "a\r\nb\nC\n", "X\r\nb\nc\n").merged, "X\r\nb\nC\n");
  Outcome outcome = merge_lines("a\nb\nc\n", "a\r\nb\r\nc\r\n", "a\nb\nC\n");
  EXPECT_TRUE(outcome.conflicts.empty());
  EXPECT_EQ(outcome.taken[0].change.at, "line ends");
}

TEST(TextMerge, TheLastLineEndIsASidesToChange) {
  EXPECT_EQ(merge_lines("a\nb", "a\nb\n", "X\nb").merged, "X\nb\n");
  EXPECT_EQ(merge_lines("a\nb\nc\n", "a\nb\nc", "X\nb\nc\n").merged, "X\nb\nc");
  EXPECT_EQ(merge_lines("a\nb\nc", "a\nb\nc\nd", "X\nb\nc").merged, "X\nb\nc\nd");
}

TEST(TextMerge, BothAddTheFile) {
  Outcome outcome = merge_lines("", "a\n", "b\n");
  ASSERT_EQ(outcome.conflicts.size(), 1U);
  EXPECT_EQ(outcome.conflicts[0].kind, ConflictKind::both_added);
  EXPECT_EQ(outcome.conflicts[0].at, "before line 1");
}

}  // namespace
}  // namespace aecos::merge
