// The frame of an element's file: units, contexts, project, storey.

#include <cmath>

#include "base/ascii.h"
#include "generate/ifc_writer_internal.h"
#include "ifc/global_id.h"
#include "schema/schema.h"

namespace aecos::generate {

IfcWriter::IfcWriter(const Context& context, const BuildOptions& options, std::string key)
    : context_(context), options_(options), key_(std::move(key)) {}

std::string IfcWriter::id_of(const std::string& what) const {
  return ifc::global_id("generate/" + options_.seed + "/" + key_ + "/" + what);
}

std::string IfcWriter::project_id() const {
  return context_.project_id.empty() ? ifc::global_id("project/" + options_.project_key) : context_.project_id;
}

double IfcWriter::written_unit_m() const {
  return context_.unit_m == 0.001 || context_.unit_m == 0.01 ? context_.unit_m : 1;
}

double IfcWriter::scaled(double metres) const { return std::round(metres / written_unit_m() * 1e9) / 1e9; }

Ref IfcWriter::entity(std::string_view ifc_class, const Attributes& attributes) {
  const schema::Entity* entity = schema::get(schema::Version::ifc4).entity(upper(ifc_class));
  std::vector<Argument> arguments;
  for (const schema::Attribute& attribute : entity->attributes) {
    arguments.emplace_back(attribute.derived ? "*" : "$");
    for (const auto& [name, value] : attributes)
      if (name == attribute.name) arguments.back() = value;
  }
  return draft_.add(entity->keyword, arguments);
}

Ref IfcWriter::rooted(std::string_view ifc_class, const std::string& global_id, const Attributes& attributes) {
  Attributes all = attributes;
  all.emplace_back("GlobalId", quoted(global_id));
  return entity(ifc_class, all);
}

Ref IfcWriter::relation(std::string_view ifc_class, const Attributes& attributes) {
  return rooted(ifc_class, id_of("relation " + std::to_string(++relations_)), attributes);
}

Ref IfcWriter::shared_relation(std::string_view ifc_class, const std::string& whole, const Attributes& attributes) {
  return rooted(ifc_class, ifc::global_id("generate/" + std::string(ifc_class) + "/" + whole), attributes);
}

void IfcWriter::add_units() {
  const auto si = [&](const char* kind, const char* prefix, const char* name) {
    return draft_.add("IFCSIUNIT", {"*", kind, prefix, name});
  };
  // What the project's files use; other units than these are written in metres.
  const double unit_m = written_unit_m();
  const char* prefix = unit_m == 0.001 ? ".MILLI." : ".CENTI.";
  const Ref metre = si(".LENGTHUNIT.", "$", ".METRE."), kelvin = si(".THERMODYNAMICTEMPERATUREUNIT.", "$", ".KELVIN.");
  const Ref watt = si(".POWERUNIT.", "$", ".WATT.");
  const Ref length = unit_m == 1 ? metre : si(".LENGTHUNIT.", prefix, ".METRE.");
  const auto part = [&](Ref unit, const char* exponent) {
    return draft_.add("IFCDERIVEDUNITELEMENT", {unit, exponent});
  };
  const std::vector<Ref> parts{part(watt, "1"), part(metre, "-2"), part(kelvin, "-1")};
  const Ref transmittance = draft_.add("IFCDERIVEDUNIT", {parts, ".THERMALTRANSMITTANCEUNIT.", "$"});
  const std::vector<Ref> all{length,
                             si(".AREAUNIT.", "$", ".SQUARE_METRE."),
                             si(".VOLUMEUNIT.", "$", ".CUBIC_METRE."),
                             si(".PLANEANGLEUNIT.", "$", ".RADIAN."),
                             kelvin,
                             watt,
                             transmittance};
  const Ref units = draft_.add("IFCUNITASSIGNMENT", {all});
  const Ref model = entity("IfcGeometricRepresentationContext", {{"ContextType", "'Model'"},
                                                                 {"CoordinateSpaceDimension", "3"},
                                                                 {"Precision", 1e-5},
                                                                 {"WorldCoordinateSystem", axes({0, 0, 0})}});
  const auto context = [&](const char* name, const char* view) {
    return entity("IfcGeometricRepresentationSubContext", {{"ContextIdentifier", quoted(name)},
                                                           {"ContextType", "'Model'"},
                                                           {"ParentContext", model},
                                                           {"TargetView", view}});
  };
  axis_context_ = context("Axis", ".GRAPH_VIEW.");
  body_context_ = context("Body", ".MODEL_VIEW.");
  const std::string name = context_.project_name.empty() ? "Project" : context_.project_name;
  project_ =
      rooted("IfcProject", project_id(),
             {{"Name", quoted(name)}, {"RepresentationContexts", std::vector<Ref>{model}}, {"UnitsInContext", units}});
}

std::string IfcWriter::spatial_id(const std::string& known_id, const std::string& key) const {
  return known_id.empty() ? ifc::global_id(key + "/" + project_id()) : known_id;
}

// Sites, buildings and storeys of the project's models are only named here.
Ref IfcWriter::known(std::string_view ifc_class, const std::string& known_id, bool in_model, const std::string& key,
                     Attributes attributes) {
  if (in_model) attributes.emplace_back("Description", quoted(reference_mark));
  attributes.emplace_back("CompositionType", ".ELEMENT.");
  return rooted(ifc_class, spatial_id(known_id, key), attributes);
}

void IfcWriter::add_spatial(const std::string& storey_name) {
  const Ref site_placement = placement({}, axes({0, 0, 0})),
            building_placement = placement(site_placement, axes({0, 0, 0}));
  const Ref site = known("IfcSite", context_.site_id, context_.in_model && !context_.site_id.empty(), "site",
                         {{"Name", "'Site'"}, {"ObjectPlacement", site_placement}});
  const Ref building = known("IfcBuilding", context_.building_id, context_.in_model && !context_.building_id.empty(),
                             "building", {{"Name", "'Building'"}, {"ObjectPlacement", building_placement}});
  const auto found = storeys_called(context_, storey_name);
  const Storey* storey = found.empty() ? nullptr : found.front();
  storey_id_ = storey ? storey->global_id : ifc::global_id("storey " + storey_name + "/" + project_id());
  const Frame frame = storey ? storey->frame : Frame{};
  storey_placement_ = placement(building_placement, axes(frame.origin, frame.z, frame.x));
  storey_ = known("IfcBuildingStorey", storey_id_, storey && storey->in_model, "",
                  {{"Name", quoted(storey ? storey->name : storey_name)},
                   {"ObjectPlacement", storey_placement_},
                   {"Elevation", scaled(storey ? storey->elevation_m : 0)}});
  const auto aggregate = [&](Ref whole, Ref part, const std::string& part_id) {
    const auto known_relation = context_.aggregations.find(part_id);
    const bool is_known = known_relation != context_.aggregations.end();
    rooted("IfcRelAggregates", is_known ? known_relation->second : ifc::global_id("aggregate/" + part_id),
           {{"RelatingObject", whole}, {"RelatedObjects", std::vector<Ref>{part}}});
  };
  aggregate(project_, site, spatial_id(context_.site_id, "site"));
  aggregate(site, building, spatial_id(context_.building_id, "building"));
  aggregate(building, storey_, storey_id_);
}

void IfcWriter::add_frame(const std::string& storey_name) {
  add_units();
  add_spatial(storey_name);
}

void IfcWriter::contain(Ref element, bool space) {
  if (space) {
    shared_relation("IfcRelAggregates", storey_id_,
                    {{"RelatingObject", storey_}, {"RelatedObjects", std::vector<Ref>{element}}});
  } else {
    shared_relation("IfcRelContainedInSpatialStructure", storey_id_,
                    {{"RelatedElements", std::vector<Ref>{element}}, {"RelatingStructure", storey_}});
  }
}

std::string IfcWriter::text(const std::string& name) const {
  return "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION(('ViewDefinition [DesignTransferView_V1.0]'),'2;1');\nFILE_NAME(" +
         quoted(name) + "," + quoted(options_.time) + ",(" + quoted(options_.author) +
         "),(''),'aecos','aecos','');\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n" + draft_.data() +
         "ENDSEC;\nEND-ISO-10303-21;\n";
}

}  // namespace aecos::generate
