// What an element's file says, in the words of metadata.json.

#include <algorithm>
#include <array>
#include <set>

#include "diff/ifc_value.h"
#include "element/description_internal.h"
#include "step/token.h"
#include "text/json_writer.h"

namespace aecos::element {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> prefixes{
    {{".MILLI.", "m"}, {".CENTI.", "c"}, {".DECI.", "d"}, {".KILO.", "k"}, {".MICRO.", "u"}, {".HECTO.", "h"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> names{{{".METRE.", "m"},
                                                                              {".SQUARE_METRE.", "m2"},
                                                                              {".CUBIC_METRE.", "m3"},
                                                                              {".GRAM.", "g"},
                                                                              {".SECOND.", "s"},
                                                                              {".RADIAN.", "rad"}}};
// Quantity, kind of its unit.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> measured{{{"IFCQUANTITYLENGTH", ".LENGTHUNIT."},
                                                                                 {"IFCQUANTITYAREA", ".AREAUNIT."},
                                                                                 {"IFCQUANTITYVOLUME", ".VOLUMEUNIT."},
                                                                                 {"IFCQUANTITYWEIGHT", ".MASSUNIT."},
                                                                                 {"IFCQUANTITYTIME", ".TIMEUNIT."}}};

template <std::size_t n>
std::string_view find_in(const std::array<std::pair<std::string_view, std::string_view>, n>& table,
                         std::string_view key) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const auto& pair) { return pair.first == key; });
  return found == table.end() ? std::string_view() : found->second;
}

// "mm", "m2", "FOOT"; empty where it is none that has a short name.
std::string unit_label(const Model& model, Index unit) {
  const std::string& keyword = model.file.keyword(unit);
  if (keyword == "IFCSIUNIT") {
    const std::string_view name = find_in(names, model.attribute(unit, 3));
    if (name.empty()) return {};
    return std::string(find_in(prefixes, model.attribute(unit, 2))) + std::string(name);
  }
  if (keyword == "IFCCONVERSIONBASEDUNIT") return model.text_attribute(unit, 2);
  return {};
}

bool is_listed(const std::string& keyword) {
  return keyword == "IFCPROPERTYSINGLEVALUE" || keyword == "IFCPROPERTYENUMERATEDVALUE" ||
         keyword == "IFCPROPERTYLISTVALUE";
}

}  // namespace

Describer::Describer(const Model& model) : model_(model) {
  for (Index i = 0; i < model.size(); ++i) {
    const std::string& keyword = model.file.keyword(i);
    if (keyword == "IFCRELCONTAINEDINSPATIALSTRUCTURE") {
      for (const Index to : model.refs_in(i, 5))
        for (const Index member : model.refs_in(i, 4)) above_[member] = to;
    } else if (keyword == "IFCRELAGGREGATES" || keyword == "IFCRELNESTS") {
      for (const Index to : model.refs_in(i, 4))
        for (const Index member : model.refs_in(i, 5)) above_.emplace(member, to);
    } else if (keyword == "IFCUNITASSIGNMENT") {
      for (const Index unit : model.refs_in(i, 0)) {
        if (unit == no_instance) continue;
        units_.emplace(std::string(model.attribute(unit, 1)), unit_label(model, unit));
      }
    }
  }
}

std::string Describer::place_of(Index element) const {
  constexpr int depth_max = 20;
  std::string nearest;
  Index at = element;
  for (int depth = 0; depth < depth_max; ++depth) {
    const auto found = above_.find(at);
    if (found == above_.end() || found->second == no_instance) break;
    at = found->second;
    if (model_.file.keyword(at) == "IFCBUILDINGSTOREY") return model_.name(at);
    if (nearest.empty() && !is_element_class(model_.schema, model_.traits(at))) nearest = model_.name(at);
  }
  return nearest;
}

std::string Describer::unit_of(Index quantity) const {
  const auto own = model_.refs_in(quantity, 2);
  if (own.size() == 1 && own[0] != no_instance) return unit_label(model_, own[0]);
  const auto found = units_.find(std::string(find_in(measured, model_.file.keyword(quantity))));
  return found == units_.end() ? std::string() : found->second;
}

