// One attribute that both sides changed, differently: sets, lists and placements can often have both changes.

#include <algorithm>
#include <map>

#include "merge/ifc_plan_internal.h"
#include "merge/sequence.h"
#include "step/token.h"

namespace aecos::merge {
namespace {

struct Members {
  std::vector<std::string_view> texts;
  std::vector<std::uint64_t> values;
};

Members members_of(const Model& model, Index i, std::size_t at) {
  Members members;
  const auto attributes = model.attributes(i);
  if (at >= attributes.size()) return members;
  members.texts = step::split(attributes[at]);
  for (const std::string_view text : members.texts) members.values.push_back(ifc::attribute_value(model, i, at, text));
  return members;
}

bool is_list(const Model& model, Index i, std::size_t at) {
  const auto attributes = model.attributes(i);
  return at < attributes.size() && (attributes[at].starts_with('(') || attributes[at] == "$");
}

Piece member_piece(const Draft& draft, Ref owner, std::string_view text) {
  Pieces pieces = draft.pieces(owner, text);
  if (pieces.size() == 2 && pieces[0].text.empty() && pieces[1].text.empty()) return pieces[0];
  return {std::string(text)};
}

// A nested list with references in it has no single piece: such lists are not combined.
bool is_simple(std::string_view text) { return text.starts_with('#') || text.find('#') == std::string_view::npos; }

bool all_simple(const Members& members) { return std::all_of(members.texts.begin(), members.texts.end(), is_simple); }

class Lists {
 public:
  Lists(Plan& plan, Index b, std::size_t at, Ref ours, Ref theirs)
      : plan_(plan), at_(at), refs_{Ref{Side::base, b}, ours, theirs} {
    for (std::size_t k = 0; k < 3; ++k) members_[k] = members_of(plan.model(refs_[k].side), refs_[k].index, at);
  }

  bool possible() const {
    for (std::size_t k = 0; k < 3; ++k)
      if (!is_list(plan_.model(refs_[k].side), refs_[k].index, at_) || !all_simple(members_[k])) return false;
    return true;
  }

  // Both sides' additions, without both sides' removals.
  void combine_set() {
    std::map<std::uint64_t, int> balance[3];
    for (std::size_t k = 0; k < 3; ++k)
      for (const std::uint64_t value : members_[k].values) ++balance[k][value];
    for (std::size_t m = 0; m < members_[0].values.size(); ++m) {
      const std::uint64_t value = members_[0].values[m];
      const int stays = std::min({balance[0][value], balance[1][value], balance[2][value]});
      int& used = used_[value];
      if (used < stays) ++used, take(0, m);
    }
    std::map<std::uint64_t, int> added;
    for (const std::size_t side : {1U, 2U}) {
      std::map<std::uint64_t, int> seen;
      for (std::size_t m = 0; m < members_[side].values.size(); ++m) {
        const std::uint64_t value = members_[side].values[m];
        const int more = ++seen[value] - balance[0][value];
        if (more > added[value]) ++added[value], take(side, m);
      }
    }
    finish();
  }

  // False: the changes overlap.
  bool combine_sequence() {
    std::map<std::uint64_t, diff::Symbol> symbols;
    std::vector<diff::Symbol> sequences[3];
    for (std::size_t k = 0; k < 3; ++k)
      for (const std::uint64_t value : members_[k].values)
        sequences[k].push_back(symbols.try_emplace(value, static_cast<diff::Symbol>(symbols.size())).first->second);
    const auto regions = merge_sequences(sequences[0], sequences[1], sequences[2], Touching::conflicts);
    for (const Region& region : regions)
      if (region.kind == Region::Kind::conflict) return false;
    for (const Region& region : regions) {
      const bool base = region.kind == Region::Kind::unchanged;
      const bool theirs = region.kind == Region::Kind::theirs;
      const Range range = base ? region.base : theirs ? region.theirs : region.ours;
      for (std::size_t m = range.begin; m < range.end; ++m) take(base ? 0 : theirs ? 2 : 1, m);
    }
    finish();
    return true;
  }

 private:
  void take(std::size_t side, std::size_t m) {
    pieces_.push_back(member_piece(plan_.draft, refs_[side], members_[side].texts[m]));
  }
  void finish() { plan_.draft.set_attribute(refs_[0].index, at_, Draft::list(pieces_)); }

