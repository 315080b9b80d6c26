#include "diff/ifc_delta.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.h"
#include "step/token.h"

namespace aecos::diff {
namespace {

using ifc::Attachment;
using ifc::ClassTraits;
using ifc::Link;
using ifc::no_instance;
using ifc::Role;

// Objects, resources and relations one to one: what is matched as a whole by its token.
bool is_unit(const Model& model, Index i) {
  const ClassTraits& traits = model.traits(i);
  if (model.token[i] == 0) return false;
  if (traits.role == Role::relation) return traits.members < 0 || traits.ordered_members;
  return traits.role == Role::object || traits.role == Role::resource;
}

Token member_token(const Model& model, Index i) { return model.token[i] != 0 ? model.token[i] : model.value[i]; }

std::vector<std::uint16_t> different_attributes(const Model& base, Index b, const Model& side, Index s) {
  const auto before = ifc::attribute_values(base, b);
  const auto after = ifc::attribute_values(side, s);
  std::vector<std::uint16_t> differ;
  for (std::size_t k = 0; k < std::max(before.size(), after.size()); ++k) {
    const std::uint64_t old_value = k < before.size() ? before[k] : 0;
    const std::uint64_t new_value = k < after.size() ? after[k] : 0;
    if (old_value != new_value) differ.push_back(static_cast<std::uint16_t>(k));
  }
  return differ;
}

class Comparison {
 public:
  Comparison(const Model& base, const Model& side) : base_(base), side_(side) {}

  Delta run() {
    compare_units();
    match_lost_relations();
    compare_property_sets();
    compare_links();
    compare_loose();
    return std::move(delta_);
  }

 private:
  void compare_units() {
    for (Index b = 0; b < base_.size(); ++b) {
      if (!is_unit(base_, b)) continue;
      const Index partner = side_.by_token.find(base_.token[b]);
      if (partner == no_instance)
        delta_.removed.push_back(b);
      else
        compare_pair(b, partner);
    }
    for (Index s = 0; s < side_.size(); ++s)
      if (is_unit(side_, s) && !base_.by_token.contains(side_.token[s])) delta_.added.push_back(s);
    compare_relation_names();
  }

  void compare_pair(Index b, Index s) {
    if (base_.value[b] == side_.value[s]) return;
    ObjectChange change{b, s, base_.traits(b).hash != side_.traits(s).hash, different_attributes(base_, b, side_, s)};
    change.annotations = !change.reclassified && change.attributes.empty();
    delta_.changed.push_back(std::move(change));
  }

  // Name and description of relations with members, where the GlobalId says that it is the same relation.
  void compare_relation_names() {
    for (Index b = 0; b < base_.size(); ++b) {
      if (!base_.traits(b).has_links() && !base_.traits(b).defines_by_properties) continue;
      const Index partner = side_.by_token.find(base_.token[b]);
      if (partner == no_instance || base_.value[b] == side_.value[partner]) continue;
      if (base_.traits(b).hash != side_.traits(partner).hash) continue;
      ObjectChange change{b, partner};
      for (const std::uint16_t k : different_attributes(base_, b, side_, partner))
        if (k == 2 || k == 3) change.attributes.push_back(k);
      if (!change.attributes.empty()) delta_.changed.push_back(std::move(change));
    }
  }

  // Relations one to one with new GlobalIds: the same content first, then the same ends.
  void match_lost_relations() {
    const auto by_value = [](const Model& model, Index i) { return model.value[i]; };
    const auto by_ends = [](const Model& model, Index i) {
      std::uint64_t hash = model.traits(i).hash;
      const auto attributes = model.attributes(i);
      int ends = 0;
      for (std::size_t k = 4; k < attributes.size() && ends < 2; ++k) {
        if (!attributes[k].starts_with('#')) continue;
        hash = mix(hash, ifc::attribute_value(model, i, k, attributes[k]));
        ++ends;
      }
      return hash;
    };
    pair_up(by_value);
    pair_up(by_ends);
  }

