#include "cost/takeoff.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/ascii.h"
#include "cost/quantities_internal.h"
#include "cost/relations_internal.h"
#include "ifc/reference_mark.h"
#include "step/ifczip.h"
#include "text/json.h"

namespace aecos::cost {
namespace {

class Maker {
 public:
  explicit Maker(const ifc::Model& model) : source_(model), relations_(source_) {}

  SharedTakeoff run() {
    for (Index i = 0; i < source_.model.size(); ++i)
      if (is_item(i)) add(i);
    for (const Item& item : takeoff_.items)
      takeoff_.bytes += sizeof(Item) + (item.materials.size() + item.classifications.size()) * sizeof(std::string_view);
    return std::make_shared<const Takeoff>(std::move(takeoff_));
  }

 private:
  bool is_item(Index i) const {
    if (!source_.model.traits(i).product) return false;
    const schema::Entity* const entity = source_.model.traits(i).entity;
    return entity != nullptr && is_counted(*entity) && source_.model.attribute(i, 3) != ifc::quoted_reference_mark;
  }

  std::string_view text(Index i, std::size_t attribute) {
    return takeoff_.keep(source_.model.text_attribute(i, attribute));
  }

  void add(Index i) {
    Item item;
    item.global_id = text(i, 0);
    item.name = text(i, 2);
    item.entity = source_.model.traits(i).entity;
    item.wants_rate = wants_rate(*item.entity);
    Related related;
    related.type = relations_.type_of(i);
    related.openings = relations_.openings_of(i);
    related.has_projections = relations_.has_projections(i);
    item.predefined_type = predefined_type(i, related.type);
    if (related.type != no_instance) item.type_name = text(related.type, 2);
    if (const Index storey = relations_.storey_of(i); storey != no_instance) item.storey = text(storey, 2);
    if (const Index whole = relations_.whole_of(i); whole != no_instance && source_.is_a(whole, "IFCELEMENT"))
      item.whole = text(whole, 0);
    for (const std::string& name : relations_.materials_of(i, related.type))
      item.materials.push_back(takeoff_.keep(name));
    for (const std::string& code : relations_.classifications_of(i, related.type))
      item.classifications.push_back(takeoff_.keep(code));
    related.thickness_m = relations_.thickness_of(i, related.type);
    item.amounts[static_cast<std::size_t>(Dimension::count)] = {Origin::counted, 1, ""};
    add_base_quantities(source_, i, related, takeoff_, item);
    add_sizes(source_, i, item);
    add_shape(source_, i, related, takeoff_, item);
    takeoff_.items.push_back(std::move(item));
  }

  // Its own, else of its type; what is USERDEFINED has a name in another attribute.
  std::string_view predefined_type(Index i, Index type) {
    for (const Index each : {i, type}) {
      if (each == no_instance || source_.model.traits(each).entity == nullptr) continue;
      const schema::Entity& entity = *source_.model.traits(each).entity;
      const int at = schema::attribute_index(entity, "PredefinedType");
      if (at < 0) continue;
      const std::string_view value = source_.model.attribute(each, static_cast<std::size_t>(at));
      if (value.size() < 3 || value == ".NOTDEFINED.") continue;
      const int free = schema::attribute_index(entity, each == i ? "ObjectType" : "ElementType");
      if (value == ".USERDEFINED." && free >= 0) return text(each, static_cast<std::size_t>(free));
      return takeoff_.keep(value.substr(1, value.size() - 2));
    }
    return {};
  }

