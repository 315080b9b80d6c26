// Property sets: element by element, property by property, however the file shares them.

#include <algorithm>

#include "base/hash.h"
#include "diff/ifc_value.h"
#include "merge/ifc_plan_internal.h"
#include "step/token.h"

namespace aecos::merge {
namespace {

using diff::PropertySetChange;
using ifc::Attachment;

constexpr Index untouched = no_instance - 1;  // The side left the set as it was; no_instance: it took it away.

// The set of one object in the three versions.
struct SetCase {
  Token object = 0;
  std::uint64_t key = 0;
  Index base = no_instance;
  Index side[3] = {untouched, untouched, untouched};  // By Side; [0] is not used.
};

struct Property {
  std::uint64_t key;  // Name, and which of that name it is.
  std::string name;
  Index instance;
  std::uint64_t value;
};

// What the set of one object becomes. Objects with equal results share one.
struct Result3 {
  bool gone = false;
  std::vector<Ref> properties;                          // In order; those of base unchanged or to be changed in place:
  std::vector<std::pair<Index, Ref>> changed;           // base's property and what it becomes.
  std::vector<std::pair<std::size_t, Ref>> attributes;  // Others that change, by position.
  bool operator==(const Result3&) const = default;
};

class Sets {
 public:
  explicit Sets(Plan& plan) : plan_(plan), base_(plan.base()) {}

  void run() {
    for (const Side side : {Side::ours, Side::theirs}) collect(side);
    if (cases_.empty()) return;
    group_attachments();
    for (const Index set : affected_) merge_shared(set);
    merge_added();
  }

 private:
  // ---- collecting ---------------------------------------------------------------------------------------------------

  void collect(Side side) {
    std::unordered_map<std::uint64_t, std::uint64_t> ordinals;
    for (const PropertySetChange& change : plan_.delta(side).property_sets) {
      if (plan_.kept_from(side).contains(change.object)) continue;  // The removal of the object did not stand.
      if (is_gone(change.object)) continue;
      std::uint64_t id = 0;
      if (change.base != no_instance) {
        id = mix(change.object, mix(change.base, 1));
      } else {
        id = mix(mix(change.object, change.key), ordinals[mix(change.object, change.key)]++);
      }
      const auto [at, fresh] = index_.try_emplace(id, cases_.size());
      if (fresh) cases_.push_back({change.object, change.key, change.base});
      cases_[at->second].side[static_cast<std::size_t>(side)] = change.side;
    }
  }

  bool is_gone(Token object) const {
    const Index found = base_.by_token.find(object);
    return found != no_instance && plan_.draft.is_dropped(found);
  }

  void group_attachments() {
    for (std::size_t k = 0; k < cases_.size(); ++k)
      if (cases_[k].base != no_instance) {
        if (!attached_.contains(cases_[k].base)) affected_.push_back(cases_[k].base);
        attached_[cases_[k].base];
      }
    for (const Attachment& one : base_.attachments) {
      const auto found = attached_.find(one.property_set);
      if (found != attached_.end()) found->second.push_back(one);
    }
    std::sort(affected_.begin(), affected_.end());
  }

  // ---- sets that are in base ----------------------------------------------------------------------------------------

  struct Variant {
    Result3 result;
    SetCase set_case;
    std::vector<Attachment> users;
    bool is_untouched = false;
  };

  void merge_shared(Index set) {
    std::vector<Variant> variants;
    std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_state;
    for (const Attachment& use : attached_[set]) {
      if (plan_.draft.is_dropped(use.object)) continue;
      const Token object = base_.token[use.object];
      const auto found = index_.find(mix(object, mix(set, 1)));
      SetCase one{object, use.key, set};
      if (found != index_.end()) one = cases_[found->second];
      const Result3 result = found == index_.end() ? Result3{} : resolve(one);
      const std::uint64_t state = mix(one.side[1], one.side[2]);
      auto& same_state = by_state[state];
      const auto equal = std::find_if(same_state.begin(), same_state.end(),
                                      [&](std::size_t v) { return variants[v].result == result; });
      if (equal != same_state.end()) {
        variants[*equal].users.push_back(use);
        continue;
      }
      same_state.push_back(variants.size());
      variants.push_back({result, one, {use}, found == index_.end() || is_unchanged(one, result)});
    }
    place_variants(set, variants);
  }

