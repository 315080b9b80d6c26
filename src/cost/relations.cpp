#include <algorithm>

#include "cost/relations_internal.h"

namespace aecos::cost {
namespace {

constexpr int depth_max = 20;  // Of things in each other; more is a ring.

}  // namespace

Relations::Relations(const Source& source) : source_(source) {
  const ifc::Model& model = source.model;
  const auto one_each = [&](Index relation, std::size_t members, std::size_t relating, One& into) {
    const Index to = source_.reference(relation, relating);
    if (to == no_instance) return;
    for (const Index member : model.refs_in(relation, members))
      if (member != no_instance) into.emplace(member, to);
  };
  const auto many_each = [&](Index relation, Many& into) {
    const Index to = source_.reference(relation, 5);
    if (to == no_instance) return;
    for (const Index member : model.refs_in(relation, 4))
      if (member != no_instance) into[member].push_back(to);
  };
  for (Index i = 0; i < model.size(); ++i) {
    if (model.traits(i).role != ifc::Role::relation) continue;
    const std::string& keyword = model.file.keyword(i);
    if (keyword == "IFCRELDEFINESBYTYPE") one_each(i, 4, 5, type_);
    if (keyword == "IFCRELCONTAINEDINSPATIALSTRUCTURE") one_each(i, 4, 5, container_);
    if (keyword == "IFCRELAGGREGATES") one_each(i, 5, 4, whole_);
    if (keyword == "IFCRELNESTS") one_each(i, 5, 4, host_);
    if (keyword.starts_with("IFCRELASSOCIATESMATERIAL")) many_each(i, materials_);
    if (keyword.starts_with("IFCRELASSOCIATESCLASSIFICATION")) many_each(i, classifications_);
    if (keyword != "IFCRELVOIDSELEMENT" && keyword != "IFCRELPROJECTSELEMENT") continue;
    const Index element = source_.reference(i, 4), feature = source_.reference(i, 5);
    if (element != no_instance && feature != no_instance)
      (keyword == "IFCRELVOIDSELEMENT" ? openings_ : projections_)[element].push_back(feature);
  }
}

Index Relations::storey_of(Index element) const {
  Index at = element;
  for (int depth = 0; at != no_instance && depth < depth_max; ++depth) {
    if (source_.is(at, "IFCBUILDINGSTOREY")) return at;
    const Index container = found(container_, at);
    if (container != no_instance) {
      at = container;
      continue;
    }
    const Index whole = found(whole_, at);
    at = whole != no_instance ? whole : found(host_, at);
  }
  return no_instance;
}

std::vector<Index> Relations::with_wholes(Index element) const {
  std::vector<Index> all{element};
  for (Index at = whole_of(element); at != no_instance && source_.is_a(at, "IFCELEMENT"); at = whole_of(at)) {
    if (all.size() > depth_max || std::find(all.begin(), all.end(), at) != all.end()) break;
    all.push_back(at);
  }
  return all;
}

std::vector<Index> Relations::openings_of(Index element) const {
  std::vector<Index> openings;
  for (const Index each : with_wholes(element)) {
    const auto own = list(openings_, each);
    if (!source_.spend(own.size())) return {};  // No shape is worked out any more.
    openings.insert(openings.end(), own.begin(), own.end());
  }
  return openings;
}

bool Relations::has_projections(Index element) const {
  const auto all = with_wholes(element);
  return std::any_of(all.begin(), all.end(), [&](Index each) { return !list(projections_, each).empty(); });
}

void Relations::add_material_names(Index material, int depth, std::vector<std::string>& names) const {
  if (material == no_instance || depth > 4) return;
  const ifc::Model& model = source_.model;
  if (source_.is(material, "IFCMATERIAL")) {
    std::string name = model.text_attribute(material, 0);
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    return;
  }
  if (names.size() > 100 || !source_.keyword(material).starts_with("IFCMATERIAL")) return;
  for (const Index part : model.file.refs_of(material)) add_material_names(part, depth + 1, names);
}

std::vector<std::string> Relations::materials_of(Index element, Index type) const {
  std::vector<std::string> names;
  for (const Index owner : {element, type}) {
    if (owner == no_instance || !names.empty()) continue;
    for (const Index material : list(materials_, owner)) add_material_names(material, 0, names);
  }
  return names;
}

std::vector<std::string> Relations::classifications_of(Index element, Index type) const {
  std::vector<std::string> codes;
  for (const Index owner : {element, type}) {
    if (owner == no_instance) continue;
    for (const Index first : list(classifications_, owner)) {
      Index at = first;
      for (int depth = 0; at != no_instance && depth < depth_max; ++depth) {
        if (!source_.is(at, "IFCCLASSIFICATIONREFERENCE")) break;
        std::string code = source_.model.text_attribute(at, 1);
        if (!code.empty() && std::find(codes.begin(), codes.end(), code) == codes.end())
          codes.push_back(std::move(code));
        at = source_.reference(at, 3);
      }
    }
  }
  return codes;
}

Index Relations::layer_set(Index material) const {
  if (source_.is(material, "IFCMATERIALLAYERSET")) return material;
  return source_.is(material, "IFCMATERIALLAYERSETUSAGE") ? source_.reference(material, 0) : no_instance;
}

double Relations::thickness_of(Index element, Index type) const {
  for (const Index owner : {element, type}) {
    if (owner == no_instance) continue;
    for (const Index material : list(materials_, owner)) {
      const Index layers = layer_set(material);
      if (layers == no_instance) continue;
      double sum = 0;
      for (const Index layer : source_.model.refs_in(layers, 0))
        if (layer != no_instance) sum += source_.positive_m(layer, 1).value_or(0);
      if (sum > 0) return sum;
    }
  }
  return 0;
}

}  // namespace aecos::cost
