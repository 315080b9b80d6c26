// Who is related to what: members of relations, each link on its own, however a file groups them.

#include <algorithm>

#include "base/hash.h"
#include "diff/ifc_value.h"
#include "merge/ifc_plan_internal.h"

namespace aecos::merge {
namespace {

using diff::LinkChange;
using ifc::Role;

// By the order in which they are first met, so that the result is always the same.
template <class Value>
class Ordered {
 public:
  Value& operator[](std::uint64_t key) {
    const auto [at, fresh] = at_.try_emplace(key, values_.size());
    if (fresh) values_.emplace_back(key, Value{});
    return values_[at->second].second;
  }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

 private:
  std::unordered_map<std::uint64_t, std::size_t> at_;
  std::vector<std::pair<std::uint64_t, Value>> values_;
};

class Links {
 public:
  explicit Links(Plan& plan) : plan_(plan), base_(plan.base()) {}

  void run() {
    for (const Side side : {Side::ours, Side::theirs}) collect(side);
    for (const auto& [key, slot] : slots_) merge_slot(slot);
    for (const auto& [key, link] : links_) merge_link(link);
    place_added();
  }

 private:
  struct Change {
    Side side;
    const LinkChange* link;
  };
  // What a member is related to by a class of relation of which it has at most one.
  struct Slot {
    Token member = 0;
    std::vector<Change> removed, added;
    std::vector<Change> excused;  // Removed with an end that stays after all: meant only where another one was added.
  };
  struct Link {
    std::vector<Change> changes;
  };
  struct NewRelation {
    std::vector<Ref> members;
  };

  const Model& model_of(Side side, const LinkChange& link) const { return link.added ? plan_.model(side) : base_; }

  void collect(Side side) {
    for (const LinkChange& link : plan_.delta(side).links) {
      const Fate fate = fate_of(side, link);
      if (fate == Fate::gone) continue;
      const Model& model = model_of(side, link);
      const ifc::ClassTraits& traits = model.traits(link.relation);
      if (traits.unique_member) {
        Slot& slot = slots_[mix(traits.hash, link.member)];
        slot.member = link.member;
        (link.added ? slot.added : fate == Fate::kept ? slot.excused : slot.removed).push_back({side, &link});
      } else if (fate == Fate::open) {
        links_[mix(link.key, link.member)].changes.push_back({side, &link});
      }
    }
  }

  enum class Fate {
    open,
    gone,  // With one of its ends; needs no decision.
    kept,  // The side removed an end that stays after all: it may not have meant the link.
  };

  Fate fate_of(Side side, const LinkChange& link) {
    if (link.added) return Fate::open;
    if (plan_.draft.is_dropped(link.instance)) return Fate::gone;
    const Index relating = link.relating;
    if (relating != no_instance && base_.token[relating] != 0) {
      if (plan_.draft.is_dropped(relating)) return Fate::gone;
      if (plan_.kept_from(side).contains(base_.token[relating])) return Fate::kept;
    }
    return plan_.kept_from(side).contains(link.member) ? Fate::kept : Fate::open;
  }

  void merge_slot(Slot slot) {
    for (const Change& change : slot.excused)
      if (std::any_of(slot.added.begin(), slot.added.end(), [&](const Change& a) { return a.side == change.side; }))
        slot.removed.push_back(change);
    const auto of = [](const std::vector<Change>& changes, Side side) {
      std::vector<const LinkChange*> found;
      for (const Change& change : changes)
        if (change.side == side) found.push_back(change.link);
      return found;
    };
    const auto ours_removed = of(slot.removed, Side::ours), ours_added = of(slot.added, Side::ours);
    const auto theirs_removed = of(slot.removed, Side::theirs), theirs_added = of(slot.added, Side::theirs);
    bool take_ours = !ours_removed.empty() || !ours_added.empty();
    bool take_theirs = !theirs_removed.empty() || !theirs_added.empty();
    const auto keys = [](const std::vector<const LinkChange*>& links) {
      std::set<std::uint64_t> found;
      for (const LinkChange* link : links) found.insert(link->key);
      return found;
    };
    if (take_ours && take_theirs && keys(ours_added) == keys(theirs_added)) take_theirs = false;
    if (take_ours && take_theirs) {
      const Side chosen = decide_slot(slot, ours_added, theirs_added);
      take_ours = chosen == Side::ours;
      take_theirs = chosen == Side::theirs;
    }
    if (take_ours) apply(Side::ours, ours_removed, ours_added);
    if (take_theirs) apply(Side::theirs, theirs_removed, theirs_added);
  }