  // A conflict may have been decided for base.
  bool is_unchanged(const SetCase& one, const Result3& result) const {
    if (result.gone || !result.changed.empty() || !result.attributes.empty()) return false;
    const auto before = properties_of({Side::base, one.base});
    if (before.size() != result.properties.size()) return false;
    for (std::size_t k = 0; k < before.size(); ++k)
      if (result.properties[k] != Ref{Side::base, before[k].instance}) return false;
    return true;
  }

  // One of them keeps base's instance: the untouched one, else the one with most users.
  void place_variants(Index set, std::vector<Variant>& variants) {
    std::size_t keeper = variants.size();
    for (std::size_t v = 0; v < variants.size(); ++v) {
      if (variants[v].is_untouched) {
        keeper = v;
        break;
      }
      if (variants[v].result.gone) continue;
      if (keeper == variants.size() || variants[v].users.size() > variants[keeper].users.size()) keeper = v;
    }
    // The copies first: they hold on to the properties that are not to be changed in place for the keeper.
    for (std::size_t v = 0; v < variants.size(); ++v) {
      if (v == keeper) continue;
      const Variant& variant = variants[v];
      for (const Attachment& use : variant.users) detach(use);
      if (!variant.result.gone) attach_copy(variant.set_case, variant.result, variant.users, v);
    }
    if (keeper != variants.size() && !variants[keeper].is_untouched) change_in_place(set, variants[keeper]);
  }

  void change_in_place(Index set, const Variant& variant) {
    const int at = base_.traits(set).properties;
    for (const auto& [k, from] : variant.result.attributes) plan_.draft.take_attribute(set, k, from, k);
    for (const Side side : {Side::ours, Side::theirs})
      if (const Index other = variant.set_case.side[static_cast<std::size_t>(side)]; other < untouched)
        plan_.draft.assign({side, other}, set);
    if (at < 0) return;
    for (const auto& [property, want] : variant.result.changed) plan_.draft.demand(property, want);
    std::vector<Piece> members;
    for (const Ref& ref : variant.result.properties) members.push_back({"", ref});
    plan_.draft.set_attribute(set, static_cast<std::size_t>(at), Draft::list(members));
  }

  void detach(const Attachment& use) {
    if (use.relation == no_instance) {
      plan_.type_edits[use.object].removed.insert(use.property_set);
      return;
    }
    plan_.member_edits[use.relation].removed.insert(use.object);
    // The other sets of that relation stay with the object.
    for (const Index other : sets_of(use.relation)) {
      if (other == use.property_set || !reattached_.insert({use.relation, use.object, other}).second) continue;
      const Ref relation{Side::base, use.relation};
      plan_.draft.add(relation, {{0, global_id_for_copy(plan_, relation, mix(use.object, other))},
                                 {4, Draft::list({{"", Ref{Side::base, use.object}}})},
                                 {5, {{"", Ref{Side::base, other}}}}});
    }
  }

  // A set of its own for these users, written after the side's set and relation.
  void attach_copy(const SetCase& one, const Result3& result, const std::vector<Attachment>& users,
                   std::size_t ordinal) {
    const Side side = one.side[1] < untouched ? Side::ours : Side::theirs;
    const Ref set{side, one.side[static_cast<std::size_t>(side)]};
    const Model& model = plan_.model(side);
    const std::uint64_t seed = mix(one.object, mix(one.key, ordinal));
    Attributes attributes{{0, global_id_for_copy(plan_, set, seed)}};
    if (one.base != no_instance || one.side[2] < untouched) {
      for (const auto& [k, from] : result.attributes) attributes[k] = attribute_pieces(from, k);
      if (const int at = model.traits(set.index).properties; at >= 0)
        attributes[static_cast<std::size_t>(at)] = final_list(result);
    }
    const Node node = plan_.draft.add(set, std::move(attributes));
    std::map<Index, std::vector<Token>> by_relation;
    for (const Attachment& use : users) {
      const Token object = base_.token[use.object];
      const Index relation = relation_of(side, object, set.index);
      if (relation == no_instance)
        add_to_type(object, node);
      else
        by_relation[relation].push_back(object);
    }
    for (const auto& [relation, objects] : by_relation) relate({side, relation}, objects, node);
  }

