#include "os/environment.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <ctime>

#include "os/clock.h"
#include "os/file_system.h"
#include "os/path.h"
#include "os/random.h"

namespace aecos::os {
namespace {

// Sets a variable (or takes it out) for as long as it lives.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name), before_(real_environment()->variable(name)) {
    set(value ? std::optional<std::string>(value) : std::nullopt);
  }
  ~Variable() { set(before_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  void set(const std::optional<std::string>& value) {
    if (value) {
      ::setenv(name_, value->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  const char* name_;
  std::optional<std::string> before_;
};

TEST(Environment, AnEmptyVariableIsNotAnAbsentOne) {
  Variable empty("AECOS_TEST_EMPTY", ""), absent("AECOS_TEST_ABSENT", nullptr);
  auto environment = real_environment();
  EXPECT_EQ(environment->variable("AECOS_TEST_EMPTY"), "");
  EXPECT_EQ(environment->variable("AECOS_TEST_ABSENT"), std::nullopt);
}

TEST(Environment, SettingsLieInTheHomeFolderUnlessToldOtherwise) {
  Variable home("HOME", "/home/somebody"), config("XDG_CONFIG_HOME", nullptr);
  auto environment = real_environment();
  EXPECT_EQ(environment->home(), "/home/somebody");
  EXPECT_EQ(environment->config_directory(), "/home/somebody/.config");
  Variable elsewhere("XDG_CONFIG_HOME", "/settings");
  EXPECT_EQ(environment->config_directory(), "/settings");
  Variable relative("XDG_CONFIG_HOME", "settings");
  EXPECT_EQ(environment->config_directory(), "/home/somebody/.config");
}

TEST(Environment, ClocksShowTheTimeOfTheirZone) {
  constexpr std::int64_t winter = 1'768'435'200, summer = 1'784'073'600;  // The 15th of January and July 2026.
  Variable zone("TZ", "Europe/Berlin");
  ::tzset();
  auto environment = real_environment();
  EXPECT_EQ(environment->minutes_east(winter), 60);
  EXPECT_EQ(environment->minutes_east(summer), 120);
  Variable other("TZ", "Asia/Kolkata");
  ::tzset();
  EXPECT_EQ(environment->minutes_east(winter), 330);
}

TEST(Environment, WithoutHomeTheUserListIsAsked) {
  Variable home("HOME", nullptr);
  auto found = real_environment()->home();
  EXPECT_TRUE(found.empty() || is_absolute(found));
}

TEST(Environment, TellsWhereAndWhoWeAre) {
  auto environment = real_environment();
  auto files = real_file_system();
  EXPECT_EQ(name_of(environment->program()), "os_test");
  EXPECT_EQ(environment->current_directory(), *files->resolve("."));
  EXPECT_TRUE(is_absolute(environment->temporary_directory()));
  EXPECT_FALSE(environment->user().empty());
  EXPECT_FALSE(environment->host().empty());
  EXPECT_EQ(*files->resolve("/proc/self"), "/proc/" + std::to_string(environment->process_id()));
}

TEST(Environment, AFixedOneSaysWhatItWasTold) {
  FixedEnvironment environment({.variables = {{"A", ""}}, .user = "ben", .columns = 80});
  EXPECT_EQ(environment.variable("A"), "");
  EXPECT_EQ(environment.variable("B"), std::nullopt);
  EXPECT_EQ(environment.user(), "ben");
  EXPECT_EQ(environment.terminal_columns(), 80);
}

TEST(Clock, UtcTextOfAnyTime) {
  EXPECT_EQ(to_utc_text(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(to_utc_text(1'709'190'309'000'123), "2024-02-29T07:05:09.000123Z");
  EXPECT_EQ(to_utc_text(-1), "1969-12-31T23:59:59.999999Z");
}

TEST(Clock, TheRealOneGoesOn) {
  auto clock = real_clock();
  auto start = clock->monotonic_us();
  clock->sleep_us(1500);
  EXPECT_GE(clock->monotonic_us() - start, 1500);
  EXPECT_GT(clock->now_us(), 1'700'000'000'000'000);
}

TEST(Clock, AManualOneMovesByBeingSleptOn) {
  ManualClock clock(1000);
  clock.sleep_us(500);
  EXPECT_EQ(clock.now_us(), 1500);
  EXPECT_EQ(clock.monotonic_us(), 1500);
}

TEST(Random, ASeedDecidesAllThatFollows) {
  SeededRandom a(7), b(7), c(8);
  auto first = random_hex(a, 9);
  EXPECT_EQ(first.size(), 18u);
  EXPECT_EQ(first, random_hex(b, 9));
  EXPECT_NE(first, random_hex(c, 9));
  EXPECT_NE(first, random_hex(a, 9));
  // The published sequence of SplitMix64, so that no machine differs.
  SeededRandom known(1234567);
  EXPECT_EQ(random_hex(known, 8), "85fc08fb17d09e59");
}

TEST(Random, TheRealOneFillsEveryByte) {
  auto random = real_random();
  std::array<std::byte, 4096> bytes{};
  random->fill(bytes);
  std::array<int, 256> seen{};
  for (auto byte : bytes) ++seen[static_cast<std::size_t>(byte)];
  EXPECT_LT(seen[0], 100);
  EXPECT_NE(random_number(*random), random_number(*random));
}

}  // namespace
}  // namespace aecos::os
