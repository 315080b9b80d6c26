#include "speckle/shape_source.h"

#include <algorithm>

#include "base/hash.h"
#include "ifc/reference_mark.h"
#include "step/token.h"

namespace aecos::speckle {
namespace {

using ifc::Index;
using ifc::no_instance;

constexpr std::size_t placement_at = 5, representation_at = 6;  // Of every product.
constexpr std::size_t relating_at = 4, related_at = 5;          // Of the relations that are followed here.
constexpr std::size_t depth_max = 2000;                         // Deeper than any shape; the stack ends somewhere.
constexpr std::uint64_t under_way = 1;

bool is_a(const ifc::Model& model, Index i, std::string_view keyword) {
  const schema::Entity* entity = model.traits(i).entity;
  const schema::Entity* wanted = model.schema == nullptr ? nullptr : model.schema->entity(keyword);
  return entity != nullptr && wanted != nullptr && entity->is_a(*wanted);
}

Index only(std::span<const Index> refs) { return refs.size() == 1 ? refs[0] : no_instance; }

}  // namespace

bool is_reference(const ifc::Model& model, Index i) {
  constexpr std::size_t description_at = 3;
  return model.attribute(i, description_at) == ifc::quoted_reference_mark;
}

bool is_drawn(const ifc::Model& model, Index i) {
  if (!model.traits(i).product || model.refs_in(i, representation_at).empty() || is_reference(model, i)) return false;
  if (is_a(model, i, "IFCSITE")) return true;
  for (const char* left_out :
       {"IFCFEATUREELEMENT", "IFCVIRTUALELEMENT", "IFCSPATIALELEMENT", "IFCSPATIALSTRUCTUREELEMENT", "IFCANNOTATION",
        "IFCGRID", "IFCPORT", "IFCSTRUCTURALITEM", "IFCSTRUCTURALACTIVITY"}) {
    if (is_a(model, i, left_out)) return false;
  }
  return true;
}

ShapeSource::ShapeSource(const ifc::Model& model) : model_(model), values_(model.size(), 0) {
  for (Index i = 0; i < model.size(); ++i) {
    const ifc::ClassTraits& traits = model.traits(i);
    if (traits.is("IFCPROJECT")) {
      project_ = i;
    } else if (traits.is("IFCRELVOIDSELEMENT")) {
      const Index element = only(model.refs_in(i, relating_at));
      if (element != no_instance) openings_[element].push_back(i);
    } else if (traits.is("IFCRELASSOCIATESMATERIAL")) {
      for (const Index element : model.refs_in(i, relating_at)) materials_[element].push_back(i);
    } else if (traits.is("IFCRELAGGREGATES")) {
      for (const Index part : model.refs_in(i, related_at)) whole_.emplace(part, i);
    }
  }
}

// Layers name items of many elements, and are not seen.
bool ShapeSource::leads_on(Index i) const {
  const ifc::ClassTraits& traits = model_.traits(i);
  return !traits.rooted() && !traits.layer && traits.role != ifc::Role::owner_history;
}

// Of the text and all it refers to, and of the styles that hang on it.
std::uint64_t ShapeSource::value_of(Index i, std::size_t depth) {
  if (i == no_instance || !leads_on(i)) return 0;
  if (values_[i] != 0) return values_[i];
  if (depth > depth_max) return hash_bytes(model_.file.source(i));
  values_[i] = under_way;
  std::uint64_t value = model_.traits(i).hash;
  std::size_t next = 0;
  const auto refs = model_.file.refs_of(i);
  step::Tokens tokens(model_.file.args(i));
  for (step::Token token = tokens.next(); token.kind != step::TokenKind::end; token = tokens.next()) {
    const bool is_reference = token.kind == step::TokenKind::reference && next < refs.size();
    value = mix(value, is_reference ? value_of(refs[next++], depth + 1) : hash_bytes(token.text));
  }
  std::vector<std::uint64_t> hung;
  for (const Index annotation : model_.hung_on(i))
    if (leads_on(annotation)) hung.push_back(value_of(annotation, depth + 1));
  std::sort(hung.begin(), hung.end());
  for (const std::uint64_t one : hung) value = mix(value, one);
  return values_[i] = value <= under_way ? value + 2 : value;
}

std::uint64_t ShapeSource::shape_of(Index product) {
  std::uint64_t value = model_.traits(product).hash;
  for (const std::size_t at : {placement_at, representation_at})
    value = mix(value, value_of(only(model_.refs_in(product, at)), 0));
  return value;
}

std::uint64_t ShapeSource::key_of(Index element) {
  std::uint64_t key = shape_of(element);
  const auto add_openings = [&](Index of) {
    const auto found = openings_.find(of);
    if (found == openings_.end()) return;
    std::vector<std::uint64_t> values;
    for (const Index relation : found->second) {
      const Index opening = only(model_.refs_in(relation, related_at));
      if (opening != no_instance) values.push_back(shape_of(opening));
    }
    std::sort(values.begin(), values.end());
    for (const std::uint64_t value : values) key = mix(key, value);
  };
  add_openings(element);
  if (const auto whole = whole_.find(element); whole != whole_.end())
    add_openings(only(model_.refs_in(whole->second, relating_at)));
  if (const auto found = materials_.find(element); found != materials_.end()) {
    for (const Index relation : found->second) key = mix(key, value_of(only(model_.refs_in(relation, related_at)), 0));
  }
  if (project_ == no_instance) return key;
  constexpr std::size_t units_at = 8;
  return mix(key, value_of(only(model_.refs_in(project_, units_at)), 0));
}

std::vector<Drawable> ShapeSource::drawables() {
  std::vector<Drawable> found;
  for (Index i = 0; i < model_.size(); ++i)
    if (is_drawn(model_, i)) found.push_back({i, key_of(i)});
  return found;
}

void ShapeSource::include(Index from, std::vector<bool>& included) const {
  std::vector<Index> open{from};
  while (!open.empty()) {
    const Index i = open.back();
    open.pop_back();
    if (i == no_instance || included[i] || !leads_on(i)) continue;
    included[i] = true;
    for (const Index ref : model_.file.refs_of(i)) open.push_back(ref);
    for (const Index annotation : model_.hung_on(i)) open.push_back(annotation);
  }
}

void ShapeSource::include_product(Index product, std::vector<bool>& included) const {
  if (product == no_instance || included[product]) return;
  included[product] = true;
  for (const Index ref : model_.file.refs_of(product)) include(ref, included);
  if (const auto found = openings_.find(product); found != openings_.end()) {
    for (const Index relation : found->second) {
      included[relation] = true;
      include_product(only(model_.refs_in(relation, related_at)), included);
    }
  }
  if (const auto found = materials_.find(product); found != materials_.end()) {
    for (const Index relation : found->second) {
      included[relation] = true;
      include(only(model_.refs_in(relation, related_at)), included);
    }
  }
}

// What is not in the file is not referred to: left out of lists, and "$" elsewhere.
void ShapeSource::write(Index i, const std::vector<bool>& included, std::string& file) const {
  file += "#" + std::to_string(model_.file.instances[i].id) + "=" + model_.file.keyword(i);
  std::size_t next = 0, depth = 0;
  const auto refs = model_.file.refs_of(i);
  step::Tokens tokens(model_.file.args(i));
  bool after_nothing = false;
  for (step::Token token = tokens.next(); token.kind != step::TokenKind::end; token = tokens.next()) {
    if (token.kind == step::TokenKind::open) ++depth;
    if (token.kind == step::TokenKind::close) {
      --depth;
      if (file.back() == ',') file.pop_back();
    }
    const Index ref = token.kind == step::TokenKind::reference && next < refs.size() ? refs[next++] : no_instance;
    const bool is_missing = token.kind == step::TokenKind::reference && (ref == no_instance || !included[ref]);
    if (token.kind == step::TokenKind::comma && std::exchange(after_nothing, false)) continue;
    if (is_missing && depth > 1) {
      after_nothing = true;
    } else {
      after_nothing = false;
      file += is_missing ? std::string_view("$") : token.text;
    }
  }
  file += ";\n";
}

std::string ShapeSource::file_of(std::span<const Index> elements) const {
  std::vector<bool> included(model_.size(), false);
  const auto add_whole = [&](Index element) {
    const auto whole = whole_.find(element);
    if (whole == whole_.end()) return;
    const Index parent = only(model_.refs_in(whole->second, relating_at));
    if (parent == no_instance || !openings_.contains(parent)) return;
    included[whole->second] = true;
    include_product(parent, included);
  };
  if (project_ != no_instance) {
    included[project_] = true;
    for (const Index ref : model_.file.refs_of(project_)) include(ref, included);
  }
  for (const Index element : elements) {
    include_product(element, included);
    add_whole(element);
  }
  const std::string schema = model_.file.schemas.empty() ? "IFC4" : model_.file.schemas.front();
  std::string file =
      "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\nFILE_SCHEMA((" +
      step::encode_string(schema) + "));\nENDSEC;\nDATA;\n";
  for (Index i = 0; i < model_.size(); ++i)
    if (included[i]) write(i, included, file);
  return file + "ENDSEC;\nEND-ISO-10303-21;\n";
}

}  // namespace aecos::speckle
