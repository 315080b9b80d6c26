// Types, materials, property sets, quantities.

#include <algorithm>
#include <cmath>

#include "generate/ifc_writer_internal.h"
#include "ifc/global_id.h"
#include "text/json_writer.h"

namespace aecos::generate {
namespace {

struct PropertyName {
  std::string_view field, name, type;
};
constexpr PropertyName property_names[] = {{"fire", "FireRating", "IFCLABEL"},
                                           {"acoustic", "AcousticRating", "IFCLABEL"},
                                           {"u", "ThermalTransmittance", "IFCTHERMALTRANSMITTANCEMEASURE"},
                                           {"loadBearing", "LoadBearing", "IFCBOOLEAN"},
                                           {"external", "IsExternal", "IFCBOOLEAN"},
                                           {"combustible", "Combustible", "IFCBOOLEAN"}};

// As a REAL of the model reads: 5.0.
std::string real_json(double number) {
  std::string text = text::json_number(number);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string millimetres(double metres) { return number_text(std::round(metres * 1e4) / 10); }

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string words_of_kind(const std::string& kind) {
  std::string words;
  for (const char c : kind)
    words += c >= 'A' && c <= 'Z' ? std::string(" ") + static_cast<char>(c - 'A' + 'a') : std::string(1, c);
  return words;
}

bool is_layered(const Element& element) {
  const std::string& kind = element.kind;
  return kind == "wall" || kind == "slab" || kind == "ceiling" || kind == "flooring" ||
         (kind == "roof" && !element.has("form"));
}

// Where the layers begin, from the axis or the foot.
double layer_offset(const Element& element) {
  if (element.kind == "wall") return -element.number("thickness") / 2;
  return element.kind == "slab" ? -element.number("thickness") : 0;
}

std::string measures(const Element& element) {
  if (element.has("profile")) return element.text("profile");
  std::string text;
  for (const char* field : {"diameter", "width", "depth", "thickness"}) {
    const bool said = element.has(field);
    const bool own = element.kind == "door" || element.kind == "window" || element.kind == "column" ||
                     element.kind == "beam" || element.kind == "duct" || std::string_view(field) == "thickness" ||
                     std::string_view(field) == "diameter";
    if (said && own && !(element.kind == "duct" && std::string_view(field) == "thickness"))
      text += (text.empty() ? "" : "x") + millimetres(element.number(field));
  }
  const bool filling =
      element.kind == "door" || element.kind == "window" || (element.kind == "duct" && !element.has("diameter"));
  if (filling) text += "x" + millimetres(element.number("height"));
  return text;
}

}  // namespace

std::string ifc_class_of(const Element& element) {
  return element.ifc_class.empty() ? vocabulary().kind(element.kind)->ifc_class : element.ifc_class;
}

std::string predefined_of(const Element& element) {
  if (!element.predefined.empty()) return element.predefined;
  const std::string form = element.text("form");
  if (form == "gable") return "GABLE_ROOF";
  if (form == "shed") return "SHED_ROOF";
  if (form == "strip") return "STRIP_FOOTING";
  if (form == "base") return "BASESLAB";
  return element.ifc_class.empty() ? vocabulary().kind(element.kind)->predefined : "NOTDEFINED";
}

std::string type_name(const Element& element) {
  std::string name = element.text("use").empty() ? words_of_kind(element.kind) : element.text("use");
  const std::string material = element.text("material"), sizes = measures(element);
  if (element.number("leaves", 1) > 1) name = number_text(element.number("leaves")) + "-leaf " + name;
  if (!material.empty()) name = material + " " + name;
  if (!element.layers.empty()) name += " of " + std::to_string(element.layers.size()) + " layers";
  return capital(name) + (sizes.empty() ? "" : " " + sizes);
}

void IfcWriter::add_type(const Element& element, const Kind& kind, Ref occurrence, const std::string& ifc_class,
                         const std::string& predefined) {
  if (kind.type_class.empty()) return;
  const std::string type_class = ifc_class + "Type", name = type_name(element);
  std::string key = "type/" + project_id() + "/" + type_class + "/" + predefined + "/" + name;
  for (const Layer& layer : element.layers) key += "/" + layer.material + number_text(layer.thickness_m);
  type_id_ = ifc::global_id(key);
  type_ = rooted(type_class, type_id_,
                 {{"Name", quoted(name)},
                  {"PredefinedType", "." + predefined + "."},
                  {"OperationType", ".NOTDEFINED."},
                  {"PartitioningType", ".NOTDEFINED."},
                  {"AssemblyPlace", ".NOTDEFINED."}});
  shared_relation("IfcRelDefinesByType", type_id_,
                  {{"RelatedObjects", std::vector<Ref>{occurrence}}, {"RelatingType", type_}});
}

Ref IfcWriter::material(const std::string& name) {
  if (const auto found = materials_.find(name); found != materials_.end()) return found->second;
  const std::string category = material_category(name);
  const Ref made = draft_.add("IFCMATERIAL", {quoted(name), "$", category.empty() ? Argument("$") : quoted(category)});
  materials_.emplace(name, made);
  return made;
}

Ref IfcWriter::layer_set(const Element& element, const std::string& name) {
  std::vector<Layer> layers = element.layers;
  if (layers.empty()) layers = {{element.text("material"), element.number("thickness")}};
  std::vector<Ref> all;
  for (const Layer& layer : layers)
    all.push_back(draft_.add("IFCMATERIALLAYER", {material(layer.material), scaled(layer.thickness_m), "$",
                                                  quoted(layer.material), "$", "$", "$"}));
  return draft_.add("IFCMATERIALLAYERSET", {all, quoted(name), "$"});
}

void IfcWriter::add_material(const Element& element, const Kind& kind, const Body& body, Ref occurrence) {
  const std::string name = element.text("material");
  const bool sections = (kind.name == "column" || kind.name == "beam") && (!name.empty() || element.has("profile"));
  if (name.empty() && element.layers.empty() && !sections) return;
  const auto made_of = [&](Ref part, Ref of) {
    relation("IfcRelAssociatesMaterial", {{"RelatedObjects", std::vector<Ref>{part}}, {"RelatingMaterial", of}});
  };
  const auto of_type = [&](Ref of) {
    shared_relation("IfcRelAssociatesMaterial", type_id_,
                    {{"RelatedObjects", std::vector<Ref>{type_}}, {"RelatingMaterial", of}});
  };
  if (is_layered(element)) {
    const Ref set = layer_set(element, type_name(element));
    const char* axis = element.kind == "wall" ? ".AXIS2." : ".AXIS3.";
    made_of(occurrence,
            draft_.add("IFCMATERIALLAYERSETUSAGE", {set, axis, ".POSITIVE.", scaled(layer_offset(element)), "$"}));
    return of_type(set);
  }
  if (sections) {
    const Argument of = name.empty() ? Argument("$") : Argument(material(name));
    const Ref profile = draft_.add("IFCMATERIALPROFILE", {quoted(type_name(element)), "$", of, body.profile, "$", "$"});
    const Ref set =
        draft_.add("IFCMATERIALPROFILESET", {quoted(type_name(element)), "$", std::vector<Ref>{profile}, "$"});
    made_of(occurrence, draft_.add("IFCMATERIALPROFILESETUSAGE", {set, "5", "$"}));
    return of_type(set);
  }
  made_of(occurrence, material(name));
}

IfcWriter::Property IfcWriter::property(const std::string& name, std::string_view type, const std::string& step,
                                        std::string json) {
  const std::string value = std::string(type) + "(" + step + ")";
  return {draft_.add("IFCPROPERTYSINGLEVALUE", {quoted(name), "$", value, "$"}), name, std::move(json)};
}

void IfcWriter::add_set(const std::string& name, const std::vector<Property>& properties, Ref occurrence) {
  if (properties.empty()) return;
  std::vector<Ref> refs;
  for (const Property& each : properties) {
    refs.push_back(each.ref);
    statements_.push_back({name, each.name, each.json});
  }
  const Ref set = rooted("IfcPropertySet", id_of("set " + name), {{"Name", quoted(name)}, {"HasProperties", refs}});
  relation("IfcRelDefinesByProperties",
           {{"RelatedObjects", std::vector<Ref>{occurrence}}, {"RelatingPropertyDefinition", set}});
}

// Requirements that the common set of the class has no property for are in a set of their own.
void IfcWriter::add_properties(const Element& element, const Kind& kind, Ref occurrence) {
  std::vector<Property> common, other;
  for (const PropertyName& each : property_names) {
    const Field* field = element.find(each.field);
    if (!field) continue;
    std::string step = ifc::real_text(field->number), json = real_json(field->number);
    if (each.type == "IFCLABEL") step = quoted(field->text), json = text::json_quote(field->text);
    if (each.type == "IFCBOOLEAN") step = field->truth ? ".T." : ".F.", json = field->truth ? "true" : "false";
    const bool has = std::find(kind.set_fields.begin(), kind.set_fields.end(), each.field) != kind.set_fields.end();
    (has && !kind.set.empty() ? common : other).push_back(property(std::string(each.name), each.type, step, json));
  }
  const auto length = [&](const char* name, double metres) {
    const double number = scaled(metres);
    common.push_back(property(name, "IFCPOSITIVELENGTHMEASURE", ifc::real_text(number), real_json(number)));
  };
  const auto count = [&](const char* name, const char* field) {
    const std::string number = number_text(element.number(field));
    return property(name, "IFCCOUNTMEASURE", number, number);
  };
  if (kind.name == "stair") {
    common.push_back(count("NumberOfRiser", "risers"));
    length("RiserHeight", element.number("height") / element.number("risers", 1));
    length("TreadLength", element.number("tread"));
  }
  if (kind.name == "railing") length("Height", element.number("height"));
  add_set(kind.set, common, occurrence);
  add_set("Requirements", other, occurrence);
  if (element.has("panes")) add_set("Pset_DoorWindowGlazingType", {count("GlassLayers", "panes")}, occurrence);
}

void IfcWriter::add_quantities(const std::string& set, const std::vector<Quantity>& quantities, Ref occurrence) {
  if (set.empty() || quantities.empty()) return;
  std::vector<Ref> all;
  for (const Quantity& each : quantities) {
    const char* keyword = each.dimension == 'L'   ? "IFCQUANTITYLENGTH"
                          : each.dimension == 'A' ? "IFCQUANTITYAREA"
                                                  : "IFCQUANTITYVOLUME";
    const double value = each.dimension == 'L' ? scaled(each.value) : std::round(each.value * 1e9) / 1e9;
    all.push_back(draft_.add(keyword, {quoted(each.name), "$", "$", value, "$"}));
    const char* length = written_unit_m() == 0.001 ? "mm" : written_unit_m() == 0.01 ? "cm" : "m";
    const char* unit = each.dimension == 'L' ? length : each.dimension == 'A' ? "m2" : "m3";
    statements_.push_back({set, each.name, real_json(value), unit, true});
  }
  const Ref made =
      rooted("IfcElementQuantity", id_of("quantities " + set), {{"Name", quoted(set)}, {"Quantities", all}});
  relation("IfcRelDefinesByProperties",
           {{"RelatedObjects", std::vector<Ref>{occurrence}}, {"RelatingPropertyDefinition", made}});
}

std::vector<Quantity> quantities_of(const Element& element, const Body& body, double holes_m2, double holes_m3) {
  const double length = element.number("length"), width = element.number("width"), height = element.number("height");
  const double thickness = element.number("thickness"), volume = body.volume_m3, net = volume - holes_m3;
  const std::string& kind = element.kind;
  if (kind == "wall")
    return {{"Length", 'L', length},
            {"Width", 'L', thickness},
            {"Height", 'L', height},
            {"GrossFootprintArea", 'A', length * thickness},
            {"GrossSideArea", 'A', length * height},
            {"NetSideArea", 'A', length * height - holes_m2},
            {"GrossVolume", 'V', volume},
            {"NetVolume", 'V', net}};
  if (kind == "slab")
    return {{"Length", 'L', length},
            {"Width", 'L', width},
            {"Depth", 'L', thickness},
            {"Perimeter", 'L', 2 * (length + width)},
            {"GrossArea", 'A', length * width},
            {"NetArea", 'A', length * width},
            {"GrossVolume", 'V', volume},
            {"NetVolume", 'V', net}};
  if (kind == "roof") {
    const double sloped = thickness > 0 ? volume / thickness : 0;
    return {{"GrossArea", 'A', sloped}, {"NetArea", 'A', sloped}, {"ProjectedArea", 'A', length * width}};
  }
  if (kind == "footing")
    return {{"Length", 'L', length},
            {"Width", 'L', width},
            {"Height", 'L', thickness},
            {"GrossVolume", 'V', volume},
            {"NetVolume", 'V', net}};
  if (kind == "column" || kind == "beam" || kind == "pile")
    return {{"Length", 'L', kind == "column" ? height : length},
            {"CrossSectionArea", 'A', body.section_m2},
            {"GrossVolume", 'V', volume},
            {"NetVolume", 'V', net}};
  if (kind == "door" || kind == "window")
    return {{"Width", 'L', width},
            {"Height", 'L', height},
            {"Perimeter", 'L', 2 * (width + height)},
            {"Area", 'A', width * height}};
  if (kind == "space")
    return {{"Height", 'L', height},
            {"GrossPerimeter", 'L', 2 * (length + width)},
            {"GrossFloorArea", 'A', length * width},
            {"NetFloorArea", 'A', length * width},
            {"GrossVolume", 'V', volume},
            {"NetVolume", 'V', net}};
  if (kind == "railing") return {{"Length", 'L', length}};
  if (kind == "ceiling" || kind == "flooring")
    return {{"Width", 'L', thickness}, {"GrossArea", 'A', length * width}, {"NetArea", 'A', length * width}};
  if (kind == "pipe" || kind == "duct") return {{"Length", 'L', length}, {"NetCrossSectionArea", 'A', body.section_m2}};
  return {};
}

}  // namespace aecos::generate
