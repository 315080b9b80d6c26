// How fast versions of a model are compared, normalised and merged. The bytes per second are those of all inputs.

#include "merge/merge.h"

#include <array>

#include "diff/ifc_delta.h"
#include "ifc/model.h"
#include "merge/normalise.h"
#include "models.h"
#include "text/json_writer.h"

namespace aecos::bench {
namespace {

void compare_with(benchmark::State& state, const std::string Versions::*side) {
  const Versions& versions = versions_of(state.range(0));
  auto base = ifc::read_model(versions.base);
  if (!base) return state.SkipWithError(base.error().message.c_str());
  auto edited = ifc::read_model(versions.*side, &base->file);
  if (!edited) return state.SkipWithError(edited.error().message.c_str());
  const std::array models{&*base, &*edited};
  ifc::identify(models);
  if (!ifc::compute_values(*base, nullptr) || !ifc::compute_values(*edited, &*base))
    return state.SkipWithError("no values");
  for (auto _ : state) benchmark::DoNotOptimize(diff::compare(*base, *edited));
  report(state, state.range(0), versions.base.size() + (versions.*side).size());
}

void compare_native(benchmark::State& state) { compare_with(state, &Versions::ours); }
void compare_re_exported(benchmark::State& state) { compare_with(state, &Versions::ours_anew); }

void normalise(benchmark::State& state) {
  const Versions& versions = versions_of(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(merge::normalise_ifc(versions.base, versions.ours_anew));
  report(state, state.range(0), versions.base.size() + versions.ours_anew.size());
}

void merge_of(benchmark::State& state, const std::string& base, const std::string& ours, const std::string& theirs) {
  merge::Options options;
  options.path = "house.ifc";
  for (auto _ : state) {
    auto outcome = merge::merge_ifc(base, ours, theirs, options);
    if (!outcome) return state.SkipWithError(outcome.error().message.c_str());
    benchmark::DoNotOptimize(outcome);
  }
  report(state, state.range(0), base.size() + ours.size() + theirs.size());
}

void merge_native(benchmark::State& state) {
  const Versions& versions = versions_of(state.range(0));
  merge_of(state, versions.base, versions.ours, versions.theirs);
}

void merge_re_exported(benchmark::State& state) {
  const Versions& versions = versions_of(state.range(0));
  merge_of(state, versions.base, versions.ours_anew, versions.theirs_anew);
}

// A table of so many elements as JSON; `cost` is what the element in the middle costs, `owner` whose the last one is.
std::string elements_json(std::int64_t elements, int cost, std::string_view owner) {
  text::JsonWriter json(2);
  json.begin_object().key("elements").begin_array();
  for (std::int64_t i = 0; i < elements; ++i) {
    json.begin_object().member("id", "element-" + std::to_string(i)).member("name", "Wall " + std::to_string(i));
    json.member("cost", i == elements / 2 ? cost : 100).member("owner", i + 1 == elements ? owner : "ana");
    json.key("place").begin_array().value(0.5).value(i).value(2.25).end_array().end_object();
  }
  json.end_array().end_object();
  return std::move(json).take();
}

void merge_json(benchmark::State& state) {
  const std::string base = elements_json(state.range(0), 100, "ana");
  const std::string ours = elements_json(state.range(0), 120, "ana");
  const std::string theirs = elements_json(state.range(0), 100, "ben");
  merge::Options options;
  options.path = "elements.json";
  for (auto _ : state) {
    auto outcome = merge::merge_json(base, ours, theirs, options);
    if (!outcome || !outcome->conflicts.empty()) return state.SkipWithError("it did not merge");
    benchmark::DoNotOptimize(outcome);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(base.size() + ours.size() + theirs.size()) * state.iterations());
}

[[maybe_unused]] const bool registered = run_on_each_model({{"compare_native", compare_native},
                                                            {"compare_re_exported", compare_re_exported},
                                                            {"normalise", normalise},
                                                            {"merge_native", merge_native},
                                                            {"merge_re_exported", merge_re_exported}});

BENCHMARK(merge_json)
    ->Arg(1000)
    ->Arg(10000)
    ->Arg(100000)
    ->ArgName("elements")
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace aecos::bench
