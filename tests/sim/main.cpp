// sim: runs of a made-up team, each from a seed; see docs/SIMULATOR.md.

#ifdef __linux__
#include <sched.h>
#endif

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "os/clock.h"
#include "sim/run.h"

namespace aecos::sim {
namespace {

constexpr const char* usage =
    "sim [--seed N] [--seeds COUNT] [--long] [--users U] [--steps S] [--break NAME|all] [--twice] [--trace]\n"
    "  --seed N      the first seed; alone: only this one\n"
    "  --seeds COUNT so many seeds from there on (500); --long: 10000\n"
    "  --users U     so many people; --steps S: so many steps (as the seed has it)\n"
    "  --break NAME  with a fault made on purpose, until a run finds it; all: each of them\n"
    "  --twice       every seed two times, which must be the same\n"
    "  --trace       tells every step\n";

// The hub's database has a thread of its own; waking it on another processor takes longer than what it does. Now and
// then the system may choose a processor anew, for there may be others at work.
class OneProcessor {
 public:
#ifdef __linux__
  OneProcessor() { sched_getaffinity(0, sizeof all_, &all_); }
  void next_run() {
    constexpr std::uint64_t chosen_anew_every = 16;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(sched_getcpu()), &one);
    const bool is_free = runs_++ % chosen_anew_every == 0;
    sched_setaffinity(0, sizeof one, is_free ? &all_ : &one);
  }

 private:
  cpu_set_t all_{};
  std::uint64_t runs_ = 0;
#else
  void next_run() {}
#endif
};

struct Wish {
  Setting setting;
  std::optional<std::uint64_t> seed, seeds;
  std::string made;
  bool twice = false, trace = false;
};

std::optional<Wish> read(const std::vector<std::string>& words) {
  Wish wish;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto number = [&] { return i + 1 < words.size() ? std::strtoull(words[++i].c_str(), nullptr, 10) : 0ULL; };
    if (word == "--seed") {
      wish.seed = number();
    } else if (word == "--seeds") {
      wish.seeds = number();
    } else if (word == "--long") {
      wish.seeds = 10'000;
    } else if (word == "--users") {
      wish.setting.users = number();
    } else if (word == "--steps") {
      wish.setting.steps = number();
    } else if (word == "--break" && i + 1 < words.size()) {
      wish.made = words[++i];
    } else if (word == "--twice") {
      wish.twice = true;
    } else if (word == "--trace") {
      wish.trace = true;
    } else {
      return std::nullopt;
    }
  }
  return wish;
}

void tell_failure(const Setting& setting, const Outcome& outcome) {
  std::printf("seed %" PRIu64 ": %s\nthe last steps:\n", setting.seed, outcome.violation.c_str());
  for (const std::string& step : outcome.last) std::printf("  %s\n", step.c_str());
  std::printf("once more, with all steps: ./dev sim --seed %" PRIu64 " --trace", setting.seed);
  if (setting.users != 0) std::printf(" --users %zu", setting.users);
  if (setting.steps != 0) std::printf(" --steps %zu", setting.steps);
  std::printf("\n");
}

// Every seed must hold.
int hold(const Wish& wish) {
  const auto clock = os::real_clock();
  const std::int64_t began_us = clock->monotonic_us();
  const std::uint64_t first = wish.seed.value_or(1), count = wish.seeds.value_or(wish.seed ? 1 : 500);
  OneProcessor processor;
  Outcome sum;
  Setting setting = wish.setting;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    setting.seed = seed;
    processor.next_run();
    const Outcome outcome = run(setting);
    if (outcome.violation.empty() && wish.twice && run(setting).print != outcome.print) {
      std::printf("seed %" PRIu64 ": two runs were not the same\n", seed);
      return 1;
    }
    if (!outcome.violation.empty()) {
      tell_failure(setting, outcome);
      return 1;
    }
    sum.users += outcome.users;
    sum.steps += outcome.steps;
    sum.syncs += outcome.syncs;
    sum.crashes += outcome.crashes;
    sum.moves += outcome.moves;
    sum.conflicts += outcome.conflicts;
  }
  const double took_s = static_cast<double>(clock->monotonic_us() - began_us) / 1e6;
  std::printf("%" PRIu64
              " seeds hold: %zu people, %zu steps, %zu syncs, %zu crashes, %zu moves of the shared branch, "
              "%zu conflicts; %.1f s, %.0f seeds/s\n",
              count, sum.users, sum.steps, sum.syncs, sum.crashes, sum.moves, sum.conflicts, took_s,
              static_cast<double>(count) / took_s);
  return 0;
}

// Some seed must find the fault.
int find(const Wish& wish, std::string_view name, Break made) {
  const std::uint64_t first = wish.seed.value_or(1), count = wish.seeds.value_or(500);
  Setting setting = wish.setting;
  setting.made = made;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    setting.seed = seed;
    const Outcome outcome = run(setting);
    if (outcome.violation.empty()) continue;
    std::printf("%.*s: found by seed %" PRIu64 ": %s\n", static_cast<int>(name.size()), name.data(), seed,
                outcome.violation.c_str());
    return 0;
  }
  std::printf("%.*s: not found by %" PRIu64 " seeds\n", static_cast<int>(name.size()), name.data(), count);
  return 1;
}

int go(const std::vector<std::string>& words) {
  auto wish = read(words);
  if (wish && wish->trace) wish->setting.trace = [](const std::string& told) { std::printf("%s\n", told.c_str()); };
  if (wish && wish->made.empty()) return hold(*wish);
  bool known = false;
  int status = 0;
  for (const auto& [name, made] : break_names) {
    if (!wish || (wish->made != "all" && wish->made != name)) continue;
    known = true;
    status |= find(*wish, name, made);
  }
  if (known) return status;
  std::fputs(usage, stderr);
  return 2;
}

}  // namespace
}  // namespace aecos::sim

int main(int count, char** words) { return aecos::sim::go({words + 1, words + count}); }
