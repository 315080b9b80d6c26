// Objects, resources and relations one to one, attribute by attribute; and what has no identity at all.

#include <algorithm>

#include "base/hash.h"
#include "diff/ifc_value.h"
#include "merge/ifc_plan_internal.h"
#include "step/token.h"

namespace aecos::merge {
namespace {

using diff::ObjectChange;
using ifc::Role;

constexpr std::size_t owner_history_attribute = 1;

class Objects {
 public:
  explicit Objects(Plan& plan) : plan_(plan), base_(plan.base()) {}

  void run() {
    add_new();
    std::map<Index, std::array<const ObjectChange*, 3>> changes;
    for (const Side side : {Side::ours, Side::theirs})
      for (const ObjectChange& change : plan_.delta(side).changed)
        changes[change.base][static_cast<std::size_t>(side)] = &change;
    for (const auto& [b, by_side] : changes) {
      if (plan_.draft.is_dropped(b)) continue;
      if (by_side[1] != nullptr && by_side[2] != nullptr)
        merge_both(b, *by_side[1], *by_side[2]);
      else if (by_side[1] != nullptr)
        take_all({Side::ours, by_side[1]->side}, *by_side[1]);
      else
        take_all({Side::theirs, by_side[2]->side}, *by_side[2]);
    }
  }

 private:
  void take_all(Ref from, const ObjectChange& change) {
    if (change.reclassified) {
      plan_.draft.take_instance(change.base, from);
      keep_global_id(change.base);
    } else {
      for (const std::uint16_t k : change.attributes) plan_.draft.take_attribute(change.base, k, from, k);
    }
    plan_.draft.take_annotations(change.base, from);
    take_owner_history(change.base, from);
  }

  // Who it is does not change with what it is.
  void keep_global_id(Index b) {
    if (!base_.traits(b).rooted()) return;
    const auto attributes = base_.attributes(b);
    plan_.draft.set_attribute(b, 0, {{std::string(attributes[0])}});
  }

  // Of a changed instance the newer history stands.
  void take_owner_history(Index b, Ref from) {
    if (!base_.traits(b).rooted()) return;
    const Index before = history(base_, b);
    const Model& model = plan_.model(from.side);
    const Index after = history(model, from.index);
    if (before == no_instance || after == no_instance || base_.value[before] == model.value[after]) return;
    if (changed_at(model, after) >= changed_at(base_, before))
      plan_.draft.take_attribute(b, owner_history_attribute, from, owner_history_attribute);
  }

  static Index history(const Model& model, Index i) {
    const auto attributes = model.attributes(i);
    return attributes.size() > owner_history_attribute ? model.reference(attributes[owner_history_attribute])
                                                       : no_instance;
  }

  // The later of LastModifiedDate and CreationDate, in seconds since 1970.
  static double changed_at(const Model& model, Index history) {
    const auto attributes = model.attributes(history);
    double latest = 0;
    for (const std::size_t k : {4U, 7U}) {
      double date = 0;
      if (k < attributes.size() && step::number_value(attributes[k], date)) latest = std::max(latest, date);
    }
    return latest;
  }

  void merge_both(Index b, const ObjectChange& ours, const ObjectChange& theirs) {
    const Ref o{Side::ours, ours.side}, t{Side::theirs, theirs.side};
    if (ours.reclassified || theirs.reclassified) return merge_reclassified(b, ours, theirs);
    const auto by_ours = ifc::attribute_values(plan_.model(Side::ours), o.index);
    const auto by_theirs = ifc::attribute_values(plan_.model(Side::theirs), t.index);
    for (const std::uint16_t k : ours.attributes) {
      const bool both = std::find(theirs.attributes.begin(), theirs.attributes.end(), k) != theirs.attributes.end();
      if (!both || (k < by_ours.size() && k < by_theirs.size() && by_ours[k] == by_theirs[k])) {
        plan_.draft.take_attribute(b, k, o, k);
      } else if (!combine_attribute(plan_, b, k, o, t)) {
        take_chosen(b, k, o, t);
      }
    }
    for (const std::uint16_t k : theirs.attributes)
      if (std::find(ours.attributes.begin(), ours.attributes.end(), k) == ours.attributes.end())
        plan_.draft.take_attribute(b, k, t, k);
    merge_annotations(b, o, t);
    take_owner_history(b, o);
    take_owner_history(b, t);
  }

