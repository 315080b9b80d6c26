// What a work may rely on, and what its neighbours may, in both databases.

#include <algorithm>
#include <atomic>
#include <latch>
#include <thread>

#include "store/schema_internal.h"
#include "store/store_test_internal.h"

namespace aecos::store {
namespace {

using StoreTransaction = StoreTest;
INSTANTIATE_TEST_SUITE_P(, StoreTransaction, testing::Values(Where::sqlite_file, Where::sqlite_memory, Where::postgres),
                         name_of);

const Error refused{ErrorCode::denied, "no"};

// All at the same time.
void on_threads(int count, const std::function<void(int)>& task) {
  std::latch ready(count);
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      ready.arrive_and_wait();
      task(i);
    });
  }
}

TEST_P(StoreTransaction, AWorkThatFailsLeavesNothing) {
  add_project("house");
  const auto result = write([](Tables& tables) -> Result<> {
    AECOS_TRY(tables.add_user({.login = "ana"}));
    AECOS_TRY(append(tables, "house", {.elements = {"wall"}}));
    AECOS_TRY(tables.set_setting("a", "b"));
    return refused;
  });
  EXPECT_EQ(result.error().message, "no");
  EXPECT_EQ(read([](Tables& tables) { return tables.count_users(); }), 0U);
  EXPECT_TRUE(events("house").empty());
  EXPECT_EQ(read([](Tables& tables) { return tables.setting("a"); }), std::nullopt);
  must_write([](Tables& tables) { return append(tables, "house"); });
  expect_unbroken(events("house"));
}

TEST_P(StoreTransaction, WhatAWorkThrowsReachesWhoAskedForItAndNobodyElse) {
  const auto thrown = [&](const Store::Work& work) -> std::string {
    try {
      (void)!write(work);
    } catch (const std::runtime_error& error) {
      return error.what();
    } catch (int number) {
      return std::to_string(number);
    }
    return "nothing";
  };
  EXPECT_EQ(thrown([](Tables& tables) -> Result<> {
              AECOS_TRY(tables.add_user({.login = "ana"}));
              throw std::runtime_error("a bug");
            }),
            "a bug");
  EXPECT_EQ(thrown([](Tables&) -> Result<> { throw 42; }), "42");
  EXPECT_THROW((void)!store->read([](Tables&) -> Result<> { throw std::runtime_error("a bug"); }), std::runtime_error);
  add_project("house");
  EXPECT_EQ(thrown([](Tables& tables) -> Result<> {
              AECOS_TRY(tables.append_event("house", [](const auto&) -> Event { throw std::runtime_error("seal"); }));
              return {};
            }),
            "seal");
  EXPECT_EQ(read([](Tables& tables) { return tables.count_users(); }), 0U);
  must_write([](Tables& tables) { return append(tables, "house"); });
  expect_unbroken(events("house"));
}

TEST_P(StoreTransaction, WhatIsThereAlreadyDoesNotStopAWorkThatCanDoWithoutIt) {
  add_user("ana");
  must_write([](Tables& tables) -> Result<> {
    EXPECT_FALSE(tables.add_user({.login = "ana"}));
    EXPECT_FALSE(tables.update_user({.login = "bob"}));
    EXPECT_FALSE(tables.append_event("nowhere", sealed()));
    return tables.add_user({.login = "eve"});
  });
  EXPECT_EQ(read([](Tables& tables) { return tables.count_users(); }), 2U);
}

