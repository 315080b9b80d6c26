#include "base/hash.h"
#include "diff/ifc_value.h"
#include "merge/ifc_plan_internal.h"

namespace aecos::merge {

diff::ElementRef Plan::element(Token token) const {
  for (const Side side : {Side::base, Side::ours, Side::theirs}) {
    const Model& one = model(side);
    if (const Index found = one.by_token.find(token); found != no_instance) return diff::element_ref(one, found);
  }
  return {};
}

Side Plan::decide(Conflict conflict) {
  set_id(conflict, options.path);
  conflict.chosen = choose(conflict, options);
  conflict.because = reason(conflict, options);
  conflicts.push_back(std::move(conflict));
  return conflicts.back().chosen;
}

Side Plan::decide(Conflict conflict, Side rule, std::string_view because) {
  set_id(conflict, options.path);
  const auto choice = options.choices.find(conflict.id);
  if (choice != options.choices.end()) return decide(std::move(conflict));
  conflict.chosen = rule;
  conflict.because = because;
  conflicts.push_back(std::move(conflict));
  return rule;
}

Side Plan::preview(Conflict conflict) const {
  set_id(conflict, options.path);
  return choose(conflict, options);
}

std::string made_global_id(std::uint64_t seed) {
  constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$";
  std::string text = "'";
  for (int k = 0; k < 22; ++k) {
    seed = mix(seed, 0x676c6f62616cULL + static_cast<std::uint64_t>(k));
    text += alphabet[k == 0 ? seed & 3 : seed & 63];  // 128 bits in 22 characters: the first has two of them.
  }
  return text += '\'';
}

Pieces global_id_for_copy(Plan& plan, Ref ref, std::uint64_t seed) {
  if (plan.used_global_ids.empty()) {
    const Model& base = plan.base();
    for (Index i = 0; i < base.size(); ++i)
      if (base.traits(i).role == ifc::Role::property_set) plan.used_global_ids.insert(hash_bytes(base.attribute(i, 0)));
    plan.used_global_ids.insert(0);
  }
  std::string text(plan.model(ref.side).attribute(ref.index, 0));
  while (ifc::has_global_id(plan.base(), text) || !plan.used_global_ids.insert(hash_bytes(text)).second)
    text = made_global_id(seed = mix(seed, hash_bytes(text)));
  return {{text}};
}

}  // namespace aecos::merge