  void apply(Side side, const std::vector<const LinkChange*>& removed, const std::vector<const LinkChange*>& added) {
    for (const LinkChange* link : removed) remove(*link);
    for (const LinkChange* link : added) add({side, link});
  }

  Side decide_slot(const Slot& slot, const std::vector<const LinkChange*>& ours,
                   const std::vector<const LinkChange*>& theirs) {
    Conflict conflict;
    conflict.element = plan_.element(slot.member);
    const Change& any = slot.added.empty() ? slot.removed.front() : slot.added.front();
    conflict.at = place_of(model_of(any.side, *any.link).traits(any.link->relation));
    conflict.kind = !ours.empty() && !theirs.empty() ? ConflictKind::cardinality : ConflictKind::both_changed;
    conflict.base = slot.removed.empty() ? Value() : relating_json(Side::base, *slot.removed.front().link);
    conflict.ours = ours.empty() ? Value() : relating_json(Side::ours, *ours.front());
    conflict.theirs = theirs.empty() ? Value() : relating_json(Side::theirs, *theirs.front());
    return plan_.decide(std::move(conflict));
  }

  Value relating_json(Side side, const LinkChange& link) const {
    const Model& model = plan_.model(side);
    return diff::attribute_value_json(model, link.relation,
                                      static_cast<std::size_t>(model.traits(link.relation).relating));
  }

  static std::string place_of(const ifc::ClassTraits& traits) {
    if (traits.is("IFCRELCONTAINEDINSPATIALSTRUCTURE")) return "Container";
    if (traits.is("IFCRELDEFINESBYTYPE")) return "Type";
    if (traits.is("IFCRELASSOCIATESMATERIAL")) return "Material";
    if (traits.is("IFCRELAGGREGATES")) return "Parent";
    return traits.entity == nullptr ? "Relation" : std::string(traits.entity->name);
  }

  // A link that many may have: what either side removed goes, what either side added comes, once.
  void merge_link(const Link& link) {
    bool added = false;
    for (const Change& change : link.changes) {
      if (!change.link->added)
        remove(*change.link);
      else if (!added)
        add(change), added = true;
    }
  }

  void remove(const LinkChange& link) { plan_.member_edits[link.relation].removed.insert(link.instance); }

  void add(const Change& change) {
    added_.push_back(change);
    ++added_of_[{change.side, change.link->relation}];
  }

  // ---- where added links are written --------------------------------------------------------------------------------

  void place_added() {
    if (added_.empty()) return;
    std::unordered_map<std::uint64_t, Index> by_key;
    for (const ifc::Link& link : base_.links)
      if (!plan_.draft.is_dropped(link.relation)) by_key.emplace(link.key, link.relation);
    std::map<std::pair<Side, Index>, NewRelation> fresh;
    for (const Change& change : added_) {
      const Model& model = plan_.model(change.side);
      const Index target = existing_relation(model, *change.link, by_key);
      const Ref member{change.side, change.link->instance};
      if (target != no_instance)
        plan_.member_edits[target].added.push_back(member);
      else
        fresh[{change.side, change.link->relation}].members.push_back(member);
    }
    for (const auto& [at, relation] : fresh) place_new(at.first, at.second, relation);
  }

