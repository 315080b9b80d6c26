// One suite for all implementations of FileSystem.

#include "os/file_system.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "os/faulty_file_system.h"
#include "os/memory_file_system.h"
#include "os/path.h"

namespace aecos::os {
namespace {

// A file system with an empty folder to work in.
struct Place {
  virtual ~Place() = default;
  virtual FileSystem& files() = 0;
  virtual std::string root() = 0;
};

struct RealPlace final : Place {
  RealPlace() {
    folder = testing::TempDir() + "aecos-os-" + std::to_string(::getpid());
    EXPECT_TRUE(real->create_directories(folder));
    folder = *real->resolve(folder);
  }
  ~RealPlace() override { EXPECT_TRUE(remove_all(*real, folder)); }
  FileSystem& files() override { return *real; }
  std::string root() override { return folder; }
  std::unique_ptr<FileSystem> real = real_file_system();
  std::string folder;
};

struct MemoryPlace final : Place {
  MemoryPlace() { EXPECT_TRUE(memory.create_directories("/place")); }
  FileSystem& files() override { return memory; }
  std::string root() override { return "/place"; }
  MemoryFileSystem memory;
};

struct FaultyPlace final : Place {
  FileSystem& files() override { return faulty; }
  std::string root() override { return inner.root(); }
  MemoryPlace inner;
  FaultyFileSystem faulty{inner.memory};
};

using MakePlace = std::unique_ptr<Place> (*)();
template <class P>
std::unique_ptr<Place> make() {
  return std::make_unique<P>();
}

class FileSystemContract : public testing::TestWithParam<MakePlace> {
 protected:
  std::string at(std::string_view path) { return join(place->root(), path); }
  std::string text(std::string_view path) {
    auto bytes = files.read(at(path));
    return bytes ? *bytes : "error: " + bytes.error().message;
  }
  void put(std::string_view path, std::string_view bytes) { EXPECT_TRUE(files.write(at(path), bytes)); }
  template <class T>
  static ErrorCode code(const Result<T>& result) {
    EXPECT_FALSE(result);
    return result.error().code;
  }