  Plan& plan_;
  std::size_t at_;
  Ref refs_[3];
  Members members_[3];
  std::map<std::uint64_t, int> used_;
  std::vector<Piece> pieces_;
};

// Location by one, axes by the other. Only where nothing else uses the instances on the way.
class Placements {
 public:
  explicit Placements(Plan& plan) : plan_(plan) {}

  bool combine(Index b, Ref ours, Ref theirs, bool apply) {
    const Model& base = plan_.base();
    const Model& o = plan_.model(Side::ours);
    const Model& t = plan_.model(Side::theirs);
    const std::uint64_t same_class = base.traits(b).hash;
    if (!plan_.draft.is_exclusive(b) || o.traits(ours.index).hash != same_class ||
        t.traits(theirs.index).hash != same_class || plan_.draft.is_changed(b))
      return false;
    const auto before = ifc::attribute_values(base, b);
    const auto by_ours = ifc::attribute_values(o, ours.index);
    const auto by_theirs = ifc::attribute_values(t, theirs.index);
    if (before.size() != by_ours.size() || before.size() != by_theirs.size()) return false;
    if (apply) plan_.draft.assign(ours, b), plan_.draft.assign(theirs, b);
    for (std::size_t k = 0; k < before.size(); ++k) {
      const bool ours_changed = by_ours[k] != before[k];
      const bool theirs_changed = by_theirs[k] != before[k];
      if (ours_changed && theirs_changed && by_ours[k] != by_theirs[k]) {
        if (!descend(b, ours, theirs, k, apply)) return false;
      } else if (apply && ours_changed) {
        plan_.draft.take_attribute(b, k, ours, k);
      } else if (apply && theirs_changed) {
        plan_.draft.take_attribute(b, k, theirs, k);
      }
    }
    return true;
  }

 private:
  // IfcLocalPlacement.RelativePlacement is an IfcAxis2Placement3D; below it, what both changed cannot be combined.
  // Standing on something else is a change of the whole.
  bool descend(Index b, Ref ours, Ref theirs, std::size_t k, bool apply) {
    if (!plan_.base().traits(b).placement || k == 0) return false;
    const auto reference = [&](const Model& model, Index i) {
      const auto attributes = model.attributes(i);
      return k < attributes.size() ? model.reference(attributes[k]) : no_instance;
    };
    const Index child = reference(plan_.base(), b);
    const Index by_ours = reference(plan_.model(Side::ours), ours.index);
    const Index by_theirs = reference(plan_.model(Side::theirs), theirs.index);
    if (child == no_instance || by_ours == no_instance || by_theirs == no_instance) return false;
    return combine(child, {Side::ours, by_ours}, {Side::theirs, by_theirs}, apply);
  }

  Plan& plan_;
};

bool combine_placement(Plan& plan, Index b, Ref ours, Ref theirs) {
  const auto placement = [](const Model& model, Index i) {
    const auto attributes = model.attributes(i);
    return attributes.size() > 5 ? model.reference(attributes[5]) : no_instance;
  };
  const Index p = placement(plan.base(), b);
  const Index o = placement(plan.model(Side::ours), ours.index);
  const Index t = placement(plan.model(Side::theirs), theirs.index);
  if (p == no_instance || o == no_instance || t == no_instance || !plan.base().traits(p).placement) return false;
  // Moving it to another host and moving it there are one thought: relative and location together are one side's.
  const auto relative = [](const Model& model, Index i) { return ifc::attribute_values(model, i).front(); };
  const auto before = relative(plan.base(), p);
  if (relative(plan.model(Side::ours), o) != before || relative(plan.model(Side::theirs), t) != before) return false;
  Placements placements(plan);
  return placements.combine(p, {Side::ours, o}, {Side::theirs, t}, false) &&
         placements.combine(p, {Side::ours, o}, {Side::theirs, t}, true);
}

}  // namespace

bool combine_attribute(Plan& plan, Index b, std::size_t at, Ref ours, Ref theirs) {
  const ifc::ClassTraits& traits = plan.base().traits(b);
  if (traits.product && at == 5) return combine_placement(plan, b, ours, theirs);
  Lists lists(plan, b, at, ours, theirs);
  if (!lists.possible()) return false;
  if ((traits.unordered >> at) & 1U) return lists.combine_set(), true;
  return lists.combine_sequence();
}

}  // namespace aecos::merge
