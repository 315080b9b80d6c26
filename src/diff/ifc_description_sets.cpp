// What changed in property sets, told of each object they hang on.

#include "diff/ifc_description_internal.h"
#include "diff/step_text_internal.h"
#include "text/json_writer.h"

namespace aecos::diff {

using text::json_quote;

void Description::collect_sets(const PropertySetChange& change) {
  const Index b = base_.by_token.find(change.object);
  const Index s = side_.by_token.find(change.object);
  Whole* const gone = b == no_instance ? nullptr : before_.find(b);
  Whole* const come = s == no_instance ? nullptr : after_.find(s);
  if (gone != nullptr && change.base != no_instance && generous())
    before_.add_set(*gone, change.base);
  else if (come != nullptr && change.side != no_instance && generous())
    after_.add_set(*come, change.side);
  else if (gone == nullptr && come == nullptr)
    sets_.push_back({change, b, s});
}

void Description::describe_sets() {
  for (std::size_t k = 0; k < sets_.size();) {
    std::size_t end = k;
    while (end < sets_.size() && sets_[end].change.object == sets_[k].change.object) ++end;
    pair_renamed(k, end);
    for (; k < end; ++k)
      if (sets_[k].change.base != no_instance || sets_[k].change.side != no_instance) describe_set(sets_[k]);
  }
}

void Description::pair_renamed(std::size_t begin, std::size_t end) {
  constexpr std::size_t sets_max = 100;  // Of one object; no building has more.
  if (end - begin > sets_max) return;
  for (std::size_t k = begin; k < end; ++k) {
    PropertySetChange& gone = sets_[k].change;
    for (std::size_t n = begin; n < end && gone.base != no_instance && gone.side == no_instance; ++n) {
      PropertySetChange& come = sets_[n].change;
      if (come.base != no_instance || come.side == no_instance) continue;
      if (renamed_set(base_, gone.base, side_, come.side)) std::swap(gone.side, come.side);
    }
  }
}

void Description::describe_set(const SetOfObject& one) {
  const PropertySetChange& change = one.change;
  const bool known = one.base != no_instance || one.side != no_instance;
  ElementRef ref = one.side != no_instance      ? element_ref(side_, one.side)
                   : one.base != no_instance    ? element_ref(base_, one.base)
                   : change.side != no_instance ? element_ref(side_, change.side)
                                                : element_ref(base_, change.base);
  const std::size_t order = !known ? after_everything() : order_of(one.base, one.side);
  for (const PropertyDifference& difference : differences(change.base, change.side))
    add(order, {difference.kind, ref, difference.at, difference.before, difference.after});
}

const std::vector<PropertyDifference>& Description::differences(Index b, Index s) {
  const auto [found, fresh] = compared_.try_emplace(std::uint64_t{b} << 32U | s);
  auto& [all, times] = found->second;
  if (fresh && b != no_instance && s != no_instance && renamed_set(base_, b, side_, s))
    all = {{ChangeKind::property, set_name(base_, b), json_quote(set_name(base_, b)), json_quote(set_name(side_, s))}};
  else if (fresh)
    all = compare_sets(base_, b, side_, s);
  if (!generous() && ++times > 1 && all.size() > 1) {
    const auto content = [](const Model& model, Index set) -> Value {
      if (set == no_instance) return std::nullopt;
      return content_json(model.value[set]);
    };
    all = {{all[0].kind, b != no_instance ? set_name(base_, b) : set_name(side_, s), content(base_, b),
            content(side_, s)}};
  }
  return all;
}

}  // namespace aecos::diff
