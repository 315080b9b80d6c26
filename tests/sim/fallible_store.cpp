#include "sim/fallible_store.h"

namespace aecos::sim {
namespace {

const Error no_power{ErrorCode::unavailable, "the power has failed"};

}  // namespace

void FallibleStore::pass_moment() {
  if (moments_left_-- > 0) return;
  machine_.cut_power();
  throw os::PowerLoss{};
}

Result<> FallibleStore::write(const Work& work) {
  if (!machine_.has_power()) return no_power;
  if (is_full) return Error{ErrorCode::unavailable, "database or disk is full"};
  pass_moment();
  const Result<> written = inner_->write([&](store::Tables& tables) -> Result<> {
    AECOS_TRY(work(tables));
    if (!forgets_intents) return {};
    AECOS_TRY_ASSIGN(const std::vector<store::Intent> intents, tables.intents());
    for (const store::Intent& intent : intents) AECOS_TRY(tables.remove_intent(intent.id));
    return {};
  });
  AECOS_TRY(written);
  pass_moment();
  return {};
}

Result<> FallibleStore::read(const Work& work) {
  if (!machine_.has_power()) return no_power;
  return inner_->read(work);
}

}  // namespace aecos::sim