  // Base's relation of the same GlobalId if it says the same; a relation that is wholly new stays one of its own.
  Index existing_relation(const Model& model, const LinkChange& link,
                          const std::unordered_map<std::uint64_t, Index>& by_key) {
    const Index same = base_.by_token.find(model.token[link.relation]);
    const bool known = same != no_instance && !plan_.draft.is_dropped(same);
    if (known && base_.traits(same).hash == model.traits(link.relation).hash &&
        ifc::relation_key(base_, same) == link.key)
      return same;
    if (!known && is_wholly_new(model, link.relation)) return no_instance;
    const auto equal = by_key.find(link.key);
    return equal == by_key.end() ? no_instance : equal->second;
  }

  bool is_wholly_new(const Model& model, Index relation) {
    const auto attributes = model.attributes(relation);
    const auto members = model.references(ifc::attribute_at(attributes, model.traits(relation).members));
    const std::size_t added = added_of_[{&model == &plan_.model(Side::ours) ? Side::ours : Side::theirs, relation}];
    return added == members.size();
  }

  void place_new(Side side, Index relation, const NewRelation& fresh) {
    const Model& model = plan_.model(side);
    const ifc::ClassTraits& traits = model.traits(relation);
    const auto at = static_cast<std::size_t>(traits.members);
    if (const Index emptied = emptied_relation(model, relation, fresh); emptied != no_instance) {
      const auto values = ifc::attribute_values(base_, emptied);
      const auto wanted = ifc::attribute_values(model, relation);
      for (std::size_t k = 2; k < std::min(values.size(), wanted.size()); ++k)
        if (k != at && values[k] != wanted[k]) plan_.draft.take_attribute(emptied, k, {side, relation}, k);
      for (const Ref& member : fresh.members) plan_.member_edits[emptied].added.push_back(member);
      reused_.insert(emptied);
      return;
    }
    std::vector<Piece> members;
    for (const Ref& member : fresh.members) members.push_back({"", member});
    plan_.draft.add({side, relation}, {{0, global_id_for_copy(plan_, {side, relation}, model.token[relation])},
                                       {at, Draft::list(members)}});
  }

  // A relation of base that loses all its members to this one: the same relation with another end.
  Index emptied_relation(const Model& model, Index relation, const NewRelation& fresh) {
    std::unordered_set<Token> members;
    for (const Ref& member : fresh.members) members.insert(token(plan_.model(member.side), member.index));
    Index best = no_instance;
    for (const auto& [b, edit] : plan_.member_edits) {
      if (edit.removed.empty() || !edit.added.empty() || reused_.contains(b)) continue;
      if (base_.traits(b).hash != model.traits(relation).hash || plan_.draft.is_dropped(b)) continue;
      const bool same = base_.token[b] == model.token[relation];
      const bool overlaps = std::any_of(edit.removed.begin(), edit.removed.end(),
                                        [&](Index member) { return members.contains(token(base_, member)); });
      if (!overlaps || !loses_all(b, edit)) continue;
      if (same) return b;
      if (best == no_instance && !model.by_token.contains(base_.token[b]) && !keeps_global_ids(model, b)) best = b;
    }
    return best;
  }

  // Whether the version has most of base's relations of that class under their GlobalIds: then a new GlobalId means a
  // new relation.
  bool keeps_global_ids(const Model& model, Index relation) {
    const std::uint64_t hash = base_.traits(relation).hash;
    const auto [known, fresh] = keeps_.try_emplace(mix(hash, &model == &plan_.model(Side::ours) ? 1 : 2), false);
    if (!fresh) return known->second;
    std::size_t kept = 0, all = 0;
    for (Index i = 0; i < base_.size(); ++i) {
      if (base_.traits(i).hash != hash) continue;
      ++all;
      kept += model.by_token.contains(base_.token[i]) ? 1 : 0;
    }
    return known->second = kept * 2 >= all;
  }

  static Token token(const Model& model, Index i) { return model.token[i] != 0 ? model.token[i] : model.value[i]; }

