#include "os/watcher.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "os/environment.h"
#include "os/file_system.h"
#include "os/path.h"

namespace aecos::os {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<std::string>;

constexpr std::int64_t long_us = 20'000'000;  // No test waits so long unless it fails.

class WatcherTest : public testing::Test {
 protected:
  WatcherTest() { fs::create_directories(root); }
  ~WatcherTest() override { fs::remove_all(base); }

  std::string at(std::string_view path) { return join(root, path); }
  // In place, as many programs do; folders come as needed.
  void write(std::string_view path) {
    make(parent_of(path));
    std::ofstream(at(path), std::ios::app) << 'x';
  }
  void make(std::string_view path) { fs::create_directories(at(path)); }
  void move(std::string_view from, std::string_view to) { fs::rename(at(from), at(to)); }
  void remove(std::string_view path) { fs::remove_all(at(path)); }

  std::unique_ptr<Watcher> watch() {
    auto watcher = watch_folder(root, [](std::string_view folder) { return name_of(folder) == ".git"; });
    EXPECT_TRUE(watcher) << watcher.error().message;
    return *std::move(watcher);
  }
  static Paths told(Watcher& watcher) {
    const Changed changed = *watcher.wait(0);
    EXPECT_FALSE(changed.everything);
    return changed.paths;
  }

