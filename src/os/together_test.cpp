#include "os/together.h"

#include <gtest/gtest.h>

#include <map>

#include "os/faulty_file_system.h"
#include "os/memory_file_system.h"
#include "os/path.h"

namespace aecos::os {
namespace {

using Contents = std::map<std::string, std::string>;

// All files of a folder, and its folders with a '/' behind them.
Contents contents_of(FileSystem& files, const std::string& root, const std::string& below = "") {
  Contents all;
  const auto entries = files.list(join(root, below));
  if (!entries) return all;
  for (const DirectoryEntry& entry : *entries) {
    const std::string path = join(below, entry.name);
    if (entry.type == FileType::file) {
      all[path] = *files.read(join(root, path));
      continue;
    }
    all[path + "/"] = "";
    all.merge(contents_of(files, root, path));
  }
  return all;
}

void start(FileSystem& files) {
  ASSERT_TRUE(files.create_directories("tree/elements/old"));
  ASSERT_TRUE(files.create_directories("state"));
  ASSERT_TRUE(files.write("tree/elements/old/a", "old"));
  ASSERT_TRUE(files.write("tree/elements/old/b", "goes"));
  ASSERT_TRUE(files.write("tree/mine", "mine"));
}

Result<> change(FileSystem& files) {
  AECOS_TRY_ASSIGN(Together together, Together::begin(files, "state/import", "tree"));
  AECOS_TRY(together.create_directories({"elements/new", "elements/new/deep"}));
  AECOS_TRY(together.write(std::vector<FileToWrite>{
      {"elements/new/50%\nmore", "1"}, {"elements/old/a", "new"}, {"elements/new/deep/c", "3"}}));
  AECOS_TRY(together.write(std::vector<FileToWrite>{{"elements/old/a", "newest"}}));
  AECOS_TRY(together.remove({"elements/old/b"}));
  return together.finish();
}

TEST(Together, AtWhateverMomentThePowerFailsAllOrNothingHasChanged) {
  MemoryFileSystem first;
  start(first);
  const Contents before = contents_of(first, "tree");
  FaultyFileSystem counted(first);
  ASSERT_TRUE(change(counted));
  const Contents after = contents_of(first, "tree");
  EXPECT_NE(before, after);
  EXPECT_EQ(after.at("elements/old/a"), "newest");
  EXPECT_FALSE(after.contains("elements/old/b"));
  EXPECT_FALSE(exists(first, "state/import"));
  std::size_t undone = 0, done = 0;
  for (std::uint64_t moment = 0; moment < counted.moments_passed(); ++moment) {
    MemoryFileSystem disk;
    start(disk);
    FaultyFileSystem faulty(disk);
    faulty.fail_power_at(moment);
    EXPECT_THROW(static_cast<void>(change(faulty)), PowerLoss);
    faulty.restart();
    // It may fail while it is taken back, too.
    faulty.fail_power_at(moment % 7);
    try {
      static_cast<void>(take_back(faulty, "state/import", "tree"));
    } catch (const PowerLoss&) {
    }
    faulty.restart();
    const auto taken = take_back(faulty, "state/import", "tree");
    ASSERT_TRUE(taken) << taken.error().message;
    EXPECT_TRUE(taken->edited.empty());
    const Contents now = contents_of(disk, "tree");
    EXPECT_TRUE(now == before || now == after) << moment;
    (now == after ? done : undone) += 1;
    EXPECT_FALSE(exists(disk, "state/import")) << moment;
  }
  EXPECT_GT(undone, 20U);
  EXPECT_GT(done, 0U);
}

TEST(Together, AFullDiskChangesNothing) {
  MemoryFileSystem disk;
  start(disk);
  const Contents before = contents_of(disk, "tree");
  FaultyFileSystem faulty(disk);
  faulty.set_space_left(300);
  ASSERT_FALSE(change(faulty));
  faulty.set_space_left(1000);
  ASSERT_TRUE(take_back(faulty, "state/import", "tree"));
  EXPECT_EQ(contents_of(disk, "tree"), before);
}

TEST(Together, WhatSomebodyElseSavedMeanwhileStays) {
  MemoryFileSystem disk;
  start(disk);
  auto together = Together::begin(disk, "state/import", "tree");
  ASSERT_TRUE(together);
  ASSERT_TRUE(together->create_directories({"elements/new"}));
  ASSERT_TRUE(together->write(std::vector<FileToWrite>{{"elements/new/a", "1"}, {"elements/new/b", "2"}}));
  ASSERT_TRUE(disk.write("tree/elements/new/a", "edited"));
  const auto taken = take_back(disk, "state/import", "tree");
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->edited, std::vector<std::string>{"elements/new/a"});
  EXPECT_EQ(*disk.read("tree/elements/new/a"), "edited");
  EXPECT_FALSE(exists(disk, "tree/elements/new/b"));
}

}  // namespace
}  // namespace aecos::os
