#include <gtest/gtest.h>

#include <chrono>

#include "git/index_file_internal.h"
#include "git/index_patch_internal.h"
#include "git/scratch_test_internal.h"

namespace aecos::git {
namespace {

using Kind = WorkTreeChange::Kind;

class SetIndex : public testing::TestWithParam<const char*> {
 protected:
  SetIndex() {
    scratch.git({"config", "index.version", GetParam()});
    for (const char* path : {"a", "b/c", "b/d/e", "b/d/f", "b-x/y", "z"}) scratch.write(path, path);
    scratch.commit();
    scratch.git({"update-index", "--index-version", GetParam()});
  }
  // Whether git finds nothing amiss with the index, and writes the same tree from it as from a new one.
  void expect_sound() {
    EXPECT_EQ(scratch.git({"fsck", "--no-dangling"}), "");
    const std::string tree = scratch.git({"write-tree"});
    const std::string listed = scratch.git({"ls-files", "-s"});
    std::filesystem::remove(scratch.folder() + "/.git/index");
    scratch.git({"read-tree", tree.substr(0, 40)});
    EXPECT_EQ(scratch.git({"ls-files", "-s"}), listed);
  }
  bool is_patched(const std::vector<IndexPatch>& patches) {
    return patch_index(scratch.read(".git/index"), patches).has_value();
  }

  Scratch scratch;
  Program program = scratch.program();
  Repository repository = scratch.open();
};

TEST_P(SetIndex, ChangedFilesAreNotedWhereTheyArePlaced) {
  const BlobId there = *repository.write_blob("placed");
  const BlobId elsewhere = *repository.write_blob("not placed");
  scratch.write("b/d/e", "placed");
  ASSERT_TRUE(is_patched({{"b/d/e", FileMode::file, there, {}}}));
  ASSERT_TRUE(
      program.set_index({{"b/d/e", false, FileMode::file, there}, {"a", false, FileMode::executable, elsewhere}}));
  EXPECT_EQ(scratch.git({"diff-files", "--name-only"}), "a\n");
  EXPECT_EQ(scratch.git({"diff-index", "--cached", "--name-only", "HEAD"}), "a\nb/d/e\n");
  EXPECT_EQ(*program.changes(), (std::vector<WorkTreeChange>{{"a", Kind::staged}, {"b/d/e", Kind::modified}}));
  EXPECT_EQ(program.index_entries({"a"})->at(0), (IndexEntry{"a", FileMode::executable, elsewhere, 0}));
  expect_sound();
}

TEST_P(SetIndex, NewAndRemovedFilesToo) {
  const BlobId id = *repository.write_blob("new");
  scratch.write("b/new", "new");
  ASSERT_TRUE(program.set_index({{"b/new", false, FileMode::file, id}, {"z", true, FileMode::file, {}}}));
  EXPECT_EQ(scratch.git({"ls-files"}), "a\nb-x/y\nb/c\nb/d/e\nb/d/f\nb/new\n");
  EXPECT_EQ(scratch.git({"diff-files", "--name-only"}), "");
  expect_sound();
}

TEST_P(SetIndex, FilesThatFiltersMadeAreKnownAgain) {
  scratch.git({"config", "filter.upper.clean", "tr a-z A-Z"});
  scratch.write(".git/info/attributes", "a filter=upper\n");
  scratch.write("a", "shout");
  // git looks again at files as young as its index.
  const std::filesystem::path file = scratch.folder() + "/a";
  std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) - std::chrono::seconds(10));
  const auto ids = program.store({"a"});
  ASSERT_TRUE(ids);
  ASSERT_TRUE(program.set_index({{"a", false, FileMode::file, ids->at(0)}}));
  scratch.git({"config", "filter.upper.clean", "false"});  // It is not asked again.
  EXPECT_EQ(scratch.git({"diff-files", "--name-only"}), "");
}

TEST_P(SetIndex, WhoeverWritesTheIndexIsRespected) {
  const BlobId id = *repository.write_blob("x");
  const std::string before = scratch.read(".git/index");
  scratch.write(".git/index.lock", "");
  EXPECT_FALSE(program.set_index({{"a", false, FileMode::file, id}}));
  EXPECT_EQ(scratch.read(".git/index"), before);
  EXPECT_TRUE(std::filesystem::exists(scratch.folder() + "/.git/index.lock"));
}

TEST_P(SetIndex, ThePatchLeavesToGitWhatItCannotDo) {
  const BlobId id = *repository.write_blob("x");
  EXPECT_FALSE(is_patched({{"nowhere", FileMode::file, id, {}}}));
  EXPECT_FALSE(is_patched({{"b", FileMode::file, id, {}}}));
  const std::string whole = scratch.read(".git/index");
  for (std::size_t size = 0; size < whole.size(); ++size)
    (void)patch_index(whole.substr(0, size), {{"a", FileMode::file, id, {}}});
}

INSTANTIATE_TEST_SUITE_P(Versions, SetIndex, testing::Values("2", "3", "4"));

}  // namespace
}  // namespace aecos::git
