#include "check/ids_facts.h"

#include <algorithm>

#include "step/token.h"

namespace aecos::check {
namespace {

using ifc::Index;
using ifc::no_instance;
using ifc::Role;

constexpr std::size_t most_material_names = 10'000;  // Of one set; broken files have circles.
constexpr int deepest_reference = 64;                // Of classifications; broken files have circles.

template <class F>
bool asks_for(const Ids& ids) {
  const auto is = [](const Facet& facet) { return std::holds_alternative<F>(facet.what); };
  return std::any_of(ids.specifications.begin(), ids.specifications.end(), [&](const Specification& one) {
    return std::any_of(one.applicability.begin(), one.applicability.end(), is) ||
           std::any_of(one.requirements.begin(), one.requirements.end(), is);
  });
}

}  // namespace

std::uint32_t NamePool::add(std::string_view token) {
  if (!token.starts_with('\'')) return 0;
  const auto known = by_token_.find(token);
  if (known != by_token_.end()) return known->second;
  std::string text = step::decode_string(token);
  const auto [at, added] = by_text_.emplace(text, static_cast<std::uint32_t>(texts_.size()));
  if (added) texts_.push_back(std::move(text));
  by_token_.emplace(token, at->second);
  return at->second;
}

std::optional<std::uint32_t> NamePool::find(const std::string& text) const {
  const auto found = by_text_.find(text);
  return found == by_text_.end() ? std::nullopt : std::optional(found->second);
}

Facts::Facts(const ifc::Model& of, const Ids& ids) : model(of), units(of) {
  by_keyword.resize(model.file.keywords.size());
  for (Index i = 0; i < model.size(); ++i) by_keyword[model.file.instances[i].keyword].push_back(i);
  add_types();
  if (asks_for<PropertyFacet>(ids)) add_names();
  if (asks_for<MaterialFacet>(ids)) add_materials();
  if (asks_for<ClassificationFacet>(ids)) add_classifications();
  if (asks_for<PartOfFacet>(ids)) add_parts();
}

bool Facts::is(Index i, std::string_view keyword) const {
  const schema::Entity* const entity = model.traits(i).entity;
  const schema::Entity* const other = model.schema == nullptr ? nullptr : model.schema->entity(keyword);
  return entity != nullptr && other != nullptr && entity->is_a(*other);
}

std::vector<Index> Facts::instances_of(std::string_view keyword) const {
  std::vector<Index> found;
  for (std::size_t k = 0; k < by_keyword.size(); ++k)
    if (!by_keyword[k].empty() && is(by_keyword[k].front(), keyword))
      found.insert(found.end(), by_keyword[k].begin(), by_keyword[k].end());
  std::sort(found.begin(), found.end());
  return found;
}

int Facts::position(Index i, std::string_view attribute) const {
  const schema::Entity* const entity = model.traits(i).entity;
  return entity == nullptr ? -1 : schema::attribute_index(*entity, attribute);
}

std::string_view Facts::attribute(Index i, std::string_view name) const {
  const int at = position(i, name);
  const std::string_view text = at < 0 ? std::string_view() : model.attribute(i, static_cast<std::size_t>(at));
  return text.empty() ? "$" : text;
}

void Facts::add_types() {
  for (const Index relation : instances_of("IFCRELDEFINESBYTYPE")) {
    const auto types = model.refs_in(relation, 5);
    if (types.size() != 1 || types[0] == no_instance) continue;
    if (type_of.empty()) type_of.assign(model.size(), no_instance);
    for (const Index object : model.refs_in(relation, 4))
      if (object != no_instance) type_of[object] = types[0];
  }
}

void Facts::add_names() {
  name_of.assign(model.size(), 0);
  std::vector<Rows<Index>::Pair> extended;
  for (std::size_t k = 0; k < by_keyword.size(); ++k) {
    if (by_keyword[k].empty()) continue;
    const Index any = by_keyword[k].front();
    const bool set = model.traits(any).role == Role::property_set;
    const bool more =
        is(any, "IFCMATERIALPROPERTIES") || is(any, "IFCPROFILEPROPERTIES") || is(any, "IFCEXTENDEDMATERIALPROPERTIES");
    if (!set && !more && !is(any, "IFCPROPERTY") && !is(any, "IFCPHYSICALQUANTITY")) continue;
    const int name = position(any, "Name");
    if (name < 0) continue;
    int owner = position(any, "Material");
    if (owner < 0) owner = position(any, "ProfileDefinition");
    for (const Index i : by_keyword[k]) {
      name_of[i] = names.add(model.attribute(i, static_cast<std::size_t>(name)));
      if (!more || owner < 0) continue;
      for (const Index of : model.refs_in(i, static_cast<std::size_t>(owner)))
        if (of != no_instance) extended.push_back({of, i});
    }
  }
  extended_sets = Rows<Index>(model.size(), extended);
}

PropertySet Facts::property_set(Index set) const {
  PropertySet found{set};
  if (model.traits(set).role == Role::property_set) {
    found.properties = model.traits(set).properties;
    found.predefined = found.properties < 0;
    return found;
  }
  for (const std::string_view name : {"Properties", "ExtendedProperties"})
    if (const int at = position(set, name); at >= 0) found.properties = static_cast<std::int8_t>(at);
  return found;
}

void Facts::add_materials() {
  std::vector<Rows<Index>::Pair> pairs;
  for (const Index relation : instances_of("IFCRELASSOCIATESMATERIAL")) {
    const auto materials_here = model.refs_in(relation, 5);
    if (materials_here.size() != 1 || materials_here[0] == no_instance) continue;
    for (const Index object : model.refs_in(relation, 4))
      if (object != no_instance) pairs.push_back({object, materials_here[0]});
    const auto [at, added] = material_names.try_emplace(materials_here[0]);
    if (added) add_material_names(materials_here[0], 0, at->second);
  }
  materials = Rows<Index>(model.size(), pairs);
}

// Of a material, of a set and its layers, profiles or constituents and their materials, of a list, of a usage.
void Facts::add_material_names(Index material, int depth, std::vector<std::string>& found) const {
  if (depth > 4 || found.size() > most_material_names) return;
  for (const std::string_view name : {"Name", "Category", "LayerSetName"}) {
    const std::string_view text = attribute(material, name);
    if (text.starts_with('\'')) found.push_back(step::decode_string(text));
  }
  for (const std::string_view name : {"Material", "Materials", "MaterialLayers", "MaterialProfiles",
                                      "MaterialConstituents", "ForLayerSet", "ForProfileSet", "ForProfileEndSet"}) {
    const int at = position(material, name);
    if (at < 0) continue;
    for (const Index inner : model.refs_in(material, static_cast<std::size_t>(at)))
      if (inner != no_instance) add_material_names(inner, depth + 1, found);
  }
}

void Facts::add_classifications() {
  std::vector<Rows<Index>::Pair> pairs;
  const auto add = [&](Index relation, std::string_view what, std::string_view by) {
    const int whats = position(relation, what), bys = position(relation, by);
    if (whats < 0 || bys < 0) return;
    for (const Index reference : model.refs_in(relation, static_cast<std::size_t>(bys))) {
      const bool fits = reference != no_instance && model.file.keyword(reference).starts_with("IFCCLASSIFICATION");
      if (!fits) continue;
      for (const Index object : model.refs_in(relation, static_cast<std::size_t>(whats)))
        if (object != no_instance) pairs.push_back({object, reference});
      if (!classified.contains(reference)) classified.emplace(reference, classification_of(reference));
    }
  };
  for (const Index i : instances_of("IFCRELASSOCIATESCLASSIFICATION"))
    add(i, "RelatedObjects", "RelatingClassification");
  for (const Index i : instances_of("IFCEXTERNALREFERENCERELATIONSHIP"))
    add(i, "RelatedResourceObjects", "RelatingReference");
  for (const Index i : instances_of("IFCMATERIALCLASSIFICATIONRELATIONSHIP"))
    add(i, "ClassifiedMaterial", "MaterialClassifications");
  classifications = Rows<Index>(model.size(), pairs);
}

// A reference counts as all that it is below of: EF_25_10_25 is also EF_25_10.
Classified Facts::classification_of(Index reference) const {
  Classified found;
  Index at = reference;
  for (int depth = 0; at != no_instance && depth < deepest_reference; ++depth) {
    if (model.file.keyword(at) == "IFCCLASSIFICATION") {
      const std::string_view name = attribute(at, "Name");
      if (name.starts_with('\'')) found.system = step::decode_string(name);
      break;
    }
    std::string_view code = attribute(at, "Identification");
    if (code == "$") code = attribute(at, "ItemReference");
    if (code.starts_with('\'')) found.codes.push_back(step::decode_string(code));
    at = model.reference(attribute(at, "ReferencedSource"));
  }
  return found;
}

void Facts::add_parts() {
  struct Relation {
    std::string_view keyword, whole, part;
    std::uint8_t flag;
  };
  static constexpr Relation relations[] = {
      {"IFCRELAGGREGATES", "RelatingObject", "RelatedObjects", part_aggregates},
      {"IFCRELASSIGNSTOGROUP", "RelatingGroup", "RelatedObjects", part_group},
      {"IFCRELCONTAINEDINSPATIALSTRUCTURE", "RelatingStructure", "RelatedElements", part_contained},
      {"IFCRELNESTS", "RelatingObject", "RelatedObjects", part_nests},
      {"IFCRELVOIDSELEMENT", "RelatingBuildingElement", "RelatedOpeningElement", part_voids},
      {"IFCRELFILLSELEMENT", "RelatingOpeningElement", "RelatedBuildingElement", part_fills}};
  std::vector<Rows<Part>::Pair> pairs;
  for (const Relation& relation : relations) {
    for (const Index i : instances_of(relation.keyword)) {
      const int whole = position(i, relation.whole), part = position(i, relation.part);
      if (whole < 0 || part < 0) continue;
      const auto wholes = model.refs_in(i, static_cast<std::size_t>(whole));
      if (wholes.size() != 1 || wholes[0] == no_instance) continue;
      for (const Index object : model.refs_in(i, static_cast<std::size_t>(part)))
        if (object != no_instance) pairs.push_back({wholes[0], {object, relation.flag}});
    }
  }
  parts = Rows<Part>(model.size(), pairs);
}

}  // namespace aecos::check
