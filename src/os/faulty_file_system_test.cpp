#include "os/faulty_file_system.h"

#include <gtest/gtest.h>

#include "os/memory_file_system.h"

namespace aecos::os {
namespace {

// What a program might do: put a new state beside the old one and then declare it the valid one.
void work(FileSystem& files) {
  ASSERT_TRUE(files.create_directories("new/deep"));
  ASSERT_TRUE(files.write("new/deep/a", "one"));
  ASSERT_TRUE(files.write("state", "two"));
  ASSERT_TRUE(files.rename("new", "current"));
  ASSERT_TRUE(files.symlink("current", "link"));
  ASSERT_TRUE(files.remove("old"));
}

TEST(FaultyFileSystem, PowerLossLeavesOldOrNewAtEveryMoment) {
  MemoryFileSystem first;
  ASSERT_TRUE(first.write("old", "0"));
  FaultyFileSystem counted(first);
  work(counted);
  auto moments = counted.moments_passed();
  EXPECT_GT(moments, 12u);
  std::uint64_t with_left_over = 0;
  for (std::uint64_t moment = 0; moment < moments; ++moment) {
    MemoryFileSystem disk;
    ASSERT_TRUE(disk.write("old", "0"));
    ASSERT_TRUE(disk.write("state", "one"));
    FaultyFileSystem faulty(disk);
    faulty.fail_power_at(moment);
    EXPECT_THROW(work(faulty), PowerLoss);
    EXPECT_EQ(faulty.write("late", "").error().code, ErrorCode::unavailable);
    EXPECT_EQ(faulty.read("state").error().code, ErrorCode::unavailable);
    faulty.restart();
    auto state = *faulty.read("state");
    EXPECT_TRUE(state == "one" || state == "two") << moment << ": " << state;
    EXPECT_FALSE(exists(faulty, "late"));
    EXPECT_EQ(exists(faulty, "new") && exists(faulty, "current"), false);
    for (auto folder : {"/", "/new/deep"}) {
      auto entries = faulty.list(folder);
      if (!entries) continue;
      for (const auto& entry : *entries) with_left_over += is_temporary_name(entry.name);
    }
  }
  EXPECT_EQ(with_left_over, 4u);  // Half and whole, of two writes.
}

TEST(FaultyFileSystem, AFullDiskRefusesAndKeepsWhatWasThere) {
  MemoryFileSystem disk;
  FaultyFileSystem faulty(disk);
  faulty.set_space_left(5);
  EXPECT_TRUE(faulty.write("a", "1234"));
  EXPECT_EQ(faulty.write("a", "56").error().code, ErrorCode::unavailable);
  EXPECT_EQ(*faulty.read("a"), "1234");
  EXPECT_TRUE(faulty.write("b", "5"));
}

TEST(FaultyFileSystem, AFileInUseCanBeReadButNotReplaced) {
  MemoryFileSystem disk;
  FaultyFileSystem faulty(disk);
  EXPECT_TRUE(faulty.write("a", "1"));
  EXPECT_TRUE(faulty.write("b", "2"));
  faulty.lock_by_other("./a");
  EXPECT_TRUE(faulty.is_locked_by_other("a"));
  EXPECT_EQ(*faulty.read("a"), "1");
  EXPECT_EQ(faulty.write("a", "3").error().code, ErrorCode::denied);
  EXPECT_EQ(faulty.remove("a").error().code, ErrorCode::denied);
  EXPECT_EQ(faulty.rename("a", "c").error().code, ErrorCode::denied);
  EXPECT_EQ(faulty.rename("b", "a").error().code, ErrorCode::denied);
  faulty.unlock_by_other("a");
  EXPECT_TRUE(faulty.write("a", "3"));
}

TEST(FaultyFileSystem, ALockEndsWithThePower) {
  MemoryFileSystem disk;
  FaultyFileSystem faulty(disk);
  EXPECT_THROW(
      {
        auto lock = faulty.try_lock("lock", "ana");
        ASSERT_TRUE(lock);
        faulty.fail_power_at(0);
        (void)faulty.write("a", "1");
      },
      PowerLoss);
  faulty.restart();
  auto lock = faulty.try_lock("lock", "ana");
  ASSERT_TRUE(lock);
  EXPECT_TRUE((*lock)->was_left());
}

}  // namespace
}  // namespace aecos::os
