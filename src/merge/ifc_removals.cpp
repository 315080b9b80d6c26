// What goes, and what stays although one side removed it.

#include <algorithm>

#include "diff/ifc_looks.h"
#include "diff/ifc_value.h"
#include "merge/ifc_plan_internal.h"
#include "step/token.h"

namespace aecos::merge {
namespace {

using ifc::Role;

Value describe(const Model& model, Index i) { return diff::instance_json(model, i); }

class Removals {
 public:
  explicit Removals(Plan& plan) : plan_(plan), base_(plan.base()) {}

  void run() {
    for (const Side side : {Side::ours, Side::theirs})
      for (const Index b : plan_.delta(side).removed) removed(side).emplace(base_.token[b], b);
    if (removed(Side::ours).empty() && removed(Side::theirs).empty()) return;
    for (const Side side : {Side::ours, Side::theirs}) collect_touched(side);
    for (const Side side : {Side::ours, Side::theirs}) keep_touched(side);
    drop();
  }

 private:
  using Removed = std::unordered_map<Token, Index>;
  Removed& removed(Side side) { return removed_[static_cast<std::size_t>(side)]; }
  std::unordered_set<Token>& changed(Side side) { return changed_[static_cast<std::size_t>(side)]; }
  std::unordered_set<Token>& mentioned(Side side) { return mentioned_[static_cast<std::size_t>(side)]; }

  // What `side` changed, and what its new content refers to, as far as the other side removed it.
  void collect_touched(Side side) {
    const Removed& gone = removed(other_side(side));
    if (gone.empty()) return;
    const Delta& delta = plan_.delta(side);
    const Model& model = plan_.model(side);
    visited_.assign(model.size(), false);
    for (const diff::ObjectChange& change : delta.changed) {
      // What a thing looks like goes with the thing.
      const bool matters = gone.contains(base_.token[change.base]) && !diff::only_looks_differ(base_, model, change);
      if (matters) changed(side).insert(base_.token[change.base]);
      const auto attributes = model.attributes(change.side);
      for (const std::uint16_t k : change.attributes)
        if (k < attributes.size()) mention(side, change.side, model.references(attributes[k]));
    }
    for (const diff::PropertySetChange& change : delta.property_sets) changed(side).insert(change.object);
    for (const Index s : delta.added) mention(side, s, {model.file.refs_of(s).begin(), model.file.refs_of(s).end()});
    for (const diff::LinkChange& link : delta.links) {
      if (!link.added) {
        if (relating_stays(side, link)) changed(side).insert(link.member);
        continue;
      }
      changed(side).insert(link.member);
      mention(side, link.relation, {link.relating});
    }
  }

  // A link that went because its other end went is no change of the member.
  bool relating_stays(Side side, const diff::LinkChange& link) {
    return link.relating == no_instance || !removed(side).contains(base_.token[link.relating]);
  }

  void mention(Side side, Index owner, std::vector<Index> stack) {
    const Model& model = plan_.model(side);
    std::vector<std::pair<Index, Index>> todo;
    for (const Index to : stack) todo.emplace_back(owner, to);
    while (!todo.empty()) {
      const auto [from, i] = todo.back();
      todo.pop_back();
      if (i == no_instance) continue;
      if (model.traits(from).placement) {
        if (model.is_placed(i)) {
          mentioned(side).insert(model.product_on(i));
          continue;
        }
      }
      if (model.token[i] != 0) {
        mentioned(side).insert(model.token[i]);
        continue;
      }
      if (visited_[i]) continue;
      visited_[i] = true;
      for (const Index to : model.file.refs_of(i)) todo.emplace_back(i, to);
    }
  }

  // What `side` removed and the other one changed or refers to.
  void keep_touched(Side side) {
    const Side other = other_side(side);
    for (const Index b : plan_.delta(side).removed) {
      const Token token = base_.token[b];
      if (removed(other).contains(token)) continue;
      if (changed(other).contains(token))
        keep(side, b, ConflictKind::deleted_changed);
      else if (mentioned(other).contains(token))
        keep(side, b, ConflictKind::deleted_referenced);
    }
  }

