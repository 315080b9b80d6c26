// What becomes of a group if the database itself fails.

#include <gtest/gtest.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <latch>

#include "store/databases_internal.h"
#include "store/group_writer_internal.h"
#include "store/schema_internal.h"
#include "store/store_test_internal.h"

namespace aecos::store {
namespace {

class GroupWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    database = private_sqlite_database(folder / "hub.db");
    auto connection = *database->connect(Use::write);
    ASSERT_TRUE(migrate(*database, *connection));
    handle = static_cast<soci::sqlite3_session_backend*>(connection->session().get_backend())->conn_;
    writer = std::make_unique<GroupWriter>(*database, std::move(connection));
  }

  // All of them wait before the first one begins, so that they are one group.
  std::vector<Result<>> write_together(const std::vector<Store::Work>& works) {
    std::vector<Result<>> results(works.size());
    std::vector<std::jthread> threads;
    std::promise<void> begun, all_wait;
    auto held = std::async(std::launch::async, [&] {
      return writer->alone([&](Connection&) -> Result<> {
        begun.set_value();
        all_wait.get_future().wait();
        return {};
      });
    });
    begun.get_future().wait();
    for (std::size_t i = 0; i < works.size(); ++i) {
      threads.emplace_back([&, i] { results[i] = writer->write(works[i]); });
    }
    while (writer->waiting() < works.size()) std::this_thread::yield();
    all_wait.set_value();
    EXPECT_TRUE(held.get());
    threads.clear();
    return results;
  }

  std::size_t users() {
    std::size_t count = 0;
    EXPECT_TRUE(writer->alone([&](Connection& connection) -> Result<> {
      count = static_cast<std::size_t>(connection.number("SELECT COUNT(*) FROM users"));
      return {};
    }));
    return count;
  }

  Folder folder;
  std::unique_ptr<Database> database;
  sqlite_api::sqlite3* handle = nullptr;
  std::unique_ptr<GroupWriter> writer;
};

Store::Work add(const std::string& login, const std::string& name = "") {
  return [=](Tables& tables) { return tables.add_user({.login = login, .name = name}); };
}

TEST_F(GroupWriterTest, WhatWaitsTogetherIsCommittedTogether) {
  static int commits;
  commits = 0;
  sqlite_api::sqlite3_commit_hook(
      handle, [](void*) { return ++commits, 0; }, nullptr);
  const auto results = write_together({add("a"), add("b"), add("a"), add("c")});
  EXPECT_EQ(std::count_if(results.begin(), results.end(), [](const auto& result) { return !result; }), 1);
  EXPECT_EQ(commits, 1);
  EXPECT_EQ(users(), 3U);
}

TEST_F(GroupWriterTest, IfTheCommitFailsItFailsForAll) {
  sqlite_api::sqlite3_commit_hook(
      handle, [](void*) { return 1; }, nullptr);
  for (const auto& result : write_together({add("a"), add("b"), add("a")})) EXPECT_FALSE(result);
  sqlite_api::sqlite3_commit_hook(handle, nullptr, nullptr);
  EXPECT_EQ(users(), 0U);
  EXPECT_TRUE(writer->write(add("a")));
  EXPECT_EQ(users(), 1U);
}

TEST_F(GroupWriterTest, AFullDiskFailsAllAndSpoilsNothing) {
  EXPECT_TRUE(writer->write(add("a")));
  EXPECT_TRUE(writer->alone([](Connection& connection) -> Result<> {
    connection.run("PRAGMA max_page_count = 100");
    return {};
  }));
  const std::string large(1 << 20, 'x');
  for (const auto& result : write_together({add("b"), add("c", large), add("d")})) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::unavailable);
    EXPECT_EQ(result.error().message, "no room is left for " + folder / "hub.db" + ": make some, then try again");
  }
  EXPECT_EQ(users(), 1U);
  EXPECT_TRUE(writer->write(add("b")));
  EXPECT_EQ(users(), 2U);
}

TEST_F(GroupWriterTest, AProgramThatHoldsTheFileIsNamedAsTheReason) {
  const auto other = connect_to_sqlite(folder / "hub.db");
  sqlite_api::sqlite3_busy_timeout(handle, 0);
  other->run("BEGIN IMMEDIATE");
  for (const auto& result : write_together({add("a"), add("b")})) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::unavailable);
    EXPECT_EQ(result.error().message, "another program holds " + folder / "hub.db" + ": end it, then try again");
  }
  other->run("ROLLBACK");
  EXPECT_TRUE(writer->write(add("a")));
}

TEST_F(GroupWriterTest, EndsAfterWhatWasAsked) {
  std::vector<std::jthread> threads;
  std::latch asked(5);
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([&, i] {
      EXPECT_TRUE(writer->write([&, i](Tables& tables) {
        asked.count_down();
        return tables.add_user({.login = std::to_string(i)});
      }));
    });
  }
  asked.wait();
  threads.clear();
  writer.reset();
  EXPECT_EQ((*database->connect(Use::read))->number("SELECT COUNT(*) FROM users"), 5);
}

}  // namespace
}  // namespace aecos::store