  Pieces attribute_pieces(Ref from, std::size_t at) const {
    const auto texts = plan_.model(from.side).attributes(from.index);
    return at < texts.size() ? plan_.draft.pieces(from, texts[at]) : Pieces{{"$"}};
  }

  static Pieces final_list(const Result3& result) {
    std::vector<Piece> members;
    for (Ref ref : result.properties) {
      for (const auto& [property, want] : result.changed)
        if (ref == Ref{Side::base, property}) ref = want;
      members.push_back({"", ref});
    }
    return Draft::list(members);
  }

  void add_to_type(Token object, Node set) {
    if (const Node type = plan_.draft.find(object); type && !type.fresh)
      plan_.type_edits[type.index].added.push_back({"", std::nullopt, set});
  }

  void relate(Ref relation, const std::vector<Token>& objects, Node set) {
    std::vector<Piece> members;
    for (const Token object : objects)
      members.push_back({"", Ref{relation.side, plan_.model(relation.side).by_token.find(object)}});
    const std::uint64_t seed = mix(objects.front(), relation.index);
    plan_.draft.add(
        relation,
        {{0, global_id_for_copy(plan_, relation, seed)}, {4, Draft::list(members)}, {5, {{"", std::nullopt, set}}}});
  }

  // The relation of the side by which the object has the set; no_instance: a type has it directly.
  Index relation_of(Side side, Token object, Index set) {
    auto& uses = side_uses_[static_cast<std::size_t>(side)];
    if (uses.empty()) {
      const Model& model = plan_.model(side);
      for (const Attachment& one : model.attachments)
        uses.emplace(mix(model.token[one.object], one.property_set), one.relation);
    }
    const auto found = uses.find(mix(object, set));
    return found == uses.end() ? no_instance : found->second;
  }

  // ---- what a set becomes -------------------------------------------------------------------------------------------

  std::vector<Property> properties_of(Ref set) const {
    const Model& model = plan_.model(set.side);
    std::vector<Property> found;
    const int at = model.traits(set.index).properties;
    const auto attributes = model.attributes(set.index);
    if (at < 0 || static_cast<std::size_t>(at) >= attributes.size()) return found;
    std::unordered_map<std::string, std::uint64_t> ordinals;
    for (const Index property : model.references(attributes[static_cast<std::size_t>(at)])) {
      std::string name = model.text_attribute(property, 0);
      const std::uint64_t key = mix(hash_bytes(name), ordinals[name]++);
      found.push_back({key, std::move(name), property, model.value[property]});
    }
    return found;
  }

  Result3 resolve(const SetCase& one) {
    const Index o = one.side[1], t = one.side[2];
    if (one.base != no_instance) {
      const bool ours_removed = o == no_instance, theirs_removed = t == no_instance;
      if (ours_removed && theirs_removed) return gone();
      if (ours_removed || theirs_removed) return resolve_removed(one, ours_removed ? Side::ours : Side::theirs);
    }
    return resolve_properties(one);
  }

  static Result3 gone() {
    Result3 result;
    result.gone = true;
    return result;
  }

  Result3 resolve_removed(SetCase one, Side remover) {
    const Side other = other_side(remover);
    const Index stays = one.side[static_cast<std::size_t>(other)];
    if (stays == untouched) return gone();
    Conflict conflict = conflict_of(one, ConflictKind::deleted_changed);
    conflict.base = diff::property_set_json(base_, one.base);
    (other == Side::ours ? conflict.ours : conflict.theirs) = diff::property_set_json(plan_.model(other), stays);
    if (plan_.decide(std::move(conflict), other, "the other side changed it") == remover) return gone();
    one.side[static_cast<std::size_t>(remover)] = untouched;
    return resolve_properties(one);
  }