  template <class Key>
  void pair_up(Key key) {
    std::unordered_map<std::uint64_t, std::vector<Index>> waiting;
    for (const Index b : delta_.removed)
      if (base_.traits(b).role == Role::relation) waiting[key(base_, b)].push_back(b);
    if (waiting.empty()) return;
    for (auto& [hash, list] : waiting) std::reverse(list.begin(), list.end());
    std::vector<bool> paired(base_.size());
    std::erase_if(delta_.added, [&](Index s) {
      if (side_.traits(s).role != Role::relation) return false;
      const auto found = waiting.find(key(side_, s));
      if (found == waiting.end() || found->second.empty()) return false;
      paired[found->second.back()] = true;
      compare_pair(found->second.back(), s);
      found->second.pop_back();
      return true;
    });
    std::erase_if(delta_.removed, [&](Index b) { return static_cast<bool>(paired[b]); });
  }

  void compare_property_sets() {
    const std::unordered_map<Token, Index> nameless = nameless_objects(side_),
                                           nameless_before = nameless_objects(base_);
    const auto in = [](const Model& model, const std::unordered_map<Token, Index>& without_token, Token object) {
      const Index found = model.by_token.find(object);
      if (found != no_instance) return found;
      const auto other = without_token.find(object);
      return other == without_token.end() ? no_instance : other->second;
    };
    for_each_object(base_, [&](Index object, std::span<const Attachment> before) {
      const Token token = member_token(base_, object);
      const Index partner = in(side_, nameless, token);
      compare_sets_of(token, before,
                      partner == no_instance ? std::span<const Attachment>() : side_.attachments_of(partner));
    });
    for_each_object(side_, [&](Index object, std::span<const Attachment> after) {
      const Token token = member_token(side_, object);
      const Index partner = in(base_, nameless_before, token);
      if (partner != no_instance && !base_.attachments_of(partner).empty()) return;
      for (const Attachment& one : after)
        delta_.property_sets.push_back({token, one.key, no_instance, one.property_set});
    });
  }

  // each(object, its attachments), in the order of the file.
  template <class Each>
  static void for_each_object(const Model& model, const Each& each) {
    for (std::size_t k = 0; k < model.attachments.size();) {
      const Index object = model.attachments[k].object;
      const auto all = model.attachments_of(object);
      each(object, all);
      k += all.size();
    }
  }

  // Objects with property sets but no usable GlobalId, by what they say.
  static std::unordered_map<Token, Index> nameless_objects(const Model& model) {
    std::unordered_map<Token, Index> found;
    for (const Attachment& one : model.attachments)
      if (model.token[one.object] == 0) found.emplace(model.value[one.object], one.object);
    return found;
  }

  // Sets by a number, handed out in their order.
  template <class Number>
  static std::unordered_map<std::uint64_t, std::vector<const Attachment*>> pool(
      const std::vector<const Attachment*>& sets, Number number) {
    std::unordered_map<std::uint64_t, std::vector<const Attachment*>> found;
    for (auto set = sets.rbegin(); set != sets.rend(); ++set) found[number(**set)].push_back(*set);
    return found;
  }

  // Equal sets go together first, then those of one key in their order.
  void compare_sets_of(Token object, std::span<const Attachment> before, std::span<const Attachment> after) {
    const auto equal = [&](const Attachment& b, const Attachment& s) {
      return base_.value[b.property_set] == side_.value[s.property_set];
    };
    if (std::equal(before.begin(), before.end(), after.begin(), after.end(), equal)) return;
    if (say_the_same(before, after)) return;
    std::vector<const Attachment*> gone, come;
    for (const Attachment& one : after) come.push_back(&one);
    auto by_value = pool(come, [&](const Attachment& one) { return side_.value[one.property_set]; });
    std::unordered_set<const Attachment*> taken;
    const auto take = [&](auto& from, std::uint64_t number) -> const Attachment* {
      const auto found = from.find(number);
      if (found == from.end() || found->second.empty()) return nullptr;
      const Attachment* const one = found->second.back();
      found->second.pop_back();
      taken.insert(one);
      return one;
    };
    for (const Attachment& one : before)
      if (take(by_value, base_.value[one.property_set]) == nullptr) gone.push_back(&one);
    std::erase_if(come, [&](const Attachment* one) { return taken.contains(one); });
    auto by_key = pool(come, [](const Attachment& one) { return one.key; });
    for (const Attachment* one : gone) {
      const Attachment* const partner = take(by_key, one->key);
      delta_.property_sets.push_back(
          {object, one->key, one->property_set, partner == nullptr ? no_instance : partner->property_set});
    }
    for (const Attachment* one : come)
      if (!taken.contains(one)) delta_.property_sets.push_back({object, one->key, no_instance, one->property_set});
  }

