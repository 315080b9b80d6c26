#pragma once
// A fresh store for each test, in each of the databases.

#include <gtest/gtest.h>
#include <soci/postgresql/soci-postgresql.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "store/postgres_server_test_internal.h"
#include "store/sqlite_internal.h"
#include "store/store.h"

namespace aecos::store {

enum class Where : std::uint8_t { sqlite_file, sqlite_memory, postgres };

inline std::string name_of(const testing::TestParamInfo<Where>& info) {
  const char* names[] = {"SqliteFile", "SqliteMemory", "Postgres"};
  return names[static_cast<int>(info.param)];
}

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "aecos-store-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + '/' + name; }

 private:
  std::string path_;
};

// Started when it is first asked for, for all tests of this process. Null: there is none.
inline PostgresServer* postgres_server() {
  static const auto server = PostgresServer::start_new();
  return server.get();
}

// An address with no tables yet. Several may be had from one server.
inline std::string new_postgres_address(const PostgresServer& server) {
  static int number = 0;
  const auto schema = "test" + std::to_string(++number);
  soci::session session(soci::postgresql, server.address() + "&client_encoding=UTF8");
  session << "CREATE SCHEMA " + schema;
  return server.address() + "&options=-csearch_path%3D" + schema;
}

class StoreTest : public testing::TestWithParam<Where> {
 protected:
  void SetUp() override {
    switch (GetParam()) {
      case Where::sqlite_file:
        address = "sqlite:" + folder / "hub.db";
        break;
      case Where::sqlite_memory:
        address = "sqlite::memory:";
        break;
      case Where::postgres:
        if (!postgres_server()) GTEST_SKIP() << "PostgreSQL cannot be started here";
        address = new_postgres_address(*postgres_server());
    }
    reopen();
    ASSERT_TRUE(store);
  }

  void reopen() {
    store.reset();
    auto opened = open(address);
    ASSERT_TRUE(opened) << opened.error().message;
    store = *std::move(opened);
  }

  bool is_in_memory() const { return GetParam() == Where::sqlite_memory; }

  // Behind the store's back; not in memory.
  void run_sql(const std::string& sql) {
    if (GetParam() == Where::postgres) {
      soci::session(soci::postgresql, address) << sql;
    } else {
      connect_to_sqlite(folder / "hub.db")->run(sql);
    }
  }

  Result<> write(const Store::Work& work) { return store->write(work); }
  // Fails the test if it fails.
  void must_write(const Store::Work& work) {
    const auto result = store->write(work);
    EXPECT_TRUE(result) << result.error().message;
  }
  // What `ask` gives; fails the test if it fails.
  template <class Ask>
  auto read(const Ask& ask) {
    std::remove_cvref_t<decltype(*ask(std::declval<Tables&>()))> answer{};
    const auto result = store->read([&](Tables& tables) -> Result<> {
      AECOS_TRY_ASSIGN(answer, ask(tables));
      return {};
    });
    EXPECT_TRUE(result) << result.error().message;
    return answer;
  }

  void add_project(const std::string& name) {
    must_write([&](Tables& tables) { return tables.add_project({.name = name}); });
  }
  void add_user(const std::string& login) {
    must_write([&](Tables& tables) { return tables.add_user({.login = login}); });
  }
  std::vector<Event> events(const std::string& project) {
    return read([&](Tables& tables) { return tables.events({.project = project, .limit = 1000000}); });
  }

  Folder folder;
  std::string address;
  std::unique_ptr<Store> store;
};

// An event whose hash says where it lies.
inline Tables::Seal sealed(Event event = {}) {
  return [event](const Tables::Place& place) {
    auto result = event;
    result.json = "{\"after\":\"" + place.previous_hash + "\"}";
    result.hash = "hash " + std::to_string(place.sequence);
    return result;
  };
}

inline Result<> append(Tables& tables, const std::string& project, Event event = {}) {
  AECOS_TRY(tables.append_event(project, sealed(std::move(event))));
  return {};
}

// Each follows the one before it.
inline void expect_unbroken(const std::vector<Event>& events) {
  std::string previous;
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].sequence, i + 1);
    EXPECT_EQ(events[i].json, "{\"after\":\"" + previous + "\"}");
    previous = events[i].hash;
  }
}

}  // namespace aecos::store
