// How fast a model is read, and what each step of it costs, beside a plain scan of its bytes.

#include "ifc/model.h"
#include "models.h"
#include "step/file.h"

namespace aecos::bench {
namespace {

// The least a reader can do: look at every byte, one after the other. The compiler may not widen it to many at once.
void byte_scan(benchmark::State& state) {
  const std::string& text = text_of(state.range(0));
  for (auto _ : state) {
    std::size_t semicolons = 0;
    for (const char c : text) {
      semicolons += c == ';';
      benchmark::DoNotOptimize(semicolons);
    }
  }
  report(state, state.range(0), text.size());
}

void step_read(benchmark::State& state) {
  const std::string& text = text_of(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(step::read(text));
  report(state, state.range(0), text.size());
}

// With roles, property sets, identity and the hash of what every instance says: all that a comparison starts from.
void model_read(benchmark::State& state) {
  const std::string& text = text_of(state.range(0));
  for (auto _ : state) {
    auto model = ifc::read_model(text);
    if (!model) return state.SkipWithError(model.error().message.c_str());
    ifc::Model* const one = &*model;
    ifc::identify({&one, 1});
    if (auto done = ifc::compute_values(*model, nullptr); !done)
      return state.SkipWithError(done.error().message.c_str());
    benchmark::DoNotOptimize(model);
  }
  report(state, state.range(0), text.size());
}

[[maybe_unused]] const bool registered =
    run_on_each_model({{"byte_scan", byte_scan}, {"step_read", step_read}, {"model_read", model_read}});

}  // namespace
}  // namespace aecos::bench
