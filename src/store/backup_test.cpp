#include <atomic>
#include <fstream>
#include <thread>

#include "store/store_test_internal.h"

namespace aecos::store {
namespace {

class Backup : public StoreTest {
 protected:
  void fill() {
    add_project("house");
    add_user("ana");
    must_write([](Tables& tables) -> Result<> {
      AECOS_TRY(tables.add_token({.id = "T1", .hash = "1", .login = "ana", .scopes = {"read", "write"}}));
      AECOS_TRY(tables.set_grant({"house", "ana", "manage"}));
      for (int i = 0; i < 1200; ++i) AECOS_TRY(append(tables, "house", {.elements = {"wall", "Tür"}}));
      AECOS_TRY(tables.add_change_request({.project = "house", .text = "It's \"new\"\nand 😀"}));
      AECOS_TRY(tables.set_approval({.project = "house", .number = 1, .login = "ana"}));
      AECOS_TRY(tables.keep_answer("key", "", 1));
      return {};
    });
  }
  void expect_filled() {
    EXPECT_EQ(events("house").size(), 1200U);
    expect_unbroken(events("house"));
    EXPECT_EQ(read([](Tables& t) { return t.events({.project = "house", .element = "Tür", .limit = 2000}); }).size(),
              1200U);
    EXPECT_EQ(read([](Tables& t) { return t.token("T1"); })->scopes, (std::vector<std::string>{"read", "write"}));
    EXPECT_EQ(read([](Tables& t) { return t.change_request("house", 1); })->text, "It's \"new\"\nand 😀");
    EXPECT_EQ(read([](Tables& t) { return t.answer("key"); }), "");
    EXPECT_TRUE(store->check()->empty());
  }
};
INSTANTIATE_TEST_SUITE_P(, Backup, testing::Values(Where::sqlite_file, Where::sqlite_memory, Where::postgres), name_of);

TEST_P(Backup, IsAStoreOfItsOwn) {
  fill();
  const auto path = folder / "it's a backup";
  ASSERT_TRUE(store->back_up(path));
  must_write([](Tables& tables) { return append(tables, "house"); });
  store = *open("sqlite:" + path);
  expect_filled();
  must_write([](Tables& tables) { return append(tables, "house"); });
  expect_unbroken(events("house"));
}

TEST_P(Backup, IsRestoredIntoEitherDatabase) {
  fill();
  const auto path = folder / "backup";
  ASSERT_TRUE(store->back_up(path));
  address = GetParam() != Where::postgres && postgres_server() ? new_postgres_address(*postgres_server())
                                                               : "sqlite:" + folder / "restored.db";
  const auto restored = restore(path, address);
  ASSERT_TRUE(restored) << restored.error().message;
  reopen();
  expect_filled();
  must_write([](Tables& tables) { return append(tables, "house"); });
  store.reset();
  const auto again = restore(path, address);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, "the database to restore into is not empty: it has users");
}

TEST_P(Backup, DoesNotReplaceAnything) {
  const auto path = folder / "backup";
  std::ofstream(path) << "precious";
  const auto result = store->back_up(path);
  EXPECT_EQ(result.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(result.error().message, path + " is there already");
  EXPECT_EQ(std::filesystem::file_size(path), 8U);
}

TEST_P(Backup, LeavesNothingWhereItFails) {
  const auto result = store->back_up(folder / "missing" + "/backup");
  EXPECT_EQ(result.error().code, ErrorCode::unavailable);
  std::filesystem::create_directory(folder / "backup.part");
  EXPECT_FALSE(store->back_up(folder / "backup" + "/x"));
  must_write([](Tables& tables) { return tables.set_setting("a", "b"); });
}

TEST_P(Backup, IsOneStateWhileOthersWrite) {
  add_project("house");
  std::atomic<bool> is_over = false;
  std::jthread writer([&] {
    while (!is_over) must_write([](Tables& tables) { return append(tables, "house", {.elements = {"wall"}}); });
  });
  for (int i = 0; i < 5; ++i) {
    const auto path = folder / std::to_string(i);
    ASSERT_TRUE(store->back_up(path));
    auto copy = open("sqlite:" + path);
    ASSERT_TRUE(copy) << copy.error().message;
    EXPECT_TRUE((*copy)->check()->empty());
  }
  is_over = true;
}

TEST_P(Backup, OfSomethingElseIsNotRestored) {
  if (is_in_memory()) GTEST_SKIP();
  std::ofstream(folder / "text") << std::string(5000, 'x');
  EXPECT_FALSE(restore(folder / "text", "sqlite::memory:"));
  EXPECT_FALSE(restore(folder / "missing", "sqlite::memory:"));
  EXPECT_FALSE(std::filesystem::exists(folder / "missing"));
  ASSERT_TRUE(store->back_up(folder / "backup"));
  connect_to_sqlite(folder / "backup")->run("UPDATE schema_version SET version = 99");
  const auto later = restore(folder / "backup", "sqlite::memory:");
  EXPECT_EQ(later.error().code, ErrorCode::invalid_input);
}

}  // namespace
}  // namespace aecos::store
