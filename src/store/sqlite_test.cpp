// What is true of the file only.

#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <random>
#include <thread>

#include "store/store_test_internal.h"

namespace aecos::store {
namespace {

class Sqlite : public testing::Test {
 protected:
  // What opening it says.
  Error error() {
    const auto opened = open("sqlite:" + path);
    return opened ? Error{ErrorCode::not_found, "it was opened"} : opened.error();
  }
  void make() {
    const auto store = *open("sqlite:" + path);
    ASSERT_TRUE(store->write([](Tables& tables) -> Result<> {
      AECOS_TRY(tables.add_project({.name = "house"}));
      for (int i = 0; i < 200; ++i) AECOS_TRY(append(tables, "house", {.elements = {"wall"}}));
      return {};
    }));
  }
  void overwrite(std::streamoff at, std::size_t size) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << std::string(size, '\x5a');
  }

  Folder folder;
  std::string path = folder / "a \"b's\" ü=c;d.db";
};

TEST_F(Sqlite, OneStoreAloneHasTheFile) {
  path = folder / "hub.db";
  auto store = open("sqlite:" + path);
  ASSERT_TRUE(store);
  EXPECT_EQ(error().code, ErrorCode::denied);
  EXPECT_EQ(error().message, path + " is in use (a hub): one hub alone may use it");
  const auto file = path;
  path = folder / "another name";
  std::filesystem::create_symlink(file, path);
  EXPECT_EQ(error().code, ErrorCode::denied);
  *store = nullptr;
  EXPECT_TRUE(open("sqlite:" + path));
}

TEST_F(Sqlite, PathsMayHaveBlanksAndSigns) {
  path = folder / "a  b's ü=c;d?e%20#f.db";
  make();
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_TRUE(open("sqlite:" + path));
}

TEST_F(Sqlite, WhatCannotBeOpenedIsSaid) {
  EXPECT_EQ(error().code, ErrorCode::invalid_input) << "SOCI cannot be given a quote";
  path = "";
  EXPECT_EQ(error().code, ErrorCode::invalid_input);
  path = folder / "missing" + "/hub.db";
  EXPECT_EQ(error().code, ErrorCode::invalid_input);
  EXPECT_EQ(error().message, path + " cannot be made: its folder is not there");
  EXPECT_EQ(open("mysql://host").error().code, ErrorCode::invalid_input);
  EXPECT_EQ(open("").error().message, "no address of a database: it begins with sqlite: or postgresql://");
  path = folder / "folder";
  std::filesystem::create_directory(path);
  EXPECT_EQ(error().code, ErrorCode::unavailable);
}

TEST_F(Sqlite, WhatIsNoDatabaseIsLeftAsItIs) {
  path = folder / "notes.txt";
  std::ofstream(path) << std::string(10000, 'x');
  EXPECT_EQ(error().code, ErrorCode::unavailable);
  EXPECT_NE(error().message.find("is damaged, or no SQLite database"), std::string::npos) << error().message;
  EXPECT_EQ(std::filesystem::file_size(path), 10000U);
}

TEST_F(Sqlite, DamageIsFoundAtOpening) {
  path = folder / "hub.db";
  make();
  const auto size = std::filesystem::file_size(path);
  for (std::streamoff at = 4096 + 10; at < static_cast<std::streamoff>(size); at += 4096) overwrite(at, 300);
  EXPECT_EQ(error().code, ErrorCode::unavailable);
  EXPECT_NE(error().message.find(path + " is damaged"), std::string::npos) << error().message;
  EXPECT_NE(error().message.find("restore the last backup"), std::string::npos) << error().message;
  EXPECT_EQ(error().message.find('\n'), std::string::npos);
}

TEST_F(Sqlite, DamageThatComesLaterIsFoundByCheck) {
  path = folder / "hub.db";
  make();
  const auto store = *open("sqlite:" + path);
  const auto size = std::filesystem::file_size(path);
  for (std::streamoff at = 4096 * 20 + 10; at < static_cast<std::streamoff>(size); at += 4096) overwrite(at, 300);
  const auto damage = store->check();
  EXPECT_TRUE(!damage || !damage->empty());
}

TEST_F(Sqlite, AFileThatMayNotBeWrittenIsSaid) {
  path = folder / "hub.db";
  make();
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  if (std::ofstream(path, std::ios::app)) GTEST_SKIP() << "root may write everything";
  EXPECT_EQ(error().code, ErrorCode::unavailable);
  EXPECT_EQ(error().message, path + " may not be written to: look at its permissions");
}

// Writes until it is killed; says what was acknowledged. Run as a process of its own by the test below.
TEST(SqliteCrash, DISABLED_Writer) {
  const std::string path = std::getenv("AECOS_STORE_PATH");                 // NOLINT(concurrency-mt-unsafe)
  const int kill_after = std::atoi(std::getenv("AECOS_STORE_KILL_AFTER"));  // NOLINT(concurrency-mt-unsafe)
  const auto store = *open("sqlite:" + path);
  std::atomic<int> acknowledged = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (true) {
        std::uint64_t sequence = 0;
        (void)!store->write([&](Tables& tables) -> Result<> {
          AECOS_TRY_ASSIGN(const auto event, tables.append_event("house", sealed({.elements = {"wall", "door"}})));
          sequence = event.sequence;
          return {};
        });
        std::printf("%llu\n", static_cast<unsigned long long>(sequence));
        std::fflush(stdout);
        ++acknowledged;
      }
    });
  }
  while (acknowledged < kill_after) std::this_thread::yield();
  for (volatile int spin = 0; spin < kill_after * 7919 % 400000;) spin = spin + 1;  // Any moment of a transaction.
  std::raise(SIGKILL);
}

TEST(SqliteCrash, WhatWasAcknowledgedIsThereAfterAKill) {
  const Folder folder;
  const auto path = folder / "hub.db";
  ASSERT_TRUE((*open("sqlite:" + path))->write([](Tables& tables) { return tables.add_project({.name = "house"}); }));
  std::minstd_rand random(42);
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 20; ++round) {
    os::Command command{{os::real_environment()->program(), "--gtest_also_run_disabled_tests",
                         "--gtest_filter=SqliteCrash.DISABLED_Writer", "--gtest_brief=1"}};
    command.environment["AECOS_STORE_PATH"] = path;
    command.environment["AECOS_STORE_KILL_AFTER"] = std::to_string(random() % 60);
    command.on_output_line = [&](std::string_view line) {
      acknowledged = std::max<std::uint64_t>(acknowledged, std::strtoull(std::string(line).c_str(), nullptr, 10));
    };
    const auto finished = os::real_process_runner()->run(command);
    ASSERT_EQ(finished->status, 128 + SIGKILL) << finished->output << finished->error;
    const auto store = open("sqlite:" + path);
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_TRUE((*store)->check()->empty());
    std::vector<Event> events;
    ASSERT_TRUE((*store)->read([&](Tables& tables) -> Result<> {
      AECOS_TRY_ASSIGN(events, tables.events({.project = "house", .element = "door", .limit = 1000000}));
      return {};
    }));
    EXPECT_GE(events.size(), acknowledged) << "round " << round;
    expect_unbroken(events);
  }
  EXPECT_GT(acknowledged, 0U);
}

}  // namespace
}  // namespace aecos::store
