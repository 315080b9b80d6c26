#include <gtest/gtest.h>

#include "base/sha256.h"
#include "merge/merge.h"

namespace aecos::merge {
namespace {

Outcome merge(std::string path, std::string_view base, std::string_view ours, std::string_view theirs) {
  Options options;
  options.path = std::move(path);
  return merge_any(base, ours, theirs, options);
}

TEST(FileMerge, TheTypeIsThePathsOrTheContents) {
  EXPECT_EQ(merge("a/b.JSON", "{\"a\":1,\"b\":1}", "{\"a\":2,\"b\":1}", "{\"a\":1,\"b\":2}").merged,
            "{\"a\":2,\"b\":2}");
  EXPECT_EQ(merge("README.md", "a b c d e\n", "X b c d e\n", "a b c d Y\n").merged, "X b c d Y\n");
  EXPECT_EQ(merge("notes", "a b c d e\n", "X b c d e\n", "a b c d Y\n").conflicts.size(), 1U);
}

TEST(FileMerge, OneSidedChangesPassWhateverTheyAre) {
  std::string binary("a\0b", 3), other("c\0", 2);
  for (std::string path : {"a.json", "a.ifc", "a.md", "a.txt", "a.png"}) {
    for (const std::string& side : {binary, other, std::string("{broken"), std::string()}) {
      for (const Outcome& outcome :
           {merge(path, binary, side, binary), merge(path, binary, binary, side), merge(path, binary, side, side)}) {
        EXPECT_EQ(outcome.merged, side) << path;
        EXPECT_TRUE(outcome.conflicts.empty()) << path;
      }
    }
  }
}

TEST(FileMerge, BinaryFilesAreNamedByHash) {
  std::string ours("x\0o", 3), theirs("x\0t", 3);
  Outcome outcome = merge("data.xyz", "", ours, theirs);
  ASSERT_EQ(outcome.conflicts.size(), 1U);
  EXPECT_EQ(outcome.conflicts[0].kind, ConflictKind::binary);
  EXPECT_EQ(outcome.conflicts[0].base, std::nullopt);
  EXPECT_EQ(outcome.conflicts[0].theirs, "{\"size\":3,\"sha256\":\"" + sha256_hex(theirs) + "\"}");
  EXPECT_EQ(outcome.merged, ours);
}

TEST(FileMerge, PointersToLargeFilesAreNotMergedByLine) {
  std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:";
  EXPECT_EQ(merge("a.dat", pointer + "1\nsize 1\n", pointer + "2\nsize 1\n", pointer + "1\nsize 2\n").conflicts[0].kind,
            ConflictKind::binary);
}

TEST(FileMerge, TheReadableSideStays) {
  for (bool ours_broken : {true, false}) {
    std::string broken = "{\"a\":1,\"a\":2}", fine = "{\"a\":3}";
    Outcome outcome = merge("a.json", "{}", ours_broken ? broken : fine, ours_broken ? fine : broken);
    EXPECT_EQ(outcome.merged, fine);
    ASSERT_EQ(outcome.conflicts.size(), 1U);
    EXPECT_EQ(outcome.conflicts[0].kind, ConflictKind::unreadable);
    EXPECT_EQ(outcome.conflicts[0].because,
              std::string(ours_broken ? "ours" : "theirs") + ":1:8: key \"a\" is already at 1:2");
  }
}

TEST(FileMerge, ABrokenBaseLeavesTheChoiceToThePolicy) {
  Outcome outcome = merge("a.json", "{", "{\"a\":1}", "{\"a\":2}");
  EXPECT_EQ(outcome.merged, "{\"a\":1}");
  EXPECT_EQ(outcome.conflicts[0].because,
            "base:1:2: expected a key in double quotes, found end of file; policy integrated");
}

TEST(FileMerge, HostileInputGivesAConflictNotACrash) {
  std::string deep(100000, '['), zeros(1 << 20, '\0');
  EXPECT_EQ(merge("a.json", "[]", deep, "[1]").merged, "[1]");
  EXPECT_EQ(merge("a.json", "[]", zeros, "[1]").merged, "[1]");
  EXPECT_EQ(merge("a.md", "", zeros, "# A\n").conflicts[0].kind, ConflictKind::binary);
  std::string quotes(100000, '>');
  EXPECT_EQ(merge("a.md", "a\n", quotes + "\n\na\n", "a\n\n# A\n").merged, quotes + "\n\na\n\n# A\n");
}

}  // namespace
}  // namespace aecos::merge
