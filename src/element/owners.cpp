// Whose own each instance of a model is.

#include <algorithm>

#include "base/hash.h"
#include "element/split_internal.h"

namespace aecos::element {
namespace {

// Only what no other instance can be taken for is somebody's own: others refer to it by GlobalId.
bool can_be_own(const SplitParts& parts, Index i) {
  const std::string_view id = parts.part.model.attribute(i, 0);
  return id.size() == 24 && is_sound_id(id.substr(1, 22)) && !parts.ambiguous.global_ids.contains(hash_bytes(id)) &&
         !parts.part.is_reference(i);
}

// A feature or port of exactly one element is that element's.
void give(SplitParts& parts, Index element, Index thing) {
  if (element == no_instance || thing == no_instance) return;
  const std::uint32_t owner = parts.owner[element];
  const ifc::ClassTraits& traits = parts.part.traits(thing);
  const schema::Schema* const schema = parts.part.model.schema;
  if (owner == no_owner || !(is_feature_class(schema, traits) || is_port_class(schema, traits))) return;
  if (parts.owner[thing] == no_owner && can_be_own(parts, thing)) parts.owner[thing] = owner;
}

}  // namespace

void Pieces::close(std::size_t count) {
  std::stable_sort(all_.begin(), all_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  first_.assign(count + 1, 0);
  for (const auto& [at, piece] : all_) ++first_[at + 1];
  for (std::size_t k = 0; k < count; ++k) first_[k + 1] += first_[k];
}

void find_owners(SplitParts& parts) {
  const Model& model = parts.part.model;
  parts.owner.assign(model.size(), no_owner);
  for (Index i = 0; i < model.size(); ++i) {
    if (!is_element_class(model.schema, parts.part.traits(i)) || !can_be_own(parts, i)) continue;
    parts.owner[i] = static_cast<std::uint32_t>(parts.elements.size());
    parts.elements.push_back(i);
  }
  for (Index i = 0; i < model.size(); ++i) {
    const std::string& keyword = model.file.keyword(i);
    const bool from_host = keyword == "IFCRELVOIDSELEMENT" || keyword == "IFCRELPROJECTSELEMENT" ||
                           keyword == "IFCRELADHERESTOELEMENT" || keyword == "IFCRELNESTS";
    if (!from_host && keyword != "IFCRELCONNECTSPORTTOELEMENT") continue;
    for (const Index a : model.refs_in(i, 4))
      for (const Index b : model.refs_in(i, 5)) from_host ? give(parts, a, b) : give(parts, b, a);
  }
}

}  // namespace aecos::element
