// Who, where, in which units: project, site, building, storeys.

#include "sample/house_internal.h"

namespace aecos::sample {

void HouseDraft::add_history() {
  const Ref person = file_.add("IFCPERSON", {"'ana'", "'Lima'", "'Ana'", "$", "$", "$", "$", "$"});
  const Ref office = file_.add("IFCORGANIZATION", {"$", "'Lima Architects'", "$", "$", "$"});
  const Ref user = file_.add("IFCPERSONANDORGANIZATION", {person, office, "$"});
  const Ref maker = file_.add("IFCORGANIZATION", {"$", "'Aecos'", "$", "$", "$"});
  const Ref application = file_.add("IFCAPPLICATION", {maker, "'1'", "'aecos sample house'", "'aecos-sample'"});
  history_ = file_.add("IFCOWNERHISTORY", {user, application, "$", ".NOCHANGE.", "$", "$", "$", "1772438400"});
}

void HouseDraft::add_contexts() {
  origin_ = point({});
  up_ = direction({0, 0, 1});
  east_ = direction({1, 0, 0});
  north_ = direction({0, 1, 0});
  flat_axes_ = file_.add("IFCAXIS2PLACEMENT3D", {origin_, up_, east_});
  const Ref true_north = file_.add("IFCDIRECTION", {list_text({0., 1.})});
  model_ = file_.add("IFCGEOMETRICREPRESENTATIONCONTEXT", {"$", "'Model'", "3", 1e-5, flat_axes_, true_north});
  const auto part = [&](const char* name, const char* view) {
    return file_.add("IFCGEOMETRICREPRESENTATIONSUBCONTEXT",
                     {quoted(name), "'Model'", "*", "*", "*", "*", model_, "$", view, "$"});
  };
  axis_context_ = part("Axis", ".GRAPH_VIEW.");
  body_context_ = part("Body", ".MODEL_VIEW.");
  add_units();
}

void HouseDraft::add_units() {
  const auto si = [&](const char* kind, const char* prefix, const char* name) {
    return file_.add("IFCSIUNIT", {"*", kind, prefix, name});
  };
  const Ref radian = si(".PLANEANGLEUNIT.", "$", ".RADIAN.");
  const Ref factor = file_.add("IFCMEASUREWITHUNIT", {"IFCPLANEANGLEMEASURE(0.017453292519943295)", radian});
  const Ref no_dimension = file_.add("IFCDIMENSIONALEXPONENTS", {"0", "0", "0", "0", "0", "0", "0"});
  const Ref degree = file_.add("IFCCONVERSIONBASEDUNIT", {no_dimension, ".PLANEANGLEUNIT.", "'DEGREE'", factor});
  const Ref metre = si(".LENGTHUNIT.", "$", ".METRE."), kelvin = si(".THERMODYNAMICTEMPERATUREUNIT.", "$", ".KELVIN.");
  const Ref watt = si(".POWERUNIT.", "$", ".WATT.");
  const auto part = [&](Ref unit, const char* exponent) {
    return file_.add("IFCDERIVEDUNITELEMENT", {unit, exponent});
  };
  const std::vector<Ref> parts{part(watt, "1"), part(metre, "-2"), part(kelvin, "-1")};
  const Ref transmittance = file_.add("IFCDERIVEDUNIT", {parts, ".THERMALTRANSMITTANCEUNIT.", "$"});
  const std::vector<Ref> all{si(".LENGTHUNIT.", ".MILLI.", ".METRE."),
                             si(".AREAUNIT.", "$", ".SQUARE_METRE."),
                             si(".VOLUMEUNIT.", "$", ".CUBIC_METRE."),
                             degree,
                             si(".MASSUNIT.", ".KILO.", ".GRAM."),
                             si(".TIMEUNIT.", "$", ".SECOND."),
                             kelvin,
                             watt,
                             transmittance};
  const Ref units = file_.add("IFCUNITASSIGNMENT", {all});
  project_ = rooted("IFCPROJECT", "Project",
                    {"'House on the hill'", "$", "$", "'A small house for two families'", "'Design'",
                     std::vector<Ref>{model_}, units});
}

void HouseDraft::add_spatial_frame() {
  site_placement_ = file_.add("IFCLOCALPLACEMENT", {"$", flat_axes_});
  const Ref site = rooted("IFCSITE", "Site",
                          {"'Site'", "$", "$", site_placement_, "$", "$", ".ELEMENT.", "(48,8,14,640000)",
                           "(11,34,31,100000)", 519., "$", "$"});
  building_placement_ = placement(site_placement_, flat_axes_);
  const Ref address = file_.add(
      "IFCPOSTALADDRESS", {"$", "$", "$", "$", "('Hill Road 7')", "$", "'Hillside'", "$", "'12345'", "'Nowhere'"});
  building_ = rooted("IFCBUILDING", "Building",
                     {"'House'", "$", "$", building_placement_, "$", "$", ".ELEMENT.", "$", "$", address});
  relation("IFCRELAGGREGATES", {"$", "$", project_, std::vector<Ref>{site}});
  relation("IFCRELAGGREGATES", {"$", "$", site, std::vector<Ref>{building_}});
}

HouseDraft::Storey HouseDraft::add_storey(int number) {
  Storey storey;
  storey.number = number;
  const double elevation = number * storey_height;
  storey.placement = placement(building_placement_, axes({0, 0, elevation}));
  const std::string name = "Storey " + std::to_string(number);
  storey.ref =
      rooted("IFCBUILDINGSTOREY", name, {quoted(name), "$", "$", storey.placement, "$", "$", ".ELEMENT.", elevation});
  storeys_.push_back(storey.ref);
  return storey;
}

void HouseDraft::close_storey(const Storey& storey) {
  relation("IFCRELCONTAINEDINSPATIALSTRUCTURE", {"$", "$", storey.contained, storey.ref});
  relation("IFCRELAGGREGATES", {"$", "$", storey.ref, storey.rooms});
}

}  // namespace aecos::sample