  void take_chosen(Index b, std::size_t k, Ref ours, Ref theirs) {
    Conflict conflict;
    conflict.element = diff::element_ref(base_, b);
    conflict.at = diff::attribute_place(base_, b, k);
    conflict.base = diff::attribute_value_json(base_, b, k);
    conflict.ours = diff::attribute_value_json(plan_.model(Side::ours), ours.index, k);
    conflict.theirs = diff::attribute_value_json(plan_.model(Side::theirs), theirs.index, k);
    const Side chosen = plan_.decide(std::move(conflict));
    if (chosen == Side::ours) plan_.draft.take_attribute(b, k, ours, k);
    if (chosen == Side::theirs) plan_.draft.take_attribute(b, k, theirs, k);
  }

  static std::uint64_t hung_values(const Model& model, Index i) {
    std::uint64_t sum = 0;
    for (const Index one : model.hung_on(i)) sum += mix(model.token[one] != 0 ? model.token[one] : model.value[one], 1);
    return sum;
  }

  void merge_annotations(Index b, Ref ours, Ref theirs) {
    const std::uint64_t before = hung_values(base_, b);
    const std::uint64_t by_ours = hung_values(plan_.model(Side::ours), ours.index);
    const std::uint64_t by_theirs = hung_values(plan_.model(Side::theirs), theirs.index);
    if (by_ours == before && by_theirs == before) return;
    Side chosen = by_ours == before ? Side::theirs : Side::ours;
    if (by_ours != before && by_theirs != before && by_ours != by_theirs) {
      Conflict conflict;
      conflict.element = diff::element_ref(base_, b);
      conflict.at = "Annotations";
      conflict.base = hung_json(base_, b);
      conflict.ours = hung_json(plan_.model(Side::ours), ours.index);
      conflict.theirs = hung_json(plan_.model(Side::theirs), theirs.index);
      chosen = plan_.decide(std::move(conflict));
    }
    if (chosen == Side::ours) plan_.draft.take_annotations(b, ours);
    if (chosen == Side::theirs) plan_.draft.take_annotations(b, theirs);
  }

  static Value hung_json(const Model& model, Index i) {
    std::string text = "[";
    for (const Index one : model.hung_on(i))
      text += (text.size() > 1 ? "," : "") + diff::instance_json(model, one).value_or("null");
    return text + "]";
  }

  // Another class on one side or both: the class comes from one, attributes that only the other changed from there.
  void merge_reclassified(Index b, const ObjectChange& ours, const ObjectChange& theirs) {
    const Ref o{Side::ours, ours.side}, t{Side::theirs, theirs.side};
    const Model& by_ours = plan_.model(Side::ours);
    const Model& by_theirs = plan_.model(Side::theirs);
    Side winner = ours.reclassified ? Side::ours : Side::theirs;
    const bool same_class = by_ours.traits(o.index).hash == by_theirs.traits(t.index).hash;
    if (ours.reclassified && theirs.reclassified && !same_class) {
      Conflict conflict;
      conflict.element = diff::element_ref(base_, b);
      conflict.at = "Class";
      const auto spelt = [](const Model& model, Index i) {
        return "\"" + diff::element_ref(model, i).ifc_class + "\"";
      };
      conflict.base = spelt(base_, b), conflict.ours = spelt(by_ours, o.index),
      conflict.theirs = spelt(by_theirs, t.index);
      winner = plan_.decide(std::move(conflict));
    }
    const Ref first = winner == Side::theirs ? t : o;
    const Ref second = winner == Side::theirs ? o : t;
    if (winner != Side::base) {
      plan_.draft.take_instance(b, first);
      keep_global_id(b);
    }
    const auto before = ifc::attribute_values(base_, b);
    const auto by_first = ifc::attribute_values(plan_.model(first.side), first.index);
    const auto by_second = ifc::attribute_values(plan_.model(second.side), second.index);
    const std::size_t common = std::min({before.size(), by_first.size(), by_second.size()});
    for (std::size_t k = 0; k < common; ++k) {
      if (by_second[k] == before[k] || by_second[k] == by_first[k]) continue;
      if (by_first[k] == before[k])
        plan_.draft.take_attribute(b, k, second, k);
      else
        take_chosen(b, k, o, t);
    }
    take_owner_history(b, first);
  }