  Conflict conflict_of(const SetCase& one, ConflictKind kind, const std::string& property = {}) const {
    Conflict conflict;
    conflict.element = plan_.element(one.object);
    conflict.kind = kind;
    const Ref any = one.base != no_instance   ? Ref{Side::base, one.base}
                    : one.side[1] < untouched ? Ref{Side::ours, one.side[1]}
                                              : Ref{Side::theirs, one.side[2]};
    conflict.at = plan_.model(any.side).name(any.index);
    if (!property.empty()) conflict.at += "." + property;
    return conflict;
  }

  // The set in one version; a side that left it alone has base's.
  Ref version(const SetCase& one, Side side) const {
    if (side == Side::base) return {Side::base, one.base};
    const Index own = one.side[static_cast<std::size_t>(side)];
    return own < untouched ? Ref{side, own} : Ref{Side::base, one.base};
  }

  Result3 resolve_properties(const SetCase& one) {
    Result3 result;
    std::vector<Property> versions[3];
    std::unordered_map<std::uint64_t, const Property*> by_key[3];
    for (const Side side : {Side::base, Side::ours, Side::theirs}) {
      const auto k = static_cast<std::size_t>(side);
      const Ref set = version(one, side);
      if (set.index != no_instance) versions[k] = properties_of(set);
      for (const Property& property : versions[k]) by_key[k].emplace(property.key, &property);
    }
    const auto find = [&](std::size_t k, std::uint64_t key) -> const Property* {
      const auto found = by_key[k].find(key);
      return found == by_key[k].end() ? nullptr : found->second;
    };
    for (std::size_t k = 0; k < 3; ++k)
      for (const Property& property : versions[k]) {
        if ((k > 0 && find(0, property.key) != nullptr) || (k > 1 && find(1, property.key) != nullptr)) continue;
        resolve_property(one, {find(0, property.key), find(1, property.key), find(2, property.key)}, result);
      }
    resolve_attributes(one, result);
    return result;
  }

  void resolve_property(const SetCase& one, std::array<const Property*, 3> versions, Result3& result) {
    const auto [b, o, t] = versions;
    const auto equal = [](const Property* x, const Property* y) {
      return (x == nullptr) == (y == nullptr) && (x == nullptr || x->value == y->value);
    };
    Side side = Side::base;
    if (equal(o, t))
      side = equal(b, o) ? Side::base : Side::ours;
    else if (equal(b, o))
      side = Side::theirs;
    else if (equal(b, t))
      side = Side::ours;
    else
      side = decide_property(one, versions);
    const Property* const stands = versions[static_cast<std::size_t>(side)];
    if (stands == nullptr) return;
    const Ref ref{version(one, side).side, stands->instance};
    if (b != nullptr && side != Side::base && ref.side != Side::base) result.changed.emplace_back(b->instance, ref);
    result.properties.push_back(ref);
  }

  Side decide_property(const SetCase& one, const std::array<const Property*, 3>& versions) {
    const auto [b, o, t] = versions;
    const bool deleted = b != nullptr && (o == nullptr || t == nullptr);
    const ConflictKind kind = b == nullptr ? ConflictKind::both_added
                              : deleted    ? ConflictKind::deleted_changed
                                           : ConflictKind::both_changed;
    const Property* const any = b != nullptr ? b : o != nullptr ? o : t;
    Conflict conflict = conflict_of(one, kind, any->name);
    const auto json = [&](Side side) -> Value {
      const Property* const property = versions[static_cast<std::size_t>(side)];
      if (property == nullptr) return std::nullopt;
      return diff::property_json(plan_.model(version(one, side).side), property->instance);
    };
    conflict.base = json(Side::base), conflict.ours = json(Side::ours), conflict.theirs = json(Side::theirs);
    if (conflict.ours == conflict.theirs) {  // The same value, said in another way: a unit, a description.
      const auto whole = [&](Side side) {
        return diff::instance_json(plan_.model(version(one, side).side),
                                   versions[static_cast<std::size_t>(side)]->instance);
      };
      conflict.ours = whole(Side::ours), conflict.theirs = whole(Side::theirs);
    }
    if (deleted)
      return plan_.decide(std::move(conflict), o == nullptr ? Side::theirs : Side::ours, "the other side changed it");
    return plan_.decide(std::move(conflict));
  }

