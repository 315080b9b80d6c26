#include "revision/outcome_store.h"

#include <gtest/gtest.h>

#include "git/repository.h"
#include "os/faulty_file_system.h"
#include "os/memory_file_system.h"

namespace aecos::revision {
namespace {

constexpr const char* folder = "/house/.git/aecos/validated";

BlobId key(int k) { return git::hash_blob("key " + std::to_string(k)); }

class Outcomes : public testing::Test {
 protected:
  OutcomeStore open(OutcomeStore::Limits limits = {}) { return {files, folder, limits}; }
  std::vector<std::string> names() {
    std::vector<std::string> found;
    const auto entries = files.list(folder);
    for (const os::DirectoryEntry& entry : entries ? *entries : std::vector<os::DirectoryEntry>())
      found.push_back(entry.name);
    return found;
  }
  std::size_t bytes() {
    std::size_t all = 0;
    for (const std::string& name : names()) all += files.read(std::string(folder) + "/" + name)->size();
    return all;
  }
  os::MemoryFileSystem disk;
  os::FaultyFileSystem files{disk};
};

TEST_F(Outcomes, FewAreSavedWhenThatIsAskedFor) {
  OutcomeStore::Limits limits;
  limits.unsaved = 64;
  {
    OutcomeStore store = open(limits);
    store.add(key(1), "one");
    store.save();
    EXPECT_TRUE(names().empty());
    store.save_all();
  }
  EXPECT_EQ(open(limits).find(key(1)), "one");
}

TEST_F(Outcomes, AreKept) {
  {
    OutcomeStore store = open();
    EXPECT_FALSE(store.find(key(1)));
    store.add(key(1), "one");
    EXPECT_EQ(store.find(key(1)), "one");
    store.add(key(2), "");
    store.save();
  }
  OutcomeStore again = open();
  EXPECT_EQ(again.find(key(1)), "one");
  EXPECT_EQ(again.find(key(2)), "");
  EXPECT_FALSE(again.find(key(3)));
}

TEST_F(Outcomes, WhatIsDamagedIsNotThere) {
  OutcomeStore store = open();
  for (int k = 0; k < 5; ++k) store.add(key(k), std::string(20, static_cast<char>('a' + k)));
  store.save();
  const std::string path = std::string(folder) + "/" + names().at(0), whole = *files.read(path);
  for (std::size_t at = 0; at < whole.size(); at += 3) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    ASSERT_TRUE(files.write(path, damaged));
    OutcomeStore other = open();
    for (int k = 0; k < 5; ++k) {
      const auto found = other.find(key(k));
      EXPECT_TRUE(!found || *found == std::string(20, static_cast<char>('a' + k))) << at;
    }
    ASSERT_TRUE(files.write(path, whole.substr(0, at)));
    open().find(key(1));
  }
}

TEST_F(Outcomes, TakeNoMoreRoomThanTheyMay) {
  constexpr std::uint64_t bytes_max = 10'000;
  for (int round = 0; round < 60; ++round) {
    OutcomeStore store = open({bytes_max, 4, 0});
    EXPECT_TRUE(round == 0 || store.find(key(0))) << round;  // What is used stays.
    store.add(key(0), "used");
    for (int k = 1; k < 10; ++k) store.add(key(round * 100 + k), std::string(100, 'x'));
    store.save();
    EXPECT_LE(bytes(), bytes_max + 2000);
    EXPECT_LE(names().size(), 5U);
  }
}

TEST_F(Outcomes, AFewAreNotWorthAFile) {
  OutcomeStore store = open({1 << 20, 4, 3});
  for (int k = 0; k < 3; ++k) store.add(key(k), "x");
  store.save();
  EXPECT_TRUE(names().empty());
  store.add(key(3), "x");
  store.save();
  EXPECT_EQ(names().size(), 1U);
}

TEST_F(Outcomes, WhereNothingCanBeSavedTheyAreOnlyForgotten) {
  files.set_space_left(0);
  OutcomeStore store = open();
  store.add(key(1), "one");
  store.save();
  EXPECT_EQ(store.find(key(1)), "one");
  EXPECT_FALSE(open().find(key(1)));
}

}  // namespace
}  // namespace aecos::revision
