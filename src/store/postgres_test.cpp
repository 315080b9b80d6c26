// What happens with a server that others use, and that may be gone.

#include <atomic>
#include <thread>

#include "store/open_internal.h"
#include "store/store_test_internal.h"

namespace aecos::store {
namespace {

class Postgres : public testing::Test {
 protected:
  void SetUp() override {
    server = postgres_server();
    if (!server) GTEST_SKIP() << "PostgreSQL cannot be started here";
    address = new_postgres_address(*server);
    ASSERT_TRUE((*open(address))->write([](Tables& tables) -> Result<> {
      AECOS_TRY(tables.add_project({.name = "house"}));
      return tables.add_project({.name = "barn"});
    }));
  }

  static std::vector<Event> events(Store& store, const std::string& project = "house") {
    std::vector<Event> found;
    const auto result = store.read([&](Tables& tables) -> Result<> {
      AECOS_TRY_ASSIGN(found, tables.events({.project = project, .limit = 1000000}));
      return {};
    });
    EXPECT_TRUE(result) << result.error().message;
    return found;
  }

  PostgresServer* server = nullptr;
  std::string address;
};

const Store::Work append_one = [](Tables& tables) { return append(tables, "house", {.elements = {"wall"}}); };

TEST_F(Postgres, TwoHubsMakeOneUnbrokenChain) {
  constexpr int each = 40;
  std::vector<std::unique_ptr<Store>> hubs;
  for (int i = 0; i < 3; ++i) hubs.push_back(*open(address));
  std::vector<std::jthread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < each; ++k) {
        const auto result = hubs[static_cast<std::size_t>(i % 3)]->write([&](Tables& tables) -> Result<> {
          AECOS_TRY(tables.append_event("house", sealed()));
          AECOS_TRY(tables.add_change_request({.project = k % 2 == 0 ? "house" : "barn"}));
          return {};
        });
        EXPECT_TRUE(result) << result.error().message;
      }
    });
  }
  threads.clear();
  const auto found = events(*hubs[0]);
  EXPECT_EQ(found.size(), 12U * each);
  expect_unbroken(found);
  EXPECT_TRUE(hubs[0]->check()->empty());
}

TEST_F(Postgres, WorksOfTwoHubsAreAsIfOneCameAfterTheOther) {
  const auto one = *open(address), other = *open(address);
  // Each may go ahead only if the other has not: under weaker isolation both would.
  for (int round = 0; round < 20; ++round) {
    const auto mine = "a" + std::to_string(round), theirs = "b" + std::to_string(round);
    const auto go_ahead = [&](Store& hub, const std::string& name, const std::string& unless) {
      const auto result = hub.write([&](Tables& tables) -> Result<> {
        AECOS_TRY_ASSIGN(const auto there, tables.setting(unless));
        if (there) return Error{ErrorCode::denied, "the other has"};
        return tables.set_setting(name, "done");
      });
      EXPECT_TRUE(result || result.error().code == ErrorCode::denied) << result.error().message;
      return static_cast<bool>(result);
    };
    bool first = false, second = false;
    std::jthread thread([&] { first = go_ahead(*one, mine, theirs); });
    second = go_ahead(*other, theirs, mine);
    thread.join();
    EXPECT_NE(first, second);
  }
}

TEST_F(Postgres, ARestartOfTheServerIsNotNoticed) {
  const auto store = *open(address);
  ASSERT_TRUE(store->write(append_one));
  EXPECT_EQ(events(*store).size(), 1U);
  server->stop();
  ASSERT_TRUE(server->start());
  EXPECT_EQ(events(*store).size(), 1U);
  EXPECT_TRUE(store->write(append_one));
  server->stop();
  ASSERT_TRUE(server->start());
  EXPECT_TRUE(store->write(append_one));
  EXPECT_EQ(events(*store).size(), 3U);
  expect_unbroken(events(*store));
}

TEST_F(Postgres, AServerThatIsGoneIsWaitedForAndThenNamed) {
  const auto store = *open(address, 50);
  ASSERT_TRUE(store->write(append_one));
  server->stop();
  for (const auto& result : {store->write(append_one), store->read([](Tables&) -> Result<> { return {}; }),
                             store->back_up(Folder() / "x")}) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::unavailable) << result.error().message;
    EXPECT_EQ(result.error().message.find('\n'), std::string::npos) << result.error().message;
    EXPECT_TRUE(result.error().message.starts_with("PostgreSQL ")) << result.error().message;
    EXPECT_TRUE(result.error().message.ends_with(": look whether it runs")) << result.error().message;
  }
  EXPECT_EQ(open(address).error().code, ErrorCode::unavailable);
  ASSERT_TRUE(server->start());
  EXPECT_TRUE(store->write(append_one));
  expect_unbroken(events(*store));
}

TEST_F(Postgres, WhatWasAcknowledgedIsThereHoweverOftenConnectionsAreLost) {
  const auto store = *open(address);
  std::atomic<bool> is_over = false;
  std::atomic<std::uint64_t> acknowledged = 0, unsure = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (!is_over) {
        const auto result = store->write(append_one);
        ++(result ? acknowledged : unsure);
        EXPECT_TRUE(result || result.error().message.find("may have or not") != std::string::npos)
            << result.error().message;
        EXPECT_TRUE(store->read([](Tables& tables) -> Result<> {
          AECOS_TRY(tables.project("house"));
          return {};
        }));
      }
    });
  }
  soci::session administrator(soci::postgresql, server->address() + "&client_encoding=UTF8");
  for (int kills = 0; kills < 40; ++kills) {
    const auto before = acknowledged.load();
    while (acknowledged < before + 3) std::this_thread::yield();
    administrator << "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
                     "application_name = 'aecos'";
  }
  is_over = true;
  threads.clear();
  const auto found = events(*store);
  EXPECT_GE(found.size(), acknowledged);
  EXPECT_LE(found.size(), acknowledged + unsure);
  expect_unbroken(found);
  EXPECT_TRUE(store->check()->empty());
}

TEST_F(Postgres, WhoIsNotLetInIsToldWithoutThePassword) {
  const auto error = [&](const std::string& to) { return open(to).error(); };
  auto wrong = server->address();
  wrong.replace(wrong.find("@/postgres"), 10, ":secret@/nowhere");
  EXPECT_EQ(error(wrong).code, ErrorCode::invalid_input);
  EXPECT_EQ(error(wrong).message.find("secret"), std::string::npos) << error(wrong).message;
  EXPECT_TRUE(error(wrong).message.starts_with("PostgreSQL at /nowhere does not let us in (")) << error(wrong).message;
  EXPECT_EQ(error("postgresql:///x?host=/missing").code, ErrorCode::unavailable);
  EXPECT_EQ(error("postgresql://a b").code, ErrorCode::invalid_input);
}

TEST_F(Postgres, ManyHubsMayMakeTheTablesAtOnce) {
  const auto fresh = new_postgres_address(*server);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      const auto store = open(fresh);
      EXPECT_TRUE(store) << store.error().message;
    });
  }
}

}  // namespace
}  // namespace aecos::store
