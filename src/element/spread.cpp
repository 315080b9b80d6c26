// Which file each relation of a model goes to: with members that count one by one, each to the file of the element it
// speaks of; else to the only element it names, or to the frame.

#include <algorithm>

#include "element/split_internal.h"
#include "step/token.h"

namespace aecos::element {
namespace {

constexpr std::size_t first_own_attribute = 4;  // Behind GlobalId, owner history, name and description.

std::vector<std::uint32_t> owners_in(const SplitParts& parts, Index relation) {
  std::vector<std::uint32_t> owners;
  const Model& model = parts.part.model;
  const std::size_t first = parts.part.is_relation(relation) ? first_own_attribute : 0;
  const std::size_t count = model.attributes(relation).size();
  for (std::size_t at = first; at < count; ++at)
    for (const Index to : model.refs_in(relation, at))
      if (to != no_instance && parts.owner[to] != no_owner) owners.push_back(parts.owner[to]);
  std::sort(owners.begin(), owners.end());
  owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
  return owners;
}

// The element whose file has what a relation with members says of those that are no element's own.
std::uint32_t home_of_rest(const SplitParts& parts, Index relation) {
  const auto pattern = parts.patterns.find(relation);
  if (pattern == parts.patterns.end() || !parts.part.is_relation(relation)) return no_owner;
  for (const Index to : pattern->second.others)
    if (to != no_instance && parts.owner[to] != no_owner) return parts.owner[to];
  return no_owner;
}

void spread_whole(SplitParts& parts, Index relation) {
  const Model& model = parts.part.model;
  std::vector<std::uint32_t> owners = owners_in(parts, relation);
  if (model.file.keyword(relation) == "IFCRELFILLSELEMENT") {  // What fills an opening says so.
    const auto filling = model.refs_in(relation, 5);
    if (filling.size() == 1 && filling[0] != no_instance && parts.owner[filling[0]] != no_owner)
      owners = {parts.owner[filling[0]]};
  }
  if (owners.size() == 1) {
    parts.relations.add(owners[0], {relation, no_instance});
    parts.told_by.emplace(relation, owners[0]);
  } else {
    parts.frame_relations.push_back(relation);
  }
}

void spread_members(SplitParts& parts, Index relation, std::size_t members) {
  const std::uint32_t rest = home_of_rest(parts, relation);
  const auto all = parts.part.model.refs_in(relation, members);
  bool in_frame = rest == no_owner && all.empty();
  for (const Index member : all) {
    if (member == no_instance) continue;
    const std::uint32_t owner = parts.owner[member] != no_owner ? parts.owner[member] : rest;
    if (owner == no_owner)
      in_frame = true;
    else
      parts.relations.add(owner, {relation, member});
  }
  if (in_frame) parts.frame_relations.push_back(relation);
}

void add_pattern(SplitParts& parts, Index i, std::size_t members) {
  const std::string_view source = parts.part.model.file.source(i), args = parts.part.model.file.args(i);
  const step::Nth list = step::nth(args, members);
  if (list.text.empty()) return;
  const auto begin = static_cast<std::size_t>(list.text.data() - source.data());
  Pattern pattern{source.substr(0, begin), source.substr(begin + list.text.size()), {}};
  const auto refs = parts.part.model.file.refs_of(i);
  for (std::size_t k = 0; k < refs.size(); ++k)
    if (k < list.first_ref || k >= list.first_ref + list.refs) pattern.others.push_back(refs[k]);
  parts.patterns.emplace(i, std::move(pattern));
}

// What tells where a copied storey or a whole lies, what a copied type is made of, and whose an opening is.
void add_context(SplitParts& parts, Index relation) {
  const Model& model = parts.part.model;
  const std::string& keyword = model.file.keyword(relation);
  if (keyword == "IFCRELVOIDSELEMENT" || keyword == "IFCRELPROJECTSELEMENT") {
    for (const Index feature : model.refs_in(relation, 5))
      if (feature != no_instance && parts.owner[feature] != no_owner)
        parts.context.add(feature, {relation, no_instance});
    return;
  }
  const bool decomposes = keyword == "IFCRELAGGREGATES", contains = keyword == "IFCRELCONTAINEDINSPATIALSTRUCTURE";
  if (!decomposes && !contains && keyword != "IFCRELASSOCIATESMATERIAL") return;
  const int members = member_attribute(parts.part, relation);
  if (members < 0) return;
  for (const Index member : model.refs_in(relation, static_cast<std::size_t>(members))) {
    if (member == no_instance || !parts.part.is_object(member)) continue;
    const bool type = parts.part.traits(member).properties >= 0, own = parts.owner[member] != no_owner;
    if (decomposes || (contains && own) || (!contains && type && !own)) parts.context.add(member, {relation, member});
  }
}

}  // namespace

void spread_relations(SplitParts& parts) {
  const Model& model = parts.part.model;
  for (Index i = 0; i < model.size(); ++i) {
    const int members = member_attribute(parts.part, i);
    if (members >= 0) add_pattern(parts, i, static_cast<std::size_t>(members));
    if (!parts.part.is_relation(i)) continue;
    if (members < 0)
      spread_whole(parts, i);
    else
      spread_members(parts, i, static_cast<std::size_t>(members));
    add_context(parts, i);
  }
  parts.relations.close(parts.elements.size());
  parts.context.close(model.size());
}

std::vector<Index> members_of_frame(const SplitParts& parts, Index relation) {
  std::vector<Index> members;
  if (home_of_rest(parts, relation) != no_owner) return members;
  const int at = member_attribute(parts.part, relation);
  for (const Index member : parts.part.model.refs_in(relation, static_cast<std::size_t>(at)))
    if (member != no_instance && parts.owner[member] == no_owner) members.push_back(member);
  return members;
}

}  // namespace aecos::element