  bool loses_all(Index b, const Plan::MemberEdit& edit) {
    const auto attributes = base_.attributes(b);
    for (const Index member : base_.references(ifc::attribute_at(attributes, base_.traits(b).members)))
      if (!edit.removed.contains(member) && !plan_.draft.is_dropped(member)) return false;
    return true;
  }

  Plan& plan_;
  const Model& base_;
  Ordered<Slot> slots_;
  Ordered<Link> links_;
  std::vector<Change> added_;
  std::map<std::pair<Side, Index>, std::size_t> added_of_;  // Links of one relation among them.
  std::set<Index> reused_;
  std::unordered_map<std::uint64_t, bool> keeps_;
};

void carry_out(Plan& plan, Index relation, const Plan::MemberEdit& edit) {
  const Model& base = plan.base();
  const auto at = static_cast<std::size_t>(base.traits(relation).members);
  std::vector<Piece> members;
  const auto attributes = base.attributes(relation);
  std::unordered_set<Token> present;
  for (const Index member : base.references(ifc::attribute_at(attributes, base.traits(relation).members))) {
    if (edit.removed.contains(member) || plan.draft.is_dropped(member)) continue;
    members.push_back({"", Ref{Side::base, member}});
    present.insert(base.token[member]);
  }
  for (const Ref& ref : edit.added) {
    const Token token = plan.model(ref.side).token[ref.index];
    if (token == 0 || present.insert(token).second) members.push_back({"", ref});
  }
  if (members.empty())
    plan.draft.drop(relation);
  else
    plan.draft.set_attribute(relation, at, Draft::list(members));
}

// Relations that lose an end go; those that lose a member lose it.
void lose_ends(Plan& plan, Index relation) {
  const Model& base = plan.base();
  const ifc::ClassTraits& traits = base.traits(relation);
  const auto attributes = base.attributes(relation);
  for (std::size_t at = 0; at < attributes.size(); ++at) {
    if (plan.draft.is_rewritten(relation, at)) continue;  // It has another end by now.
    for (const Index to : base.references(attributes[at])) {
      if (!plan.draft.is_dropped(to)) continue;
      if (traits.members >= 0 && static_cast<int>(at) == traits.members) {
        plan.member_edits[relation];
        continue;
      }
      plan.draft.drop(relation);
      plan.member_edits.erase(relation);
      return;
    }
  }
}

}  // namespace

void plan_links(Plan& plan) { Links(plan).run(); }

void plan_members(Plan& plan) {
  const Model& base = plan.base();
  if (!plan.delta(Side::ours).removed.empty() || !plan.delta(Side::theirs).removed.empty()) {
    const auto is_dropped = [&](Index to) { return to != no_instance && plan.draft.is_dropped(to); };
    for (Index i = 0; i < base.size(); ++i) {
      if (base.traits(i).role != Role::relation || plan.draft.is_dropped(i)) continue;
      const auto refs = base.file.refs_of(i);
      if (std::any_of(refs.begin(), refs.end(), is_dropped)) lose_ends(plan, i);
    }
  }
  for (const auto& [relation, edit] : plan.member_edits)
    if (!plan.draft.is_dropped(relation)) carry_out(plan, relation, edit);
  for (const auto& [type, edit] : plan.type_edits) {
    if (plan.draft.is_dropped(type)) continue;
    const auto at = static_cast<std::size_t>(base.traits(type).properties);
    std::vector<Piece> sets;
    const auto attributes = base.attributes(type);
    for (const Index set : base.references(ifc::attribute_at(attributes, base.traits(type).properties)))
      if (!edit.removed.contains(set)) sets.push_back({"", Ref{Side::base, set}});
    sets.insert(sets.end(), edit.added.begin(), edit.added.end());
    plan.draft.set_attribute(type, at, sets.empty() ? Pieces{{"$"}} : Draft::list(sets));
  }
}

}  // namespace aecos::merge
