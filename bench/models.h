#pragma once
// What the benchmarks run on: the files that AECOS_BENCH_FILES names (separated by ':'), else the made house in two
// sizes and the real models of ../shared/data/ifc where it is there. A benchmark is given the position of its model.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "sample/house.h"
#include "sample/random_edits.h"
#include "sample/re_export.h"

namespace aecos::bench {

constexpr std::array storeys{20, 200};  // About 1 and 10 MB.

inline std::vector<std::string> find_files() {
  std::vector<std::string> found;
  if (const char* given = std::getenv("AECOS_BENCH_FILES")) {
    std::istringstream names(given);
    for (std::string name; std::getline(names, name, ':');) found.push_back(name);
    return found;
  }
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator("../shared/data/ifc", absent))
    if (entry.path().extension() == ".ifc") found.push_back(entry.path().string());
  std::sort(found.begin(), found.end());
  return found;
}

// The models before the houses.
inline const std::vector<std::string>& files() {
  static const std::vector<std::string> found = find_files();
  return found;
}

inline std::int64_t model_count() {
  const std::size_t houses = std::getenv("AECOS_BENCH_FILES") != nullptr ? 0 : storeys.size();
  return static_cast<std::int64_t>(files().size() + houses);
}

inline int storeys_of(std::int64_t model) { return storeys.at(static_cast<std::size_t>(model) - files().size()); }

inline bool is_house(std::int64_t model) { return static_cast<std::size_t>(model) >= files().size(); }

inline std::string name_of(std::int64_t model) {
  if (is_house(model)) return "house of " + std::to_string(storeys_of(model)) + " storeys";
  return std::filesystem::path(files()[static_cast<std::size_t>(model)]).filename().string();
}

inline std::string make(std::int64_t model) {
  if (is_house(model)) return sample::house({.storeys = storeys_of(model)});
  std::ifstream file(files()[static_cast<std::size_t>(model)], std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

using Kind = std::pair<const char*, void (*)(benchmark::State&)>;

// Registers all kinds for one model, then for the next, so that what belongs to a model is made once.
inline bool run_on_each_model(std::initializer_list<Kind> kinds) {
  for (std::int64_t model = 0; model < model_count(); ++model)
    for (const auto& [name, kind] : kinds)
      benchmark::RegisterBenchmark(name, kind)
          ->Arg(model)
          ->Unit(benchmark::kMillisecond)
          ->MinTime(0.3)
          ->MeasureProcessCPUTime();
  return true;
}

// Made once, and given up when another model is asked for: the large ones need much memory.
inline const std::string& text_of(std::int64_t model) {
  static std::int64_t kept = -1;
  static std::string text;
  if (kept != model) text = make(model);
  kept = model;
  return text;
}

// The model, and what two people made of it, each with 20 edits; saved anew by programs of the other kind too.
struct Versions {
  std::string base, ours, theirs, ours_anew, theirs_anew;
};

inline std::string edited(const std::string& base, std::uint64_t seed) {
  auto editor = sample::Editor::open(base, "seed " + std::to_string(seed));
  sample::Dice dice(seed);
  sample::edit_at_random(*editor, dice, 20);
  return editor->text();
}

inline const Versions& versions_of(std::int64_t model) {
  static std::int64_t kept = -1;
  static Versions versions;
  if (kept == model) return versions;
  versions.base = make(model);
  versions.ours = edited(versions.base, 1);
  versions.theirs = edited(versions.base, 2);
  versions.ours_anew = *sample::re_export(versions.ours, 3);
  versions.theirs_anew = *sample::re_export(versions.theirs, 4);
  kept = model;
  return versions;
}

inline void report(benchmark::State& state, std::int64_t model, std::size_t bytes) {
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
  state.SetLabel(name_of(model));
}

}  // namespace aecos::bench