  std::unique_ptr<Place> place = GetParam()();
  FileSystem& files = place->files();
};

std::string name_of_place(const testing::TestParamInfo<MakePlace>& tested) {
  static const char* const names[] = {"Real", "Memory", "Faulty"};
  return names[tested.index];
}

INSTANTIATE_TEST_SUITE_P(All, FileSystemContract,
                         testing::Values(make<RealPlace>, make<MemoryPlace>, make<FaultyPlace>), name_of_place);

TEST_P(FileSystemContract, WhatIsWrittenIsRead) {
  std::string bytes("\0\r\n\xff wall", 9);
  put("house.ifc", bytes);
  EXPECT_EQ(text("house.ifc"), bytes);
  EXPECT_EQ(files.map(at("house.ifc"))->bytes(), bytes);
  put("house.ifc", "");
  EXPECT_EQ(text("house.ifc"), "");
  EXPECT_EQ(files.map(at("house.ifc"))->bytes(), "");
}

TEST_P(FileSystemContract, AnyNameCanBeUsed) {
  put("Büro – 2. OG \"neu\" \\ .ifc", "1");
  EXPECT_EQ(text("Büro – 2. OG \"neu\" \\ .ifc"), "1");
  EXPECT_EQ(files.list(place->root())->at(0).name, "Büro – 2. OG \"neu\" \\ .ifc");
}

TEST_P(FileSystemContract, AMappedFileKeepsItsBytesWhenReplacedOrRemoved) {
  put("a", "before");
  auto mapped = files.map(at("a"));
  put("a", "after it");
  EXPECT_TRUE(files.remove(at("a")));
  EXPECT_EQ(mapped->bytes(), "before");
}

TEST_P(FileSystemContract, AReplacedFileIsAnotherOneWithTheSameMode) {
  EXPECT_TRUE(files.write(at("a"), "1", {.mode = 0750}));
  auto before = *files.status(at("a"));
  EXPECT_EQ(before.mode, 0750u);
  EXPECT_EQ(before.type, FileType::file);
  EXPECT_EQ(before.size, 1u);
  put("a", "22");
  auto after = *files.status(at("a"));
  EXPECT_NE(after.inode, before.inode);
  EXPECT_GE(after.mtime_ns, before.mtime_ns);
  EXPECT_EQ(after.mode, 0750u);
  EXPECT_EQ(after.size, 2u);
  EXPECT_TRUE(files.write(at("a"), "3", {.mode = 0600}));
  EXPECT_EQ(files.status(at("a"))->mode, 0600u);
}

TEST_P(FileSystemContract, SetModeChangesTheModeAlone) {
  put("a", "1");
  auto before = *files.status(at("a"));
  EXPECT_TRUE(files.set_mode(at("a"), 0700));
  auto after = *files.status(at("a"));
  EXPECT_EQ(after.mode, 0700u);
  after.mode = before.mode;
  EXPECT_EQ(after, before);
  EXPECT_EQ(code(files.set_mode(at("missing"), 0700)), ErrorCode::not_found);
}

TEST_P(FileSystemContract, WritingLeavesNothingBeside) {
  put("a", "1");
  put("a", "2");
  EXPECT_EQ(code(files.write(at("missing/b"), "3")), ErrorCode::not_found);
  EXPECT_EQ(code(files.write(at("a/b"), "3")), ErrorCode::not_found);
  EXPECT_EQ(code(files.write(place->root(), "3")), ErrorCode::denied);
  EXPECT_EQ(*files.list(place->root()), (std::vector<DirectoryEntry>{{"a", FileType::file}}));
}

TEST_P(FileSystemContract, AWriteOverSomethingElseThanWasSeenIsRefused) {
  auto nothing = *look(files, at("a"));
  EXPECT_EQ(nothing, std::nullopt);
  EXPECT_TRUE(files.write(at("a"), "1", {.only_over = nothing}));
  EXPECT_EQ(code(files.write(at("a"), "2", {.only_over = nothing})), ErrorCode::changed_meanwhile);
  auto seen = *look(files, at("a"));
  EXPECT_TRUE(files.write(at("a"), "3", {.only_over = seen}));
  EXPECT_EQ(code(files.write(at("a"), "4", {.only_over = seen})), ErrorCode::changed_meanwhile);
  EXPECT_EQ(text("a"), "3");
  seen = *look(files, at("a"));
  EXPECT_TRUE(files.remove(at("a")));
  EXPECT_EQ(code(files.write(at("a"), "5", {.only_over = seen})), ErrorCode::changed_meanwhile);
  EXPECT_TRUE(files.list(place->root())->empty());
}

TEST_P(FileSystemContract, AppendAddsToAFileThatIsThere) {
  EXPECT_EQ(code(files.append(at("log"), "one")), ErrorCode::not_found);
  put("log", "one\n");
  EXPECT_TRUE(files.set_mode(at("log"), 0600));
  const auto before = *files.status(at("log"));
  EXPECT_TRUE(files.append(at("log"), "two\n"));
  EXPECT_TRUE(files.append(at("log"), ""));
  EXPECT_EQ(text("log"), "one\ntwo\n");
  EXPECT_EQ(files.status(at("log"))->inode, before.inode);
  EXPECT_EQ(files.status(at("log"))->mode, before.mode);
  EXPECT_TRUE(files.create_directories(at("folder")));
  EXPECT_EQ(code(files.append(at("folder"), "x")), ErrorCode::denied);
}

TEST_P(FileSystemContract, WriteAllTellsOfEachFile) {
  EXPECT_TRUE(files.create_directories(at("folder")));
  put("old", "1");
  std::vector<std::string> paths;
  for (int i = 0; i < 300; ++i) paths.push_back(at("folder/" + std::to_string(i)));
  std::vector<FileToWrite> written = {{at("old"), "2"}, {at("missing/a"), "3"}, {at("folder"), "4"}};
  written.push_back({at("new"), "5", {.mode = 0711, .only_over = Seen()}});
  written.push_back({at("old"), "6", {.only_over = Seen()}});
  for (const auto& path : paths) written.push_back({path, path});
  auto results = files.write_all(written);
  ASSERT_EQ(results.size(), written.size());
  EXPECT_TRUE(results[0]);
  EXPECT_EQ(code(results[1]), ErrorCode::not_found);
  EXPECT_EQ(code(results[2]), ErrorCode::denied);
  EXPECT_TRUE(results[3]);
  EXPECT_EQ(code(results[4]), ErrorCode::changed_meanwhile);
  EXPECT_EQ(std::count_if(results.begin(), results.end(), [](const auto& one) { return !one; }), 3);
  EXPECT_EQ(text("old"), "2");
  EXPECT_EQ(files.status(at("new"))->mode, 0711u);
  EXPECT_EQ(text("folder/299"), at("folder/299"));
  EXPECT_EQ(files.list(at("folder"))->size(), 300u);
  EXPECT_EQ(files.list(place->root())->size(), 3u);
}

TEST_P(FileSystemContract, WriteAllOfAFewTellsOfEachFileToo) {
  EXPECT_TRUE(files.create_directories(at("folder")));
  put("old", "1");
  const std::vector<FileToWrite> written = {{at("old"), "2"},
                                            {at("missing/a"), "3"},
                                            {at("folder"), "4"},
                                            {at("new"), "5", {.mode = 0711, .only_over = Seen()}},
                                            {at("folder/b"), "6"},
                                            {at("old"), "7", {.only_over = Seen()}},
                                            {at("folder/c"), "8", {.may_be_lost = true}}};
  const auto results = files.write_all(written);
  ASSERT_EQ(results.size(), written.size());
  EXPECT_TRUE(results[0]);
  EXPECT_EQ(code(results[1]), ErrorCode::not_found);
  EXPECT_EQ(code(results[2]), ErrorCode::denied);
  EXPECT_TRUE(results[3]);
  EXPECT_TRUE(results[4]);
  EXPECT_EQ(code(results[5]), ErrorCode::changed_meanwhile);
  EXPECT_TRUE(results[6]);
  EXPECT_EQ(text("old"), "2");
  EXPECT_EQ(files.status(at("new"))->mode, 0711u);
  EXPECT_EQ(text("folder/b") + text("folder/c"), "68");
  EXPECT_EQ(files.list(at("folder"))->size(), 2u);
  EXPECT_EQ(files.list(place->root())->size(), 3u);
}

TEST_P(FileSystemContract, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(code(files.read(at("a"))), ErrorCode::not_found);
  EXPECT_EQ(code(files.map(at("a/b"))), ErrorCode::not_found);
  EXPECT_EQ(code(files.status(at("a"))), ErrorCode::not_found);
  EXPECT_EQ(code(files.list(at("a"))), ErrorCode::not_found);
  EXPECT_EQ(code(files.read_link(at("a"))), ErrorCode::not_found);
  EXPECT_EQ(code(files.resolve(at("a"))), ErrorCode::not_found);
  EXPECT_EQ(code(files.remove(at("a"))), ErrorCode::not_found);
  EXPECT_EQ(code(files.rename(at("a"), at("b"))), ErrorCode::not_found);
  EXPECT_FALSE(exists(files, at("a")));
}

TEST_P(FileSystemContract, AFolderIsNoFileAndAFileNoFolder) {
  EXPECT_TRUE(files.create_directories(at("folder")));
  put("file", "1");
  EXPECT_EQ(code(files.read(at("folder"))), ErrorCode::denied);
  EXPECT_EQ(code(files.map(at("folder"))), ErrorCode::denied);
  EXPECT_EQ(code(files.list(at("file"))), ErrorCode::denied);
  EXPECT_EQ(code(files.list(at("file/below"))), ErrorCode::not_found);
  EXPECT_EQ(code(files.create_directories(at("file"))), ErrorCode::denied);
  EXPECT_EQ(code(files.create_directories(at("file/below"))), ErrorCode::denied);
  EXPECT_EQ(code(files.rename(at("file"), at("folder"))), ErrorCode::denied);
  EXPECT_EQ(code(files.rename(at("folder"), at("file"))), ErrorCode::denied);
  EXPECT_EQ(code(files.symlink("x", at("folder"))), ErrorCode::denied);
  EXPECT_EQ(code(files.read_link(at("file"))), ErrorCode::invalid_input);
}

TEST_P(FileSystemContract, ListIsSortedByName) {
  EXPECT_TRUE(files.create_directories(at("b/inner")));
  for (auto name : {"c", "B", "a", "ä"}) put(name, "");
  EXPECT_TRUE(files.symlink("nowhere", at("d")));
  EXPECT_EQ(*files.list(place->root()), (std::vector<DirectoryEntry>{{"B", FileType::file},
                                                                     {"a", FileType::file},
                                                                     {"b", FileType::directory},
                                                                     {"c", FileType::file},
                                                                     {"d", FileType::symlink},
                                                                     {"ä", FileType::file}}));
  EXPECT_EQ(files.status(at("b/"))->type, FileType::directory);
}

TEST_P(FileSystemContract, CreateDirectoriesMakesAllOnTheWay) {
  EXPECT_TRUE(files.create_directories(at("a/b/c/")));
  EXPECT_TRUE(files.create_directories(at("a//b/c")));
  EXPECT_TRUE(files.symlink("a", at("link")));
  EXPECT_TRUE(files.create_directories(at("link/b/d")));
  EXPECT_EQ(files.status(at("a/b/d"))->type, FileType::directory);
  EXPECT_TRUE(files.symlink("nowhere", at("dangling")));
  EXPECT_EQ(code(files.create_directories(at("dangling"))), ErrorCode::denied);
}

TEST_P(FileSystemContract, CreateAllDirectoriesMakesEach) {
  EXPECT_TRUE(files.create_directories(at("a")));
  put("file", "1");
  const std::vector<std::string> wanted{at("a/b"), at("c"), at("a")};
  EXPECT_TRUE(files.create_all_directories(wanted));
  EXPECT_TRUE(files.create_all_directories(wanted));
  EXPECT_TRUE(files.create_all_directories({}));
  for (const std::string& path : wanted) EXPECT_EQ(files.status(path)->type, FileType::directory);
  const std::vector<std::string> taken{at("d"), at("file")};
  EXPECT_EQ(code(files.create_all_directories(taken)), ErrorCode::denied);
  EXPECT_EQ(text("file"), "1");
}

TEST_P(FileSystemContract, RenameMovesAndReplaces) {
  EXPECT_TRUE(files.create_directories(at("a/b")));
  put("a/b/1", "one");
  put("2", "two");
  EXPECT_TRUE(files.rename(at("a/b/1"), at("2")));
  EXPECT_EQ(text("2"), "one");
  EXPECT_FALSE(exists(files, at("a/b/1")));
  EXPECT_TRUE(files.rename(at("2"), at("a/b/3")));
  EXPECT_TRUE(files.rename(at("a"), at("c")));
  EXPECT_EQ(text("c/b/3"), "one");
  EXPECT_TRUE(files.create_directories(at("empty")));
  EXPECT_TRUE(files.rename(at("c"), at("empty")));
  EXPECT_EQ(text("empty/b/3"), "one");
  EXPECT_TRUE(files.create_directories(at("full/inner")));
  EXPECT_EQ(code(files.rename(at("empty"), at("full"))), ErrorCode::denied);
  EXPECT_EQ(code(files.rename(at("empty"), at("empty/b/inside"))), ErrorCode::invalid_input);
  EXPECT_EQ(code(files.rename(at("empty/b/3"), at("missing/3"))), ErrorCode::not_found);
  EXPECT_TRUE(files.rename(at("empty/b/3"), at("empty/b/3")));
  EXPECT_EQ(text("empty/b/3"), "one");
}

TEST_P(FileSystemContract, RemoveTakesFilesLinksAndEmptyFolders) {
  EXPECT_TRUE(files.create_directories(at("a")));
  put("a/1", "one");
  EXPECT_TRUE(files.symlink("a", at("link")));
  EXPECT_EQ(code(files.remove(at("a"))), ErrorCode::denied);
  EXPECT_TRUE(files.remove(at("link")));
  EXPECT_EQ(text("a/1"), "one");
  EXPECT_TRUE(files.remove(at("a/1")));
  EXPECT_TRUE(files.remove(at("a")));
  EXPECT_TRUE(files.list(place->root())->empty());
}

TEST_P(FileSystemContract, RemoveAllStopsAtLinks) {
  EXPECT_TRUE(files.create_directories(at("a/b")));
  put("a/b/1", "one");
  put("kept", "two");
  EXPECT_TRUE(files.symlink(place->root(), at("a/out")));
  EXPECT_TRUE(remove_all(files, at("a")));
  EXPECT_TRUE(remove_all(files, at("a")));
  EXPECT_EQ(*files.list(place->root()), (std::vector<DirectoryEntry>{{"kept", FileType::file}}));
}

TEST_P(FileSystemContract, RemoveAllOfAVeryDeepTree) {
  std::string path = place->root();
  for (int depth = 0; depth < 60; ++depth) path += "/d";
  EXPECT_TRUE(files.create_directories(path));
  EXPECT_TRUE(remove_all(files, at("d")));
  EXPECT_TRUE(files.list(place->root())->empty());
}

TEST_P(FileSystemContract, LinksAreFollowedWhenReadAndReplacedWhenWritten) {
  EXPECT_TRUE(files.create_directories(at("a")));
  put("a/1", "one");
  EXPECT_TRUE(files.symlink("a/1", at("link")));
  EXPECT_EQ(text("link"), "one");
  EXPECT_EQ(files.map(at("link"))->bytes(), "one");
  EXPECT_EQ(*files.read_link(at("link")), "a/1");
  EXPECT_EQ(files.status(at("link"))->type, FileType::symlink);
  EXPECT_EQ(files.status(at("link"))->size, 3u);
  EXPECT_EQ(code(files.set_mode(at("link"), 0700)), ErrorCode::invalid_input);
  put("link", "two");
  EXPECT_EQ(files.status(at("link"))->type, FileType::file);
  EXPECT_EQ(text("a/1"), "one");
  EXPECT_TRUE(files.symlink("elsewhere", at("link")));
  EXPECT_EQ(*files.read_link(at("link")), "elsewhere");
  EXPECT_TRUE(exists(files, at("link")));
  EXPECT_EQ(code(files.read(at("link"))), ErrorCode::not_found);
}

TEST_P(FileSystemContract, ResolveTellsWhereAPathReallyLeads) {
  EXPECT_TRUE(files.create_directories(at("a/b")));
  EXPECT_TRUE(files.create_directories(at("outside")));
  EXPECT_TRUE(files.symlink("../../outside", at("a/b/out")));
  EXPECT_TRUE(files.symlink(at("a"), at("absolute")));
  EXPECT_EQ(*files.resolve(at("a/b/../b/out")), at("outside"));
  EXPECT_EQ(*files.resolve(at("absolute/b/out/..")), place->root());
  EXPECT_EQ(*files.resolve("/"), "/");
}

TEST_P(FileSystemContract, LinksInACircleAreAnError) {
  EXPECT_TRUE(files.symlink("b", at("a")));
  EXPECT_TRUE(files.symlink("a", at("b")));
  EXPECT_EQ(code(files.read(at("a"))), ErrorCode::invalid_input);
  EXPECT_EQ(code(files.write(at("a/c"), "")), ErrorCode::invalid_input);
  EXPECT_TRUE(files.remove(at("a")));
}

TEST_P(FileSystemContract, ANulCharacterIsInNoPath) {
  std::string path = at("a") + std::string("\0b", 2);
  EXPECT_EQ(code(files.write(path, "")), ErrorCode::invalid_input);
  EXPECT_EQ(code(files.read(path)), ErrorCode::invalid_input);
  EXPECT_EQ(code(files.create_directories(path)), ErrorCode::invalid_input);
  EXPECT_FALSE(files.is_locked_by_other(path));
  EXPECT_TRUE(files.list(place->root())->empty());
}

TEST_P(FileSystemContract, ALockIsHeldByOneAndTellsByWhom) {
  EXPECT_EQ(*files.lock_holder(at("lock")), std::nullopt);
  auto first = files.try_lock(at("lock"), "ana on desk");
  ASSERT_TRUE(first);
  auto second = files.try_lock(at("lock"), "ben on lap");
  EXPECT_EQ(code(second), ErrorCode::denied);
  EXPECT_EQ(second.error().message, "ana on desk");
  EXPECT_EQ(*files.lock_holder(at("lock")), "ana on desk");
  EXPECT_TRUE(files.is_locked_by_other(at("lock")));
  first->reset();
  EXPECT_EQ(*files.lock_holder(at("lock")), std::nullopt);
  EXPECT_FALSE(files.is_locked_by_other(at("lock")));
  auto third = files.try_lock(at("lock"), "ben");
  ASSERT_TRUE(third);
  EXPECT_EQ(*files.lock_holder(at("lock")), "ben");
  EXPECT_EQ(text("lock"), "ben\n");
}

TEST_P(FileSystemContract, ALockTellsWhetherTheOneBeforeReleasedIt) {
  auto held = files.try_lock(at("lock"), "ana");
  ASSERT_TRUE(held);
  EXPECT_FALSE((*held)->was_left());
  held->reset();
  held = files.try_lock(at("lock"), "ben");
  ASSERT_TRUE(held);
  EXPECT_FALSE((*held)->was_left());
  (*held)->leave();
  held->reset();
  EXPECT_EQ(*files.lock_holder(at("lock")), std::nullopt);
  held = files.try_lock(at("lock"), "eva");
  ASSERT_TRUE(held);
  EXPECT_TRUE((*held)->was_left());
  held->reset();
  held = files.try_lock(at("lock"), "ana");
  ASSERT_TRUE(held);
  EXPECT_FALSE((*held)->was_left());
}

TEST_P(FileSystemContract, ALockNeedsAFile) {
  EXPECT_TRUE(files.create_directories(at("folder")));
  put("file", "kept");
  EXPECT_TRUE(files.symlink("file", at("link")));
  EXPECT_EQ(code(files.try_lock(at("missing/lock"), "ana")), ErrorCode::not_found);
  EXPECT_EQ(code(files.try_lock(at("folder"), "ana")), ErrorCode::denied);
  EXPECT_EQ(code(files.try_lock(at("link"), "ana")), ErrorCode::invalid_input);
  EXPECT_EQ(text("file"), "kept");
  EXPECT_FALSE(files.is_locked_by_other(at("file")));
  EXPECT_FALSE(files.is_locked_by_other(at("missing")));
}

TEST(FileSystem, TemporaryNamesAreKnown) {
  EXPECT_TRUE(is_temporary_name(".aecos-tmp-12-3"));
  EXPECT_FALSE(is_temporary_name("house.ifc"));
}

TEST(RealFileSystem, ManyThreadsWriteTheSameFileAndOneOfThemWins) {
  RealPlace place;
  auto path = join(place.root(), "a");
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 4; ++writer) {
    threads.emplace_back([&, writer] {
      for (int round = 0; round < 20; ++round) {
        EXPECT_TRUE(place.files().write(path, std::string(10'000, static_cast<char>('a' + writer))));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  auto bytes = *place.files().read(path);
  EXPECT_EQ(bytes, std::string(10'000, bytes.at(0)));
  EXPECT_EQ(place.files().list(place.root())->size(), 1u);
}

}  // namespace
}  // namespace aecos::os