  // ---- what is new --------------------------------------------------------------------------------------------------

  void add_new() {
    std::unordered_map<std::uint64_t, int> relations;  // By content: the same relation made by both is one.
    for (const Index s : plan_.delta(Side::ours).added) {
      const Model& model = plan_.model(Side::ours);
      if (model.traits(s).role == Role::relation) ++relations[model.value[s]];
      add({Side::ours, s});
    }
    const Model& model = plan_.model(Side::theirs);
    const Model& ours = plan_.model(Side::ours);
    for (const Index s : plan_.delta(Side::theirs).added) {
      const Index same = ours.by_token.find(model.token[s]);
      if (same != no_instance) {
        add_twice(same, s);
      } else if (model.traits(s).role == Role::relation && relations[model.value[s]] > 0) {
        --relations[model.value[s]];
      } else {
        add({Side::theirs, s});
      }
    }
  }

  void add(Ref ref) {
    if (!plan_.draft.find(plan_.model(ref.side).token[ref.index])) plan_.draft.add(ref);
  }

  // Both added a thing of the same GlobalId or name: one thing, and a conflict for each attribute that differs.
  void add_twice(Index ours, Index theirs) {
    const Model& by_ours = plan_.model(Side::ours);
    const Model& by_theirs = plan_.model(Side::theirs);
    const Node node = plan_.draft.find(by_ours.token[ours]);
    if (!node || by_ours.value[ours] == by_theirs.value[theirs]) return;
    if (by_ours.traits(ours).hash != by_theirs.traits(theirs).hash) return add_other_class(ours, theirs);
    const auto a = ifc::attribute_values(by_ours, ours);
    const auto b = ifc::attribute_values(by_theirs, theirs);
    const auto texts = by_theirs.attributes(theirs);
    for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) {
      if (a[k] == b[k]) continue;
      Conflict conflict;
      conflict.element = diff::element_ref(by_ours, ours);
      conflict.at = diff::attribute_place(by_ours, ours, k);
      conflict.kind = ConflictKind::both_added;
      conflict.ours = diff::attribute_value_json(by_ours, ours, k);
      conflict.theirs = diff::attribute_value_json(by_theirs, theirs, k);
      if (plan_.decide(std::move(conflict)) == Side::theirs)
        plan_.draft.set_attribute(node, k, plan_.draft.pieces({Side::theirs, theirs}, texts[k]));
    }
  }

  // Two different things under one GlobalId: both stay, theirs under another.
  void add_other_class(Index ours, Index theirs) {
    Conflict conflict;
    conflict.element = diff::element_ref(plan_.model(Side::ours), ours);
    conflict.at = "GlobalId";
    conflict.kind = ConflictKind::both_added;
    conflict.ours = diff::instance_json(plan_.model(Side::ours), ours);
    conflict.theirs = diff::instance_json(plan_.model(Side::theirs), theirs);
    plan_.decide(std::move(conflict), Side::ours, "a GlobalId stands for one thing");
    const Token token = plan_.model(Side::theirs).token[theirs];
    plan_.draft.add({Side::theirs, theirs}, {{0, {{made_global_id(mix(token, 2))}}}});
  }