  std::string base = testing::TempDir() + "aecos-watcher-" + std::to_string(real_environment()->process_id());
  std::string root = base + "/root";
};

TEST_F(WatcherTest, NothingHappensInAQuietFolder) {
  write("a/b");
  auto watcher = watch();
  EXPECT_TRUE(watcher->wait(0)->empty());
  EXPECT_TRUE(watcher->wait(1000)->empty());
}

TEST_F(WatcherTest, WhatIsWrittenRemovedAndPermittedIsTold) {
  write("a/b/old");
  write("gone");
  write("tool");
  auto watcher = watch();
  write("a/b/old");
  write("a/new");
  remove("gone");
  fs::permissions(at("tool"), fs::perms::owner_all);
  EXPECT_EQ(told(*watcher), (Paths{"a/b/old", "a/new", "gone", "tool"}));
  EXPECT_TRUE(watcher->wait(0)->empty());
}

TEST_F(WatcherTest, WhatIsSavedByATemporaryFileIsTold) {
  write("a/file");
  auto watcher = watch();
  EXPECT_TRUE(real_file_system()->write(at("a/file"), "y"));
  auto paths = told(*watcher);
  std::erase_if(paths, [](const std::string& path) { return is_temporary_name(name_of(path)); });
  EXPECT_EQ(paths, Paths{"a/file"});
}

TEST_F(WatcherTest, AFileThatIsMovedIsToldOnBothSides) {
  write("a/from");
  make("b");
  auto watcher = watch();
  move("a/from", "b/to");
  EXPECT_EQ(told(*watcher), (Paths{"a/from", "b/to"}));
}

TEST_F(WatcherTest, ANewFolderIsToldWithAllThatLiesInIt) {
  auto watcher = watch();
  write("a/b/c/file");
  fs::create_symlink("nowhere", at("a/link"));
  EXPECT_EQ(told(*watcher), (Paths{"a", "a/b", "a/b/c", "a/b/c/file", "a/link"}));
  write("a/b/c/file");
  EXPECT_EQ(told(*watcher), Paths{"a/b/c/file"});
}

TEST_F(WatcherTest, AFolderThatComesFromElsewhereIsWatched) {
  fs::create_directories(base + "/other/b");
  std::ofstream(base + "/other/b/file", std::ios::app) << 'x';
  auto watcher = watch();
  fs::rename(base + "/other", at("a"));
  EXPECT_EQ(told(*watcher), (Paths{"a", "a/b", "a/b/file"}));
  write("a/b/file");
  EXPECT_EQ(told(*watcher), Paths{"a/b/file"});
}

TEST_F(WatcherTest, AFolderThatLeavesIsNoLongerWatched) {
  write("a/b/file");
  auto watcher = watch();
  fs::rename(at("a"), base + "/other");
  EXPECT_EQ(told(*watcher), Paths{"a"});
  std::ofstream(base + "/other/b/file", std::ios::app) << 'y';
  EXPECT_TRUE(watcher->wait(0)->empty());
}

TEST_F(WatcherTest, AMovedFolderIsToldUnderItsNewName) {
  write("a/b/file");
  auto watcher = watch();
  move("a", "z");
  EXPECT_EQ(told(*watcher), (Paths{"a", "z", "z/b", "z/b/file"}));
  write("z/b/file");
  EXPECT_EQ(told(*watcher), Paths{"z/b/file"});
  make("a");
  EXPECT_EQ(told(*watcher), Paths{"a"});
}

TEST_F(WatcherTest, FoldersThatSwapTheirNamesAreToldApart) {
  write("a/one/file");
  write("b/two/file");
  auto watcher = watch();
  move("a", "c");
  move("b", "a");
  move("c", "b");
  (void)told(*watcher);
  write("a/two/file");
  EXPECT_EQ(told(*watcher), Paths{"a/two/file"});
  write("b/one/file");
  EXPECT_EQ(told(*watcher), Paths{"b/one/file"});
}

TEST_F(WatcherTest, AFolderThatIsRemovedAndMadeAgainIsAnotherOne) {
  write("a/b/file");
  auto watcher = watch();
  remove("a");
  write("a/b/other");
  (void)told(*watcher);
  write("a/b/other");
  EXPECT_EQ(told(*watcher), Paths{"a/b/other"});
  remove("a");
  write("a");  // No folder any more.
  EXPECT_EQ(told(*watcher), (Paths{"a", "a/b", "a/b/other"}));
}

TEST_F(WatcherTest, FoldersThatAreMovedAllTheTimeEndUpWatched) {
  make("0/deep/deeper");
  auto watcher = watch();
  std::jthread mover([&] {
    for (int i = 0; i < 300; ++i) {
      move(std::to_string(i), std::to_string(i + 1));
      make(std::to_string(i + 1) + "/deep/deeper/" + std::to_string(i));
    }
  });
  while (watcher->wait(200'000)->paths != Paths()) {
  }
  mover.join();
  (void)told(*watcher);
  write("300/deep/deeper/299/file");
  EXPECT_EQ(told(*watcher), Paths{"300/deep/deeper/299/file"});
}

TEST_F(WatcherTest, WhatIsLeftOutIsNotTold) {
  write(".git/objects/a");
  write("sub/.git/index");
  auto watcher = watch();
  write(".git/index");
  write("sub/.git/index");
  remove(".git/objects");
  make("new/.git/refs");
  fs::permissions(at(".git"), fs::perms::owner_all);
  EXPECT_EQ(told(*watcher), Paths{"new"});
  write("new/.git/refs/a");
  remove(".git");
  EXPECT_TRUE(watcher->wait(0)->empty());
}

TEST_F(WatcherTest, SymbolicLinksAreToldButNotFollowed) {
  fs::create_directories(base + "/other");
  fs::create_symlink(base + "/other", at("before"));
  auto watcher = watch();
  fs::create_symlink(base + "/other", at("link"));
  EXPECT_EQ(told(*watcher), Paths{"link"});
  std::ofstream(base + "/other/file", std::ios::app) << 'x';
  EXPECT_TRUE(watcher->wait(0)->empty());
}

TEST_F(WatcherTest, TheRootMayBeALink) {
  fs::create_symlink(root, base + "/link");
  auto watcher = *watch_folder(base + "/link", {});
  write("file");
  EXPECT_EQ(told(*watcher), Paths{"file"});
}

TEST_F(WatcherTest, WaitingEndsWithTheFirstChange) {
  auto watcher = watch();
  std::jthread writer([&] { write("file"); });
  EXPECT_EQ(watcher->wait(-1)->paths, Paths{"file"});
}

TEST_F(WatcherTest, WhoWaitsCanBeWoken) {
  auto watcher = watch();
  std::jthread waker([&] { watcher->wake(); });
  EXPECT_TRUE(watcher->wait(-1)->empty());
  watcher->wake();
  watcher->wake();
  EXPECT_TRUE(watcher->wait(-1)->empty());
  EXPECT_TRUE(watcher->wait(0)->empty());
}

TEST_F(WatcherTest, MoreThanTheSystemKeepsIsEverything) {
  make("a");
  write("one");
  write("two");
  auto watcher = watch();
  for (int i = 0; i < 20'000; ++i) {
    for (const char* name : {"one", "two"})
      fs::permissions(at(name), fs::perms::owner_exec, i % 2 == 0 ? fs::perm_options::add : fs::perm_options::remove);
  }
  make("a/b/c");
  EXPECT_TRUE(watcher->wait(0)->everything);
  EXPECT_TRUE(watcher->wait(0)->empty());
  write("a/b/c/file");
  EXPECT_EQ(told(*watcher), Paths{"a/b/c/file"});
}

TEST_F(WatcherTest, ARootThatIsGoneIsToldAndFoundAgain) {
  write("a/file");
  auto watcher = watch();
  remove("");
  EXPECT_TRUE(watcher->wait(long_us)->everything);
  EXPECT_TRUE(watcher->wait(0)->empty());
  write("a/b/file");
  EXPECT_TRUE(watcher->wait(long_us)->everything);
  write("a/b/file");
  EXPECT_EQ(told(*watcher), Paths{"a/b/file"});
}

TEST_F(WatcherTest, AnotherFolderInThePlaceOfTheRootIsWatched) {
  write("a/file");
  auto watcher = watch();
  fs::rename(root, base + "/other");
  write("b/file");
  EXPECT_TRUE(watcher->wait(long_us)->everything);
  std::ofstream(base + "/other/a/file", std::ios::app) << 'y';
  write("b/file");
  EXPECT_EQ(told(*watcher), Paths{"b/file"});
}

TEST_F(WatcherTest, ARootThatMovesWithTheFolderAroundItIsLost) {
  write("a/file");
  auto watcher = *watch_folder(at("a"), {});
  fs::rename(root, base + "/elsewhere");
  EXPECT_TRUE(watcher->wait(0)->everything);
}

TEST_F(WatcherTest, WhatCannotBeWatchedIsAnError) {
  write("file");
  EXPECT_EQ(watch_folder(at("none"), {}).error().code, ErrorCode::not_found);
  EXPECT_EQ(watch_folder(at("file"), {}).error().code, ErrorCode::not_found);
  EXPECT_EQ(watch_folder("", {}).error().code, ErrorCode::invalid_input);
}

TEST(ManualWatcher, TellsWhatItIsTold) {
  ManualWatcher watcher;
  EXPECT_TRUE(watcher.wait(0)->empty());
  watcher.tell({{"b", "a"}});
  watcher.tell({{"a"}, true});
  watcher.fail({ErrorCode::unavailable, "full"});
  EXPECT_EQ(watcher.wait(-1).error().message, "full");
  const Changed changed = *watcher.wait(-1);
  EXPECT_EQ(changed.paths, (Paths{"a", "b"}));
  EXPECT_TRUE(changed.everything);
  std::jthread waker([&] { watcher.wake(); });
  EXPECT_TRUE(watcher.wait(-1)->empty());
}

}  // namespace
}  // namespace aecos::os