  Source source_;
  Relations relations_;
  Takeoff takeoff_;
};

// What a metadata.json says of an element: {"quantities": {"Qto_Wall.NetVolume": {"value": 3.2, "unit": "m3"}}}.
class MetadataReader {
 public:
  Result<SharedTakeoff> run(std::string_view json) {
    AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
    const text::JsonNode root = document.root();
    item_.entity = any_entity(word(root["class"]));
    if (item_.entity == nullptr)
      return wrong("its class \"" + std::string(word(root["class"])) + "\" is no class of IFC; write it like IfcWall");
    if (!is_counted(*item_.entity)) return std::make_shared<const Takeoff>();
    if (word(root["globalId"]).empty()) return wrong("it has no globalId; write that of its element");
    item_.wants_rate = wants_rate(*item_.entity);
    item_.global_id = takeoff_.keep(word(root["globalId"]));
    item_.name = takeoff_.keep(word(root["name"]));
    item_.storey = takeoff_.keep(word(root["storey"]));
    item_.amounts.fill({Origin::unknown, 0, "metadata.json does not say, and there is no element.ifc"});
    item_.amounts[static_cast<std::size_t>(Dimension::count)] = {Origin::counted, 1, ""};
    for (const text::JsonNode quantity : root["quantities"]) add(quantity.key(), quantity);
    takeoff_.items.push_back(std::move(item_));
    takeoff_.bytes += sizeof(Item);
    return std::make_shared<const Takeoff>(std::move(takeoff_));
  }

 private:
  static std::string_view word(text::JsonNode node) { return node.as_string().value_or(std::string_view()); }
  static Error wrong(const std::string& what) { return {ErrorCode::invalid_input, "1:1: " + what}; }

  void add(std::string_view name, text::JsonNode quantity) {
    const Unit* const unit = find_unit(word(quantity["unit"]));
    const auto value = quantity["value"].as_double();
    if (unit == nullptr || !value || !(*value > 0)) return;
    const std::size_t point = name.rfind('.');
    const std::string_view set = point == std::string_view::npos ? "" : name.substr(0, point);
    const std::string_view plain = name.substr(point + 1);
    const auto rank = quantity_rank(*item_.entity, unit->dimension, set, plain);
    const auto place = static_cast<std::size_t>(unit->dimension);
    if (!rank || (ranks_[place] && *ranks_[place] <= *rank)) return;
    ranks_[place] = rank;
    item_.amounts[place] = {Origin::metadata, *value * unit->si,
                            takeoff_.keep(std::string(plain) + " in metadata.json")};
  }

  Takeoff takeoff_;
  Item item_;
  std::array<std::optional<int>, dimensions> ranks_;
};

bool is_metadata(std::string_view path) {
  return path.starts_with("elements/") && path.ends_with("/metadata.json") &&
         std::count(path.begin(), path.end(), '/') == 2;
}

}  // namespace

std::string_view Takeoff::keep(std::string_view text) {
  if (text.empty()) return {};
  const auto [found, is_new] = words_.emplace(text);
  if (is_new) bytes += text.size() + 64;  // With what the set needs for it.
  return *found;
}

const schema::Entity* any_entity(std::string_view ifc_class) {
  for (const schema::Version version : {schema::Version::ifc4, schema::Version::ifc4x3, schema::Version::ifc2x3})
    if (const schema::Entity* const entity = schema::get(version).entity(ifc_class)) return entity;
  return nullptr;
}

bool is_taken_off(std::string_view path) {
  const std::string name = lower(path);
  return name.ends_with(".ifc") || name.ends_with(".ifczip") || is_metadata(path);
}

Result<SharedTakeoff> take_off(const ifc::Model& model) {
  if (model.schema == nullptr)
    return Error{ErrorCode::invalid_input, "1:1: its schema is not known here: there are IFC2X3, IFC4 and IFC4X3"};
  return Maker(model).run();
}

Result<SharedTakeoff> take_off(std::string_view path, std::string_view bytes) {
  if (is_metadata(path)) return MetadataReader().run(bytes);
  if (!step::is_zip(bytes)) {
    AECOS_TRY_ASSIGN(const ifc::Model model, ifc::read_model(bytes));
    return take_off(model);
  }
  AECOS_TRY_ASSIGN(const step::Packed packed, step::unpack(bytes));
  AECOS_TRY_ASSIGN(const ifc::Model model, ifc::read_model(packed.text));
  return take_off(model);
}

}  // namespace aecos::cost
