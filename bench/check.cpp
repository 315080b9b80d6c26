// How fast a text is searched for secrets.

#include "check/secrets.h"
#include "models.h"

namespace aecos::bench {
namespace {

void find_secrets(benchmark::State& state) {
  const std::string& text = text_of(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(check::find_secrets(text, "house.ifc"));
  report(state, state.range(0), text.size());
}

// As settings, where a value counts by its name alone, too.
void find_named_secrets(benchmark::State& state) {
  const std::string& text = text_of(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(check::find_secrets(text, "house.env"));
  report(state, state.range(0), text.size());
}

[[maybe_unused]] const bool registered =
    run_on_each_model({{"find_secrets", find_secrets}, {"find_named_secrets", find_named_secrets}});

}  // namespace
}  // namespace aecos::bench