  // Description, method of measurement, and all that sets without properties say.
  void resolve_attributes(const SetCase& one, Result3& result) {
    const Ref refs[3] = {version(one, Side::base), version(one, Side::ours), version(one, Side::theirs)};
    std::vector<std::uint64_t> values[3];
    std::size_t count = 0;
    for (std::size_t k = 0; k < 3; ++k)
      if (refs[k].index < untouched) {
        values[k] = ifc::attribute_values(plan_.model(refs[k].side), refs[k].index);
        count = std::max(count, values[k].size());
      }
    const Ref any = refs[1].index < untouched ? refs[1] : refs[2];
    const int properties = plan_.model(any.side).traits(any.index).properties;
    for (std::size_t k = 2; k < count; ++k) {
      if (static_cast<int>(k) == properties) continue;
      const auto at = [&](std::size_t v) { return k < values[v].size() ? values[v][k] : 0; };
      if (at(1) == at(2) ? at(1) == at(0) : false) continue;
      Side side = Side::ours;
      if (at(1) == at(0) || values[1].empty())
        side = Side::theirs;
      else if (at(1) != at(2) && at(2) != at(0) && !values[2].empty())
        side = decide_attribute(one, refs, k);
      const Ref from = refs[static_cast<std::size_t>(side)];
      if (side != Side::base && from.side != Side::base) result.attributes.emplace_back(k, from);
    }
  }

  Side decide_attribute(const SetCase& one, const Ref (&refs)[3], std::size_t at) {
    const Ref any = refs[1];
    Conflict conflict =
        conflict_of(one, refs[0].index == no_instance ? ConflictKind::both_added : ConflictKind::both_changed,
                    diff::attribute_place(plan_.model(any.side), any.index, at));
    const auto json = [&](std::size_t v) -> Value {
      return refs[v].index == no_instance ? Value()
                                          : diff::attribute_value_json(plan_.model(refs[v].side), refs[v].index, at);
    };
    conflict.base = json(0), conflict.ours = json(1), conflict.theirs = json(2);
    return plan_.decide(std::move(conflict));
  }

  // ---- sets that are new --------------------------------------------------------------------------------------------

  struct Added {
    SetCase set_case;
    Result3 result;
    std::vector<Token> objects;
  };

  void merge_added() {
    std::vector<Added> groups;
    std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_sets;
    for (SetCase one : cases_) {
      if (one.base != no_instance || comes_with_type(one)) continue;
      const bool both = one.side[1] < untouched && one.side[2] < untouched;
      if (both && plan_.model(Side::ours).value[one.side[1]] == plan_.model(Side::theirs).value[one.side[2]])
        one.side[2] = untouched;  // The same by both: once.
      const Result3 result = one.side[1] < untouched && one.side[2] < untouched ? resolve_properties(one) : Result3{};
      auto& same = by_sets[mix(one.side[1], one.side[2])];
      const auto equal =
          std::find_if(same.begin(), same.end(), [&](std::size_t g) { return groups[g].result == result; });
      if (equal != same.end()) {
        groups[*equal].objects.push_back(one.object);
      } else {
        same.push_back(groups.size());
        groups.push_back({one, result, {one.object}});
      }
    }
    for (std::size_t g = 0; g < groups.size(); ++g) place_added(groups[g], g);
  }

  // The sets of a new type come with its own attribute.
  bool comes_with_type(const SetCase& one) {
    const Node node = plan_.draft.find(one.object);
    if (!node || !node.fresh) return false;
    const Side side = one.side[1] < untouched ? Side::ours : Side::theirs;
    return relation_of(side, one.object, one.side[static_cast<std::size_t>(side)]) == no_instance;
  }