TEST_P(StoreTransaction, AWorkCannotIgnoreThatTheDatabaseRefusedSomething) {
  const auto result = write([](Tables& tables) -> Result<> {
    AECOS_TRY(tables.add_user({.login = "ana"}));
    EXPECT_EQ(tables.set_grant({"house", "ana", "read"}).error().code, ErrorCode::not_found);
    EXPECT_EQ(tables.add_user({.login = "bob"}).error().code, ErrorCode::not_found) << "the same one again";
    return {};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::not_found);
  EXPECT_EQ(read([](Tables& tables) { return tables.count_users(); }), 0U);
}

TEST_P(StoreTransaction, AWorkSeesWhatItHasWritten) {
  add_project("house");
  must_write([](Tables& tables) -> Result<> {
    AECOS_TRY(append(tables, "house", {.elements = {"wall"}}));
    AECOS_TRY_ASSIGN(const auto project, tables.project("house"));
    EXPECT_EQ(project->last_sequence, 1U);
    AECOS_TRY_ASSIGN(const auto events, tables.events({.project = "house", .element = "wall"}));
    EXPECT_EQ(events.size(), 1U);
    return {};
  });
}

TEST_P(StoreTransaction, ReadingCannotWrite) {
  add_project("house");
  bool was_sealed = false;
  const auto result = store->read([&](Tables& tables) -> Result<> {
    EXPECT_EQ(tables.add_user({.login = "ana"}).error().code, ErrorCode::denied);
    EXPECT_FALSE(tables.append_event("house", [&](const auto&) {
      was_sealed = true;
      return Event{};
    }));
    EXPECT_FALSE(tables.add_change_request({.project = "house"}));
    return tables.set_setting("a", "b");
  });
  EXPECT_EQ(result.error().code, ErrorCode::denied);
  EXPECT_FALSE(was_sealed);
  EXPECT_EQ(read([](Tables& tables) { return tables.count_users(); }), 0U);
}

TEST_P(StoreTransaction, AWorkThatUsesTheStoreIsABug) {
  const auto nothing = [](Tables&) -> Result<> { return {}; };
  EXPECT_THROW((void)!write([&](Tables&) { return store->write(nothing); }), std::logic_error);
  must_write(nothing);
}

TEST_P(StoreTransaction, AWorkThatFailsLeavesItsNeighboursAlone) {
  constexpr int count = 48;
  add_project("house");
  std::atomic<int> done = 0;
  on_threads(count, [&](int i) {
    const auto login = "user" + std::to_string(i);
    const Store::Work work = [&](Tables& tables) -> Result<> {
      AECOS_TRY(tables.add_user({.login = login}));
      AECOS_TRY(append(tables, "house", {.actor = login}));
      if (i % 4 == 1) return refused;
      if (i % 4 == 2) throw std::runtime_error("a bug");
      if (i % 4 == 3) AECOS_TRY(tables.set_grant({"house", "nobody", "read"}));
      return {};
    };
    try {
      const auto result = store->write(work);
      EXPECT_EQ(static_cast<bool>(result), i % 4 == 0);
      EXPECT_NE(i % 4, 2);
      done += result ? 1 : 0;
    } catch (const std::runtime_error&) {
      EXPECT_EQ(i % 4, 2);
    }
  });
  EXPECT_EQ(done, count / 4);
  EXPECT_EQ(read([](Tables& tables) { return tables.count_users(); }), static_cast<std::size_t>(count / 4));
  const auto found = events("house");
  EXPECT_EQ(found.size(), static_cast<std::size_t>(count / 4));
  expect_unbroken(found);
}

TEST_P(StoreTransaction, ManyThreadsMakeOneUnbrokenChain) {
  constexpr int threads = 16, each = 25;
  add_project("house");
  std::atomic<bool> is_writing = true;
  std::jthread reader([&] {
    while (is_writing) {  // What is seen at any moment fits together.
      const auto result = store->read([&](Tables& tables) -> Result<> {
        AECOS_TRY_ASSIGN(const auto project, tables.project("house"));
        AECOS_TRY_ASSIGN(const auto last, tables.events({.project = "house", .newest_first = true, .limit = 1}));
        EXPECT_EQ(project->last_sequence, last.empty() ? 0U : last.front().sequence);
        return {};
      });
      EXPECT_TRUE(result) << result.error().message;
    }
  });
  std::vector<std::vector<std::uint64_t>> given(threads);
  on_threads(threads, [&](int i) {
    for (int k = 0; k < each; ++k) {
      std::uint64_t sequence = 0, number = 0;
      must_write([&](Tables& tables) -> Result<> {
        AECOS_TRY_ASSIGN(const auto event, tables.append_event("house", sealed()));
        AECOS_TRY_ASSIGN(const auto request, tables.add_change_request({.project = "house"}));
        sequence = event.sequence;
        number = request.number;
        return {};
      });
      EXPECT_EQ(sequence, number);
      given[static_cast<std::size_t>(i)].push_back(sequence);
    }
  });
  is_writing = false;
  reader.join();
  std::vector<std::uint64_t> all;
  for (const auto& sequences : given) {
    EXPECT_TRUE(std::is_sorted(sequences.begin(), sequences.end()));
    all.insert(all.end(), sequences.begin(), sequences.end());
  }
  std::sort(all.begin(), all.end());
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], i + 1) << "each was given once";
  const auto found = events("house");
  EXPECT_EQ(found.size(), static_cast<std::size_t>(threads * each));
  expect_unbroken(found);
  EXPECT_TRUE(store->check()->empty());
}

