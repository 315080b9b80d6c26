// What is said of the parts: properties, quantities, materials, types, classification, layers.

#include "sample/house_internal.h"

namespace aecos::sample {

Ref HouseDraft::property(const char* name, const std::string& value) {
  return file_.add("IFCPROPERTYSINGLEVALUE", {quoted(name), "$", value, "$"});
}

Ref HouseDraft::quantity(const char* keyword, const char* name, double value) {
  return file_.add("IFCQUANTITY" + std::string(keyword), {quoted(name), "$", "$", value, "$"});
}

void HouseDraft::add_set(const std::vector<Ref>& to, const char* set, const std::vector<Ref>& properties) {
  const Ref made = rooted("IFCPROPERTYSET", "set " + std::to_string(relations_), {quoted(set), "$", properties});
  relation("IFCRELDEFINESBYPROPERTIES", {"$", "$", to, made});
}

void HouseDraft::add_quantities(Ref to, const char* set, const std::vector<Ref>& quantities) {
  const Ref made =
      rooted("IFCELEMENTQUANTITY", "quantities " + std::to_string(relations_), {quoted(set), "$", "$", quantities});
  relation("IFCRELDEFINESBYPROPERTIES", {"$", "$", std::vector<Ref>{to}, made});
}

void HouseDraft::add_wall_data(Ref wall, const WallPlan& plan) {
  if (plan.external) {
    add_set({wall}, "Pset_WallCommon",
            {property("Reference", "IFCIDENTIFIER('EW-300')"), property("LoadBearing", "IFCBOOLEAN(.T.)"),
             property("IsExternal", "IFCBOOLEAN(.T.)"), property("FireRating", "IFCLABEL('REI 60')"),
             property("ThermalTransmittance", "IFCTHERMALTRANSMITTANCEMEASURE(0.24)")});
  }
  double holes = 0;
  for (const Hole& hole : plan.holes) holes += hole.width * hole.height;
  const double side = plan.length * wall_height;
  add_quantities(wall, "Qto_WallBaseQuantities",
                 {quantity("LENGTH", "Length", plan.length), quantity("LENGTH", "Width", plan.thickness),
                  quantity("LENGTH", "Height", wall_height), quantity("AREA", "GrossSideArea", side / 1e6),
                  quantity("AREA", "NetSideArea", (side - holes) / 1e6),
                  quantity("VOLUME", "NetVolume", (side - holes) * plan.thickness / 1e9)});
}

void HouseDraft::add_filling_data(Ref filling, const Hole& hole) {
  if (hole.door) {
    const bool outer = hole.width > 900;
    add_set({filling}, "Pset_DoorCommon",
            {property("Reference", outer ? "IFCIDENTIFIER('D-1010')" : "IFCIDENTIFIER('D-885')"),
             property("IsExternal", outer ? "IFCBOOLEAN(.T.)" : "IFCBOOLEAN(.F.)"),
             property("FireRating", "IFCLABEL('EI 30')"), property("HandicapAccessible", "IFCBOOLEAN(.F.)")});
  }
  add_quantities(filling, hole.door ? "Qto_DoorBaseQuantities" : "Qto_WindowBaseQuantities",
                 {quantity("LENGTH", "Width", hole.width), quantity("LENGTH", "Height", hole.height),
                  quantity("AREA", "Area", hole.width * hole.height / 1e6)});
}

void HouseDraft::close_types() {
  std::vector<Ref> all;
  for (const TypeDraft* type : {&external_wall_, &internal_wall_, &slab_type_, &outer_door_, &inner_door_, &window_}) {
    relation("IFCRELDEFINESBYTYPE", {"$", "$", type->occurrences, type->type});
    all.push_back(type->type);
  }
  relation("IFCRELDECLARES", {"$", "$", project_, all});
  const auto made_of = [&](const std::vector<Ref>& parts, Ref material) {
    relation("IFCRELASSOCIATESMATERIAL", {"$", "$", parts, material});
  };
  const auto usage = [&](Ref layers, double offset) {
    return file_.add("IFCMATERIALLAYERSETUSAGE", {layers, ".AXIS2.", ".POSITIVE.", offset, "$"});
  };
  made_of(external_wall_.occurrences, usage(external_layers_, -external_thickness / 2));
  made_of(internal_wall_.occurrences, usage(internal_layers_, -internal_thickness / 2));
  made_of({external_wall_.type}, external_layers_);
  made_of({internal_wall_.type}, internal_layers_);
  made_of(concrete_parts_, concrete_);
  made_of(roof_sides_, tiles_);
  const Ref zone = rooted("IFCZONE", "Zone", {"'Heated'", "$", "$", "$"});
  relation("IFCRELASSIGNSTOGROUP", {"$", "$", all_rooms_, "$", zone});
}

void HouseDraft::add_classification() {
  const Ref system = file_.add("IFCCLASSIFICATION", {"'NBS'", "'1.31'", "$", "'Uniclass 2015'", "$", "$", "$"});
  const auto classify = [&](const char* code, const char* name, const std::vector<Ref>& parts) {
    const Ref reference = file_.add("IFCCLASSIFICATIONREFERENCE", {"$", quoted(code), quoted(name), system, "$", "$"});
    relation("IFCRELASSOCIATESCLASSIFICATION", {"$", "$", parts, reference});
  };
  classify("EF_25_10", "Walls", external_wall_.occurrences);
  classify("EF_25_30", "Doors and windows", window_.occurrences);
}

void HouseDraft::add_layers() {
  file_.add("IFCPRESENTATIONLAYERASSIGNMENT", {"'A-WALL'", "'Walls'", wall_bodies_, "$"});
  file_.add("IFCPRESENTATIONLAYERASSIGNMENT", {"'A-FLOR'", "'Slabs'", slab_bodies_, "$"});
}

}  // namespace aecos::sample