  void place_added(const Added& group, std::size_t ordinal) {
    const SetCase& one = group.set_case;
    const Side side = one.side[1] < untouched ? Side::ours : Side::theirs;
    const Ref set{side, one.side[static_cast<std::size_t>(side)]};
    const bool both = one.side[1] < untouched && one.side[2] < untouched;
    const Index shared = both ? no_instance : shared_with_base(set);
    std::map<Index, std::vector<Token>> by_relation;
    std::vector<Token> types;
    for (const Token object : group.objects) {
      const Index relation = relation_of(side, object, set.index);
      if (relation == no_instance)
        types.push_back(object);
      else
        by_relation[relation].push_back(object);
    }
    if (shared != no_instance) {
      const Node node{false, shared};
      for (const Token type : types) add_to_type(type, node);
      for (const auto& [relation, objects] : by_relation) join(side, relation, objects, shared);
      return;
    }
    Attributes attributes{{0, global_id_for_copy(plan_, set, mix(one.object, mix(one.key, ordinal)))}};
    if (both) {
      for (const auto& [k, from] : group.result.attributes) attributes[k] = attribute_pieces(from, k);
      if (const int at = plan_.model(side).traits(set.index).properties; at >= 0)
        attributes[static_cast<std::size_t>(at)] = final_list(group.result);
    }
    const Node node = plan_.draft.add(set, std::move(attributes));
    for (const Token type : types) add_to_type(type, node);
    for (const auto& [relation, objects] : by_relation) relate({side, relation}, objects, node);
  }

  // Where the side shares the set with objects of base that have it unchanged: base's instance.
  Index shared_with_base(Ref set) {
    auto& partners = partners_[static_cast<std::size_t>(set.side)];
    if (!partners) {
      partners.emplace();
      const Model& model = plan_.model(set.side);
      std::vector<bool> added(model.size());
      for (const SetCase& one : cases_)
        if (const Index index = one.side[static_cast<std::size_t>(set.side)]; index < untouched) added[index] = true;
      for (const Attachment& one : model.attachments) {
        if (!added[one.property_set]) continue;
        const Index equal = equal_of(base_.by_token.find(model.token[one.object]), model.value[one.property_set]);
        if (equal != no_instance) partners->emplace(one.property_set, equal);
      }
    }
    const auto found = partners->find(set.index);
    if (found == partners->end() || plan_.draft.is_dropped(found->second) || plan_.draft.is_changed(found->second))
      return no_instance;
    return found->second;
  }

  // The set of an object of base that says the same.
  Index equal_of(Index object, std::uint64_t value) const {
    const auto before = [](const Attachment& one, Index i) { return one.object < i; };
    auto one = std::lower_bound(base_.attachments.begin(), base_.attachments.end(), object, before);
    for (; one != base_.attachments.end() && one->object == object; ++one)
      if (base_.value[one->property_set] == value) return one->property_set;
    return no_instance;
  }

  void join(Side side, Index relation, const std::vector<Token>& objects, Index set) {
    const Model& model = plan_.model(side);
    Index target = no_instance;
    const Index same = base_.by_token.find(model.token[relation]);
    if (base_relations_.empty())
      for (const Attachment& one : base_.attachments)
        if (one.relation != no_instance) base_relations_.emplace(one.property_set, one.relation);
    if (same != no_instance && !plan_.draft.is_dropped(same) && sets_of(same) == std::vector<Index>{set})
      target = same;
    else if (const auto found = base_relations_.find(set);
             found != base_relations_.end() && sets_of(found->second).size() == 1)
      target = found->second;
    if (target == no_instance) return relate({side, relation}, objects, {false, set});
    for (const Token object : objects) plan_.member_edits[target].added.push_back({side, model.by_token.find(object)});
  }

  // Of a relation of base. Relations may have very many members, so they are looked at once.
  const std::vector<Index>& sets_of(Index relation) {
    const auto [found, fresh] = sets_of_.try_emplace(relation);
    if (fresh)
      for (const Index set : base_.refs_in(relation, 5))
        if (set != no_instance) found->second.push_back(set);
    return found->second;
  }

  Plan& plan_;
  const Model& base_;
  std::vector<SetCase> cases_;
  std::unordered_map<std::uint64_t, std::size_t> index_;
  std::vector<Index> affected_;
  std::unordered_map<Index, std::vector<Attachment>> attached_;
  std::set<std::array<Index, 3>> reattached_;
  std::unordered_map<std::uint64_t, Index> side_uses_[3];
  std::optional<std::unordered_map<Index, Index>> partners_[3];
  std::unordered_map<Index, Index> base_relations_;
  std::unordered_map<Index, std::vector<Index>> sets_of_;
};

}  // namespace

void plan_sets(Plan& plan) { Sets(plan).run(); }

}  // namespace aecos::merge