TEST_P(StoreTransaction, AReadSeesOneStateWhateverIsWrittenMeanwhile) {
  add_user("ana");
  std::jthread other;
  const auto result = store->read([&](Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(const auto before, tables.count_users());
    other = std::jthread([&] { add_user("bob"); });
    if (!is_in_memory()) other.join();  // In memory it has to wait for us.
    AECOS_TRY_ASSIGN(const auto after, tables.count_users());
    EXPECT_EQ(before, 1U);
    EXPECT_EQ(after, 1U);
    return {};
  });
  EXPECT_TRUE(result);
  if (other.joinable()) other.join();
  EXPECT_EQ(read([](Tables& tables) { return tables.count_users(); }), 2U);
}

TEST_P(StoreTransaction, WhatWasWrittenIsSeenByEveryReadThatBeginsLater) {
  on_threads(8, [&](int i) {
    for (int k = 0; k < 20; ++k) {
      const auto name = std::to_string(i), value = std::to_string(k);
      must_write([&](Tables& tables) { return tables.set_setting(name, value); });
      EXPECT_EQ(read([&](Tables& tables) { return tables.setting(name); }), value);
    }
  });
}

TEST_P(StoreTransaction, MoreMayReadAtOnceThanThereAreConnections) {
  add_user("ana");
  std::atomic<int> seen = 0;
  on_threads(40, [&](int) {
    for (int k = 0; k < 10; ++k) seen += static_cast<int>(read([](Tables& tables) { return tables.count_users(); }));
  });
  EXPECT_EQ(seen, 400);
}

TEST_P(StoreTransaction, EverythingIsThereAfterOpeningAgain) {
  if (is_in_memory()) GTEST_SKIP();
  add_project("house");
  add_user("ana");
  for (int i = 0; i < 3; ++i) {
    must_write([](Tables& tables) { return append(tables, "house", {.elements = {"wall"}}); });
    reopen();
  }
  expect_unbroken(events("house"));
  EXPECT_EQ(events("house").size(), 3U);
  EXPECT_EQ(read([](Tables& tables) { return tables.events({.project = "house", .element = "wall"}); }).size(), 3U);
  EXPECT_EQ(read([](Tables& tables) { return tables.count_users(); }), 1U);
}

TEST_P(StoreTransaction, TablesOfALaterVersionAreNotTouched) {
  if (is_in_memory()) GTEST_SKIP();
  store.reset();
  run_sql("UPDATE schema_version SET version = 99");
  const auto opened = open(address);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(opened.error().message, "the database is of version 99, this program knows versions up to " +
                                        std::to_string(schema_version()) + ": use a later aecos");
}

TEST_P(StoreTransaction, TablesOfAnEarlierVersionAreBroughtUp) {
  if (is_in_memory()) GTEST_SKIP();
  add_user("ana");
  store.reset();
  for (const char* table : {"inbox", "watches", "secrets", "channel_states", "deliveries"})
    run_sql(std::string("DROP TABLE ") + table);
  run_sql("UPDATE schema_version SET version = 1");
  auto opened = open(address);
  ASSERT_TRUE(opened) << opened.error().message;
  store = *std::move(opened);
  EXPECT_EQ(read([](Tables& tables) { return tables.count_users(); }), 1U);
  EXPECT_TRUE(read([](Tables& tables) { return tables.channels_with_deliveries(); }).empty());
}

TEST_P(StoreTransaction, CheckFindsWhatDoesNotFitTogether) {
  add_project("house");
  add_project("barn");
  for (int i = 0; i < 5; ++i) {
    must_write([](Tables& tables) { return append(tables, "house"); });
  }
  must_write([](Tables& tables) { return append(tables, "barn"); });
  const auto found = [&] {
    const auto damage = store->check();
    EXPECT_TRUE(damage) << damage.error().message;
    return *damage;
  };
  EXPECT_TRUE(found().empty());
  if (is_in_memory()) return;
  run_sql("UPDATE projects SET last_hash = 'x' WHERE name = 'barn'");
  run_sql("DELETE FROM events WHERE sequence IN (2, 4)");
  EXPECT_EQ(found(), (std::vector<std::string>{"project house: 2 events are missing among the first 5",
                                               "project barn: the hash of its last event is another one"}));
  run_sql("DELETE FROM events WHERE sequence = 5");
  EXPECT_EQ(found().front(), "project house: its last event should be 5, and is 3");
}

}  // namespace
}  // namespace aecos::store