void Describer::add_set(Index set, Description& description) const {
  const ifc::ClassTraits& traits = model_.traits(set);
  if (traits.properties < 0) return;
  const std::string set_name = model_.name(set);
  if (set_name.empty()) return;
  for (const Statement& known : description.statements)
    if (known.set == set_name) return;  // The second of a name cannot be told from the first.
  std::set<std::string> seen;
  for (const Index property : model_.refs_in(set, static_cast<std::size_t>(traits.properties))) {
    if (property == no_instance) continue;
    const std::string& keyword = model_.file.keyword(property);
    const bool quantity = keyword.starts_with("IFCQUANTITY");
    if (!quantity && !is_listed(keyword)) continue;
    if (step::check_arguments(model_.file.args(property)).offset != std::string_view::npos) continue;  // Says nothing.
    Statement statement{set_name, model_.text_attribute(property, 0), {}, {}, quantity};
    if (statement.name.empty() || !seen.insert(statement.name).second) continue;
    statement.value = diff::property_json(model_, property).value_or("null");
    if (quantity) statement.unit = unit_of(property);
    description.statements.push_back(std::move(statement));
  }
}

Description Describer::of(Index element) const {
  Description description{
      model_.global_id(element), diff::class_name(model_, element), model_.name(element), place_of(element), {}};
  for (const ifc::Attachment& one : model_.attachments_of(element)) add_set(one.property_set, description);
  return description;
}

std::vector<Index> own_elements(const Model& model) {
  std::vector<Index> found;
  for (Index i = 0; i < model.size(); ++i)
    if (is_element_class(model.schema, model.traits(i)) && model.attribute(i, at_description) != quoted_reference_mark)
      found.push_back(i);
  return found;
}

Result<Description> describe(std::string_view element_ifc, std::string_view global_id) {
  AECOS_TRY_ASSIGN(const Model model, ifc::read_model(element_ifc));
  std::vector<Index> candidates = own_elements(model);
  if (!global_id.empty()) std::erase_if(candidates, [&](Index i) { return model.global_id(i) != global_id; });
  if (candidates.size() != 1)
    return Error{ErrorCode::invalid_input,
                 candidates.empty()
                     ? "no building element" + (global_id.empty() ? "" : " " + std::string(global_id)) + " is in it"
                     : "more than one building element is in it"};
  return Describer(model).of(candidates.front());
}

namespace {

void write_statements(text::JsonWriter& json, const Description& description, bool quantities) {
  const std::string* set = nullptr;
  json.key(quantities ? "quantities" : "properties").begin_object();
  std::set<std::string> quantity_names;  // All quantity sets share one object.
  for (const Statement& statement : description.statements) {
    if (statement.quantity != quantities) continue;
    if (quantities) {
      if (!quantity_names.insert(statement.name).second) continue;
      json.key(statement.name).begin_object().key("value").raw(statement.value);
      if (!statement.unit.empty()) json.member("unit", statement.unit);
      json.end_object();
      continue;
    }
    if (set == nullptr || *set != statement.set) {
      if (set != nullptr) json.end_object();
      json.key(statement.set).begin_object();
      set = &statement.set;
    }
    json.key(statement.name).raw(statement.value);
  }
  if (set != nullptr) json.end_object();
  json.end_object();
}

}  // namespace

std::string metadata_text(const Description& description, const MoreMetadata& more) {
  text::JsonWriter json(2);
  json.begin_object();
  json.member("globalId", description.global_id).member("class", description.ifc_class);
  json.member("name", description.name).member("storey", description.storey);
  if (!more.model.empty()) json.member("model", more.model);
  write_statements(json, description, false);
  write_statements(json, description, true);
  if (!more.compliance.empty()) json.key("compliance").raw(more.compliance);
  if (!more.provenance.empty()) json.key("provenance").raw(more.provenance);
  json.end_object();
  return std::move(json).take();
}

}  // namespace aecos::element