  // The same sets in another order.
  bool say_the_same(std::span<const Attachment> before, std::span<const Attachment> after) const {
    constexpr std::size_t few = 16;
    if (before.size() != after.size() || before.size() > few) return false;
    std::array<std::uint64_t, few> old_values{}, new_values{};
    for (std::size_t k = 0; k < before.size(); ++k) {
      old_values[k] = base_.value[before[k].property_set];
      new_values[k] = side_.value[after[k].property_set];
    }
    const auto count = static_cast<std::ptrdiff_t>(before.size());
    std::sort(old_values.begin(), old_values.begin() + count);
    std::sort(new_values.begin(), new_values.begin() + count);
    return old_values == new_values;
  }

  void compare_links() {
    const std::vector<Link>& before = base_.links;
    const std::vector<Link>& after = side_.links;
    std::unordered_map<std::uint64_t, std::int32_t> balance;
    balance.reserve(before.size());
    const auto hash = [](const Link& link) { return mix(link.key, link.member); };
    for (const Link& link : before) ++balance[hash(link)];
    for (const Link& link : after) --balance[hash(link)];
    for (const Link& link : before)
      if (auto& count = balance[hash(link)]; count > 0)
        --count, delta_.links.push_back({false, link.key, link.member, link.relation, link.instance, link.relating});
    for (const Link& link : after)
      if (auto& count = balance[hash(link)]; count < 0)
        ++count, delta_.links.push_back({true, link.key, link.member, link.relation, link.instance, link.relating});
  }

  static std::vector<Index> loose(const Model& model) {
    std::vector<bool> hangs(model.size());
    for (const Attachment& one : model.attachments) hangs[one.property_set] = true;
    std::vector<Index> found;
    for (Index i = 0; i < model.size(); ++i) {
      const ClassTraits& traits = model.traits(i);
      const bool relation = traits.role == Role::relation && model.token[i] != 0;
      if (is_unit(model, i) || relation || hangs[i]) continue;
      if (traits.role == Role::owner_history || (traits.role == Role::annotation && hook_leads(model, i))) continue;
      if (model.uses[i] == 0) found.push_back(i);
    }
    return found;
  }

  static bool hook_leads(const Model& model, Index i) {
    const auto items = model.refs_in(i, static_cast<std::size_t>(model.traits(i).hook));
    return std::any_of(items.begin(), items.end(), [](Index item) { return item != no_instance; });
  }

  void compare_loose() {
    std::unordered_map<std::uint64_t, std::int32_t> balance;
    const std::vector<Index> before = loose(base_);
    const std::vector<Index> after = loose(side_);
    for (const Index b : before) ++balance[base_.value[b]];
    for (const Index s : after) --balance[side_.value[s]];
    for (const Index b : before)
      if (auto& count = balance[base_.value[b]]; count > 0) --count, delta_.loose_removed.push_back(b);
    for (const Index s : after)
      if (auto& count = balance[side_.value[s]]; count < 0) ++count, delta_.loose_added.push_back(s);
  }

  const Model& base_;
  const Model& side_;
  Delta delta_;
};

}  // namespace

Delta compare(const Model& base, const Model& side) { return Comparison(base, side).run(); }

}  // namespace aecos::diff