  Plan& plan_;
  const Model& base_;
};

// Instances without identity that nothing refers to: changed ones go together by id and class, else by class.
class Loose {
 public:
  explicit Loose(Plan& plan) : plan_(plan), base_(plan.base()) {}

  void run() {
    for (const Side side : {Side::ours, Side::theirs}) pair(side);
    for (const auto& [b, wants] : changed_) {
      if (wants.size() == 1 || value(wants[0]) == value(wants[1]))
        change(b, wants[0]);
      else
        decide(b, wants);
    }
  }

 private:
  std::uint64_t value(Ref ref) const { return plan_.model(ref.side).value[ref.index]; }

  void pair(Side side) {
    const Delta& delta = plan_.delta(side);
    const Model& model = plan_.model(side);
    std::unordered_map<std::uint64_t, std::vector<Index>> by_id, by_class;
    for (std::size_t k = delta.loose_removed.size(); k-- > 0;) {
      const Index b = delta.loose_removed[k];
      by_id[mix(base_.traits(b).hash, base_.file.instances[b].id)].push_back(b);
    }
    std::unordered_set<Index> paired;
    std::vector<Index> left;
    for (const Index s : delta.loose_added) {
      const auto found = by_id.find(mix(model.traits(s).hash, model.file.instances[s].id));
      if (found == by_id.end() || found->second.empty()) {
        left.push_back(s);
        continue;
      }
      paired.insert(found->second.back());
      changed_[found->second.back()].push_back({side, s});
      found->second.pop_back();
    }
    for (std::size_t k = delta.loose_removed.size(); k-- > 0;)
      if (const Index b = delta.loose_removed[k]; !paired.contains(b)) by_class[base_.traits(b).hash].push_back(b);
    for (const Index s : left) {
      const auto found = by_class.find(model.traits(s).hash);
      if (found == by_class.end() || found->second.empty()) {
        keep({side, s});
        continue;
      }
      paired.insert(found->second.back());
      changed_[found->second.back()].push_back({side, s});
      found->second.pop_back();
    }
    for (const Index b : delta.loose_removed)
      if (!paired.contains(b)) plan_.draft.drop_if_unused(b);
  }

  // Left over on both sides: once.
  void keep(Ref ref) {
    const std::size_t ordinal = kept_[slot(ref.side)][value(ref)]++;
    if (ref.side == Side::ours || ordinal >= kept_[slot(Side::ours)][value(ref)]) plan_.draft.keep(ref);
  }

  static std::size_t slot(Side side) { return static_cast<std::size_t>(side); }

  void change(Index b, Ref from) {
    const auto before = ifc::attribute_values(base_, b);
    const auto after = ifc::attribute_values(plan_.model(from.side), from.index);
    plan_.draft.assign(from, b);
    if (before.size() != after.size()) return plan_.draft.take_instance(b, from);
    for (std::size_t k = 0; k < before.size(); ++k)
      if (before[k] != after[k]) plan_.draft.take_attribute(b, k, from, k);
    plan_.draft.take_annotations(b, from);
  }

  void decide(Index b, const std::vector<Ref>& wants) {
    Conflict conflict;
    conflict.element = diff::element_ref(base_, b);
    conflict.at = "#" + std::to_string(base_.file.instances[b].id);
    conflict.base = diff::instance_json(base_, b);
    conflict.ours = diff::instance_json(plan_.model(Side::ours), wants[0].index);
    conflict.theirs = diff::instance_json(plan_.model(Side::theirs), wants[1].index);
    const Side chosen = plan_.decide(std::move(conflict));
    if (chosen != Side::base) change(b, wants[chosen == Side::ours ? 0 : 1]);
  }

  Plan& plan_;
  const Model& base_;
  std::map<Index, std::vector<Ref>> changed_;
  std::unordered_map<std::uint64_t, std::size_t> kept_[3];  // By content: how many of them, on each side.
};

}  // namespace

void plan_objects(Plan& plan) { Objects(plan).run(); }
void plan_loose(Plan& plan) { Loose(plan).run(); }

}  // namespace aecos::merge