  void keep(Side side, Index first, ConflictKind first_kind) {
    std::vector<std::pair<Index, ConflictKind>> todo{{first, first_kind}};
    const Side other = other_side(side);
    while (!todo.empty()) {
      const auto [b, kind] = todo.back();
      todo.pop_back();
      const Token token = base_.token[b];
      if (plan_.kept_from(side).contains(token)) continue;
      Conflict conflict;
      conflict.element = diff::element_ref(base_, b);
      conflict.kind = kind;
      conflict.base = describe(base_, b);
      const Model& model = plan_.model(other);
      const Index there = model.by_token.find(token);
      Value& stays = other == Side::ours ? conflict.ours : conflict.theirs;
      stays = there == no_instance ? conflict.base : describe(model, there);
      const bool is_object = base_.traits(b).role != Role::relation || kind == ConflictKind::deleted_changed;
      if (is_object) {
        const std::string_view because =
            kind == ConflictKind::deleted_changed ? "the other side changed it" : "the other side still refers to it";
        if (plan_.decide(std::move(conflict), other, because) == side) continue;
      }
      plan_.kept_from(side).insert(token);
      for (const Index parent : parents_of(b))
        if (const auto gone = removed(side).find(base_.token[parent]); gone != removed(side).end())
          todo.emplace_back(gone->second, ConflictKind::deleted_referenced);
    }
  }

  // What an element cannot be without: its container, whole, type, opening, host, and what it stands relative to.
  std::vector<Index> parents_of(Index b) {
    if (parents_.empty()) collect_parents();
    const auto found = parents_.find(b);
    return found == parents_.end() ? std::vector<Index>() : found->second;
  }

  void collect_parents() {
    parents_[no_instance];
    for (Index i = 0; i < base_.size(); ++i) {
      const ifc::ClassTraits& traits = base_.traits(i);
      const auto attributes = base_.attributes(i);
      if (traits.role == Role::relation && traits.members >= 0 && traits.unique_member) {
        const Index relating = base_.reference(ifc::attribute_at(attributes, traits.relating));
        if (relating == no_instance || base_.token[relating] == 0) continue;
        for (const Index member : base_.references(ifc::attribute_at(attributes, traits.members)))
          parents_[member].push_back(relating);
      } else if (traits.role == Role::relation && traits.members < 0 && attributes.size() > 5) {
        const Index relating = base_.reference(attributes[4]);
        const Index related = base_.reference(attributes[5]);
        if (relating == no_instance || related == no_instance) continue;
        // A relation that stays needs both its ends; a filling or an opening needs what it is in.
        parents_[i] = {relating, related};
        if (traits.is("IFCRELFILLSELEMENT") || traits.is("IFCRELVOIDSELEMENT") || traits.is("IFCRELPROJECTSELEMENT"))
          parents_[related].push_back(relating);
      } else if (traits.product && attributes.size() > 5) {
        collect_placed_on(i, base_.reference(attributes[5]));
      }
    }
  }

  void collect_placed_on(Index product, Index placement) {
    if (placement == no_instance || !base_.traits(placement).placement) return;
    for (const Index to : base_.file.refs_of(placement)) {
      if (to == no_instance || !base_.is_placed(to)) continue;
      parents_[product].push_back(base_.placed[to]);
    }
  }

  void drop() {
    for (const Side side : {Side::ours, Side::theirs}) {
      for (const Index b : plan_.delta(side).removed) {
        if (plan_.kept_from(side).contains(base_.token[b])) continue;
        if (base_.traits(b).role == Role::resource)
          plan_.draft.drop_if_unused(b);
        else if (base_.traits(b).role != Role::relation || !joins_kept(side, b))
          plan_.draft.drop(b);
      }
    }
  }

  // A relation one to one that went only because an end went that stays after all.
  bool joins_kept(Side side, Index relation) {
    if (plan_.kept_from(side).empty()) return false;
    bool kept_end = false;
    for (const Index end : base_.file.refs_of(relation)) {
      if (end == no_instance || base_.token[end] == 0 || base_.traits(end).role != Role::object) continue;
      const Token token = base_.token[end];
      for (const Side one : {Side::ours, Side::theirs})
        if (removed(one).contains(token) && !plan_.kept_from(one).contains(token)) return false;
      kept_end = kept_end || plan_.kept_from(side).contains(token);
    }
    return kept_end;
  }

  Plan& plan_;
  const Model& base_;
  std::array<Removed, 3> removed_;
  std::array<std::unordered_set<Token>, 3> changed_;
  std::array<std::unordered_set<Token>, 3> mentioned_;
  std::vector<bool> visited_;
  std::unordered_map<Index, std::vector<Index>> parents_;
};

}  // namespace

void plan_removals(Plan& plan) { Removals(plan).run(); }

}  // namespace aecos::merge
