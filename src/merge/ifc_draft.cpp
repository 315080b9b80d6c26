#include <algorithm>

#include "merge/ifc_draft_internal.h"
#include "step/token.h"

namespace aecos::merge {

using ifc::ClassTraits;
using ifc::Role;

Draft::Draft(const Model& base, const Model& ours, const Model& theirs)
    : models_{&base, &ours, &theirs}, uses_(base.uses), dropped_(base.size()), drop_if_unused_(base.size()) {
  for (Index i = 0; i < base.size(); ++i) {
    if (!base.traits(i).placement) continue;
    for (const Index to : base.file.refs_of(i))
      if (to != no_instance && base.is_placed(to)) ++relative_uses_[to];
  }
}

Node Draft::find(Token token) const {
  if (const Index old = base().by_token.find(token); old != no_instance && !dropped_[old]) return {false, old};
  if (const auto fresh = fresh_by_token_.find(token); fresh != fresh_by_token_.end()) return {true, fresh->second};
  return {};
}

void Draft::release_reference(Index owner, Index to) {
  if (to == no_instance) return;
  const bool relative = base().traits(owner).placement && base().is_placed(to);
  std::uint32_t& count = relative ? relative_uses_[to] : uses_[to];
  if (count > 0) --count;
  candidates_.push_back(to);
}

void Draft::drop(Index first) {
  std::vector<Index> stack{first};
  while (!stack.empty()) {
    const Index i = stack.back();
    stack.pop_back();
    if (dropped_[i]) continue;
    dropped_[i] = true;
    const ClassTraits& traits = base().traits(i);
    if (traits.layer) continue;
    Index hook = no_instance;
    if (traits.hook >= 0) {
      const auto attributes = base().attributes(i);
      const auto at = static_cast<std::size_t>(traits.hook);
      if (at < attributes.size()) hook = base().reference(attributes[at]);
    }
    for (const Index to : base().file.refs_of(i)) {
      if (to == hook)
        hook = no_instance;  // Not counted as a use.
      else
        release_reference(i, to);
    }
    for (const Index annotation : base().hung_on(i))
      if (!base().traits(annotation).layer) stack.push_back(annotation);
  }
}

void Draft::drop_if_unused(Index base) {
  drop_if_unused_[base] = true;
  candidates_.push_back(base);
}

Node Draft::add(Ref ref, Attributes attributes) {
  // What a new instance wants to be as it is in base is not to be changed in place for others.
  for (auto& [at, pieces] : attributes) {
    for (Piece& piece : pieces) {
      if (!piece.ref || piece.ref->side != Side::base || piece.relative_to != 0) continue;
      ++uses_[piece.ref->index];
      piece.counted = true;
    }
  }
  const auto n = static_cast<Index>(fresh_.size());
  fresh_.push_back({ref, std::move(attributes)});
  grafted_[slot(ref.side)].emplace(ref.index, n);
  if (const Token token = model(ref.side).token[ref.index]; token != 0) fresh_by_token_.emplace(token, n);
  return {true, n};
}

Pieces Draft::pieces(Ref owner, std::string_view text) const {
  const Model& from = model(owner.side);
  const bool placement = from.traits(owner.index).placement;
  Pieces found;
  const char* begin = text.data();
  step::Tokens tokens(text);
  for (step::Token token = tokens.next(); token.kind != step::TokenKind::end; token = tokens.next()) {
    if (token.kind != step::TokenKind::reference) continue;
    const Index to = from.file.find(step::reference_id(token.text));
    if (to == no_instance) continue;  // Leads nowhere: stays literally as it is.
    const bool relative = placement && from.is_placed(to);
    found.push_back(
        {std::string(begin, token.text.data()), Ref{owner.side, to}, {}, relative ? from.product_on(to) : 0});
    begin = token.text.data() + token.text.size();
  }
  found.push_back({std::string(begin, text.data() + text.size())});
  return found;
}

Pieces Draft::list(const std::vector<Piece>& members) {
  Pieces found{{"("}};
  for (const Piece& member : members) {
    if (found.size() > 1) found.push_back({","});
    found.push_back(member);
  }
  found.push_back({")"});
  return found;
}

void Draft::set_attribute(Index base, std::size_t at, Pieces pieces) {
  rewrites_[base].attributes[at] = std::move(pieces);
}

void Draft::set_attribute(Node node, std::size_t at, Pieces pieces) {
  if (node.fresh)
    fresh_[node.index].attributes[at] = std::move(pieces);
  else
    set_attribute(node.index, at, std::move(pieces));
}

void Draft::take_attribute(Index b, std::size_t at, Ref from, std::size_t from_at) {
  const auto before = base().attributes(b);
  const auto after = model(from.side).attributes(from.index);
  const std::string_view text = from_at < after.size() ? after[from_at] : std::string_view("$");
  pair_references(at < before.size() ? before[at] : std::string_view(), from.side, text);
  set_attribute(b, at, pieces(from, text));
  run_ready();
}

void Draft::take_instance(Index b, Ref from) {
  rewrites_[b].whole = from;
  assign(from, b);
  pair_references(base().file.args(b), from.side, model(from.side).file.args(from.index));
  take_annotations(b, from);
  run_ready();
}

// Equal content goes together; what is left over is taken, in order, as the same thing changed.
void Draft::pair_references(std::string_view before, Side side, std::string_view after) {
  const Model& other = model(side);
  std::vector<Index> old_refs = base().references(before);
  std::vector<Index> new_refs = other.references(after);
  const auto owned = [](const Model& one, Index i) {
    return one.token[i] == 0 && one.traits(i).role != Role::property_set;
  };
  std::erase_if(old_refs, [&](Index i) { return !owned(base(), i); });
  std::erase_if(new_refs, [&](Index i) { return !owned(other, i); });
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> equal;
  for (std::size_t k = old_refs.size(); k-- > 0;) equal[base().value[old_refs[k]]].push_back(k);
  std::vector<bool> taken(old_refs.size());
  std::erase_if(new_refs, [&](Index q) {
    const auto found = equal.find(other.value[q]);
    if (found == equal.end() || found->second.empty()) return false;
    const std::size_t k = found->second.back();
    found->second.pop_back();
    taken[k] = true;
    assign({side, q}, old_refs[k]);
    return true;
  });
  // By class, in order.
  std::unordered_map<std::uint64_t, std::vector<Index>> left;
  for (std::size_t k = old_refs.size(); k-- > 0;)
    if (!taken[k]) left[base().traits(old_refs[k]).hash].push_back(old_refs[k]);
  for (const Index q : new_refs) {
    const auto found = left.find(other.traits(q).hash);
    if (found == left.end() || found->second.empty()) continue;
    demand(found->second.back(), {side, q});
    found->second.pop_back();
  }
}

void Draft::demand(Index b, Ref want) {
  const Model& other = model(want.side);
  if (base().token[b] != 0 || dropped_[b] || base().traits(b).hash != other.traits(want.index).hash) return;
  Demand& demand = demands_[b];
  const std::uint64_t value = other.value[want.index];
  if (demand.count == 0) demand.value = value;
  if (value != demand.value) demand.split = true;
  ++demand.count;
  demand.wants.push_back(want);
  if (!demand.split && demand.count == uses_[b]) ready_.push_back(b);
}

// Without recursion: what is changed in place may be deep.
void Draft::run_ready() {
  if (running_) return;
  running_ = true;
  while (!ready_.empty()) {
    const Index b = ready_.back();
    ready_.pop_back();
    const std::vector<Ref> wants = demands_[b].wants;
    overwrite(b, wants);
  }
  running_ = false;
}

void Draft::overwrite(Index b, const std::vector<Ref>& wants) {
  for (const Ref& want : wants) assign(want, b);
  const Ref from = wants.front();
  rewrites_[b];
  const auto before = ifc::attribute_values(base(), b);
  const auto after = ifc::attribute_values(model(from.side), from.index);
  if (before.size() != after.size() || base().file.keyword(b).empty()) {
    rewrites_[b].whole = from;
    pair_references(base().file.args(b), from.side, model(from.side).file.args(from.index));
  } else {
    for (std::size_t k = 0; k < before.size(); ++k)
      if (before[k] != after[k]) take_attribute(b, k, from, k);
  }
  take_annotations(b, from);
}

Draft::LayerEdit& Draft::layer_edit(Ref layer) {
  const Model& one = model(layer.side);
  const std::uint64_t key = one.token[layer.index] != 0 ? one.token[layer.index] : one.value[layer.index];
  return layers_.try_emplace(key, LayerEdit{layer, {}, {}}).first->second;
}

void Draft::take_annotations(Index b, Ref from) {
  const Model& other = model(from.side);
  std::vector<Index> before(base().hung_on(b).begin(), base().hung_on(b).end());
  std::vector<Index> after(other.hung_on(from.index).begin(), other.hung_on(from.index).end());
  const auto said = [](const Model& one, Index i) { return one.token[i] != 0 ? one.token[i] : one.value[i]; };
  std::erase_if(after, [&](Index q) {
    const auto equal =
        std::find_if(before.begin(), before.end(), [&](Index p) { return said(base(), p) == said(other, q); });
    if (equal == before.end()) return false;
    if (!other.traits(q).layer) assign({from.side, q}, *equal);
    before.erase(equal);
    return true;
  });
  std::erase_if(after, [&](Index q) {
    if (other.traits(q).layer) return layer_edit({from.side, q}).added.push_back(from), true;
    const auto same = std::find_if(before.begin(), before.end(),
                                   [&](Index p) { return base().traits(p).hash == other.traits(q).hash; });
    if (same == before.end()) return false;
    const Index p = *same;
    before.erase(same);
    overwrite(p, {{from.side, q}});
    return true;
  });
  for (const Index p : before) {
    if (base().traits(p).layer)
      layer_edit({Side::base, p}).removed.push_back(b);
    else
      drop(p);
  }
  for (const Index q : after) {
    assign(from, b);
    add({from.side, q});
  }
  run_ready();
}

}  // namespace aecos::merge
