// Finding or making the instance of the merged model for what a side refers to.

#include <algorithm>
#include <bit>
#include <set>

#include "base/hash.h"
#include "merge/ifc_draft_internal.h"

namespace aecos::merge {

using ifc::Role;

// What nothing uses stays unused.
bool Draft::is_loose(Index b) const { return base().uses[b] == 0 && base().traits(b).role == Role::value; }

// Whether base's instance may stand for the side's: it says the same and goes on saying so.
bool Draft::can_reuse(Index b, Ref ref) const {
  const Model& other = model(ref.side);
  if (b == no_instance) return false;
  return !is_loose(b) && !dropped_[b] && !rewrites_.contains(b) && !spared_.contains(b) &&
         base().value[b] == other.value[ref.index] && base().traits(b).hash == other.traits(ref.index).hash;
}

// Native editors keep ids; else any instance of the same content, where sharing it means nothing.
Node Draft::reusable(Ref ref) {
  const Model& other = model(ref.side);
  const Index same_id = base().file.find(other.file.instances[ref.index].id);
  if (can_reuse(same_id, ref)) return {false, same_id};
  const ifc::ClassTraits& traits = other.traits(ref.index);
  const bool bound = traits.placement || traits.role != Role::value || !other.hung_on(ref.index).empty() ||
                     traits.is("IFCPRODUCTDEFINITIONSHAPE") || traits.is("IFCSHAPEREPRESENTATION");
  if (traits.placement && !other.is_placed(ref.index)) return left_behind(ref);
  return bound ? Node{} : by_value(ref);
}

// A placement on which nothing stands in the side: that of a product which the side removed, if it was one's in base.
Node Draft::left_behind(Ref ref) {
  const Node node = by_value(ref);
  if (!node) return {};
  const bool was_placed = base().is_placed(node.index);
  return was_placed && !model(ref.side).by_token.contains(base().product_on(node.index)) ? node : Node{};
}

// The first instance of base of that content; a table of indexes, half full.
Node Draft::by_value(Ref ref) {
  if (base_by_value_.empty()) {
    base_by_value_.assign(std::bit_ceil(std::size_t{base().size()} * 2 + 2), no_instance);
    for (Index i = 0; i < base().size(); ++i) {
      if (base().token[i] != 0 && base().traits(i).role != Role::owner_history) continue;
      if (is_loose(i)) continue;
      Index& slot = base_by_value_[value_slot(base().value[i])];
      if (slot == no_instance) slot = i;
    }
  }
  const Index found = base_by_value_[value_slot(model(ref.side).value[ref.index])];
  return can_reuse(found, ref) ? Node{false, found} : Node{};
}

std::size_t Draft::value_slot(std::uint64_t value) const {
  std::size_t slot = value & (base_by_value_.size() - 1);
  while (base_by_value_[slot] != no_instance && base().value[base_by_value_[slot]] != value)
    slot = (slot + 1) & (base_by_value_.size() - 1);
  return slot;
}

Node Draft::resolve(Ref ref) {
  if (ref.side == Side::base) return {false, ref.index};
  if (const auto found = assigned_[slot(ref.side)].find(ref.index); found != assigned_[slot(ref.side)].end())
    if (!dropped_[found->second]) return {false, found->second};
  if (const auto found = grafted_[slot(ref.side)].find(ref.index); found != grafted_[slot(ref.side)].end())
    return {true, found->second};
  const Model& other = model(ref.side);
  const bool history = other.traits(ref.index).role == Role::owner_history;
  Node node;
  if (history)
    node = by_value(ref);
  else if (other.token[ref.index] != 0)
    node = find(other.token[ref.index]);
  else
    node = reusable(ref);
  return node ? node : add(ref);
}

Node Draft::placement_of(Token product) {
  const Node node = find(product);
  if (!node) return {};
  const auto of_pieces = [&](const Pieces& pieces) -> Node {
    for (const Piece& piece : pieces) {
      if (piece.node) return piece.node;
      if (piece.ref) return resolve(*piece.ref);
    }
    return {};
  };
  const auto& attributes = node.fresh                       ? fresh_[node.index].attributes
                           : rewrites_.contains(node.index) ? rewrites_[node.index].attributes
                                                            : Attributes{};
  if (const auto own = attributes.find(5); own != attributes.end()) return of_pieces(own->second);
  const Ref ref = node.fresh ? fresh_[node.index].ref : Ref{Side::base, node.index};
  const auto texts = model(ref.side).attributes(ref.index);
  const Index placement = texts.size() > 5 ? model(ref.side).reference(texts[5]) : no_instance;
  return placement == no_instance ? Node{} : resolve({ref.side, placement});
}

void Draft::use(Node node, bool relative) {
  if (node.fresh || !node) return;
  ++(relative ? relative_uses_[node.index] : uses_[node.index]);
}

void Draft::settle_pieces(Pieces& pieces) {
  for (Piece& piece : pieces) {
    if (!piece.node && piece.relative_to != 0) piece.node = placement_of(piece.relative_to);
    if (!piece.node && piece.ref) piece.node = resolve(*piece.ref);
    if (!piece.counted) use(piece.node, piece.relative_to != 0 && base().is_placed(piece.node.index));
  }
}

void Draft::settle_rewrites() {
  std::vector<Index> order;
  for (const auto& [b, rewrite] : rewrites_)
    if (!dropped_[b]) order.push_back(b);
  std::sort(order.begin(), order.end());  // What is new gets its number in this order.
  for (const Index b : order) {
    Rewrite& rewrite = rewrites_[b];
    if (rewrite.whole) {
      const auto texts = model(rewrite.whole->side).attributes(rewrite.whole->index);
      for (std::size_t k = 0; k < texts.size(); ++k)
        rewrite.attributes.try_emplace(k, pieces(*rewrite.whole, texts[k]));
    }
    for (auto& [at, one] : rewrite.attributes) settle_pieces(one);
  }
}

void Draft::settle_fresh(Index n) {
  const Ref ref = fresh_[n].ref;
  Attributes attributes = std::move(fresh_[n].attributes);
  const Model& from = model(ref.side);
  const auto texts = from.attributes(ref.index);
  for (std::size_t k = 0; k < texts.size(); ++k) {
    if (const auto own = attributes.find(k); own != attributes.end()) {
      settle_pieces(own->second);
      continue;
    }
    const bool items = from.traits(ref.index).layer && static_cast<int>(k) == from.traits(ref.index).hook;
    Pieces one = items ? Pieces{} : pieces(ref, texts[k]);
    settle_pieces(one);
    attributes.emplace(k, std::move(one));
  }
  fresh_[n].attributes = std::move(attributes);
  settle_hung(ref);
}

// Annotations come along with what they hang on.
void Draft::settle_hung(Ref ref) {
  for (const Index annotation : model(ref.side).hung_on(ref.index)) {
    const Ref one{ref.side, annotation};
    if (model(ref.side).traits(annotation).layer)
      layer_edit(one).added.push_back(ref);
    else if (!grafted_[slot(ref.side)].contains(annotation) && !assigned_[slot(ref.side)].contains(annotation))
      add(one);
  }
}

void Draft::settle() {
  settle_rewrites();
  settle_added();
}

void Draft::settle_added() {
  while (settled_ < fresh_.size()) settle_fresh(settled_++);
}

// What a side left unused stays: base's instance, which nothing uses any more either, or else a copy.
void Draft::settle_kept() {
  for (const Ref& ref : kept_) spare_[model(ref.side).value[ref.index]].push_back(ref);
  collect_unused();
  for (const Ref& ref : kept_) {
    const auto left = spare_.find(model(ref.side).value[ref.index]);
    const bool waits =
        left != spare_.end() && std::find(left->second.begin(), left->second.end(), ref) != left->second.end();
    if (waits && !grafted_[slot(ref.side)].contains(ref.index)) add(ref);
  }
  settle_added();
}

// Base's instance serves a side that wants such a one to stay unused.
bool Draft::is_spared(Index b) {
  const auto wanted = spare_.find(base().value[b]);
  if (wanted == spare_.end() || wanted->second.empty() ||
      base().traits(b).hash != model(wanted->second.back().side).traits(wanted->second.back().index).hash)
    return false;
  wanted->second.pop_back();
  spared_.insert(b);
  ++uses_[b];
  return true;
}

void Draft::release_replaced() {
  std::vector<Index> order;
  for (const auto& [b, rewrite] : rewrites_)
    if (!dropped_[b]) order.push_back(b);
  std::sort(order.begin(), order.end());
  for (const Index b : order) {
    const Rewrite& rewrite = rewrites_[b];
    const auto texts = base().attributes(b);
    for (std::size_t k = 0; k < texts.size(); ++k) {
      if (!rewrite.attributes.contains(k)) continue;
      const ifc::ClassTraits& traits = base().traits(b);
      if (traits.hook == static_cast<int>(k)) continue;
      for (const Index to : base().references(texts[k])) release_reference(b, to);
    }
  }
}

// What stood on a placement that is another instance now stands on that one.
void Draft::redirect_placements() {
  std::unordered_map<Index, Node> moved;
  for (const auto& [b, rewrite] : rewrites_) {
    if (dropped_[b] || !base().traits(b).product || !rewrite.attributes.contains(5)) continue;
    const auto texts = base().attributes(b);
    const Index old = texts.size() > 5 ? base().reference(texts[5]) : no_instance;
    if (old == no_instance) continue;
    const Node now = placement_of(base().token[b]);
    if (base().is_placed(old) && base().product_on(old) == base().token[b] && now && now != Node{false, old})
      moved[old] = now;
  }
  if (moved.empty()) return;
  for (Index i = 0; i < base().size(); ++i) {
    if (dropped_[i] || !base().traits(i).placement || rewrites_.contains(i)) continue;
    const auto texts = base().attributes(i);
    for (std::size_t k = 0; k < texts.size(); ++k) {
      const auto found = moved.find(base().reference(texts[k]));
      if (found == moved.end()) continue;
      rewrites_[i].attributes[k] = {{"", std::nullopt, found->second}};
      use(found->second, true);
      release_reference(i, found->first);
    }
  }
}

void Draft::collect_unused() {
  while (!candidates_.empty()) {
    const Index i = candidates_.back();
    candidates_.pop_back();
    if (dropped_[i] || uses_[i] != 0) continue;
    if (const auto relative = relative_uses_.find(i); relative != relative_uses_.end() && relative->second != 0)
      continue;
    const bool unused = base().token[i] == 0 && base().uses[i] != 0;
    if (drop_if_unused_[i] || (unused && !is_spared(i))) drop(i);
  }
}

// Layers list what lies on them: without what went, with what came.
void Draft::settle_layers() {
  std::vector<std::pair<Index, LayerEdit*>> old_layers;
  for (Index i = 0; i < base().size(); ++i)
    if (base().traits(i).layer && !dropped_[i]) {
      const auto found = layers_.find(base().token[i] != 0 ? base().token[i] : base().value[i]);
      old_layers.emplace_back(i, found == layers_.end() ? nullptr : &found->second);
    }
  for (auto& [i, edit] : old_layers) {
    const auto at = static_cast<std::size_t>(base().traits(i).hook);
    const auto texts = base().attributes(i);
    const std::vector<Index> items = at < texts.size() ? base().references(texts[at]) : std::vector<Index>();
    std::set<Index> gone;
    if (edit != nullptr) gone.insert(edit->removed.begin(), edit->removed.end());
    std::vector<Piece> members;
    std::set<std::pair<bool, Index>> seen;
    for (const Index item : items)
      if (!dropped_[item] && !gone.contains(item) && seen.insert({false, item}).second)
        members.push_back({"", std::nullopt, {false, item}});
    const std::size_t kept = members.size();
    if (edit != nullptr)
      for (const Ref& ref : edit->added)
        if (const Node node = resolve(ref); seen.insert({node.fresh, node.index}).second)
          members.push_back({"", std::nullopt, node});
    if (edit != nullptr) edit->added.clear();
    if (members.empty())
      drop(i);
    else if (kept != items.size() || members.size() != kept)
      rewrites_[i].attributes[at] = list(members);
  }
  for (auto& [key, edit] : layers_) {
    const Model& from = model(edit.layer.side);
    if (edit.added.empty() || edit.layer.side == Side::base) continue;
    std::vector<Piece> members;
    for (const Ref& ref : edit.added) members.push_back({"", std::nullopt, resolve(ref)});
    const Node layer = resolve(edit.layer);
    const auto at = static_cast<std::size_t>(from.traits(edit.layer.index).hook);
    if (layer.fresh) {
      settle_added();
      fresh_[layer.index].attributes[at] = list(members);
    }
  }
  for (Fresh& one : fresh_) {
    const ifc::ClassTraits& traits = model(one.ref.side).traits(one.ref.index);
    if (traits.layer && one.attributes[static_cast<std::size_t>(traits.hook)].empty()) one.skip = true;
  }
}

std::string Draft::finish(std::string_view header) {
  run_ready();
  settle();
  redirect_placements();
  release_replaced();
  settle_kept();
  collect_unused();
  settle_layers();
  collect_unused();
  number();
  return write(header);
}

}  // namespace aecos::merge
