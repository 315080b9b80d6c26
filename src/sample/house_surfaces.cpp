// Materials, slabs, rooms and the roof.

#include <cmath>

#include "sample/house_internal.h"

namespace aecos::sample {

void HouseDraft::add_materials() {
  const auto material = [&](const char* name, const char* category) {
    return file_.add("IFCMATERIAL", {quoted(name), "$", quoted(category)});
  };
  const Ref plaster = material("Gypsum plaster", "gypsum"), brick = material("Clay brick", "brick");
  const Ref wool = material("Mineral wool", "insulation"), render = material("Lime render", "plaster");
  const Ref board = material("Gypsum board", "gypsum");
  concrete_ = material("Concrete C25/30", "concrete");
  tiles_ = material("Roof tiles on timber", "wood");
  const auto layer = [&](Ref of, double thickness, const char* name) {
    return file_.add("IFCMATERIALLAYER", {of, thickness, ".F.", quoted(name), "$", "$", "$"});
  };
  const auto layers = [&](const std::vector<Ref>& all, const char* name) {
    return file_.add("IFCMATERIALLAYERSET", {all, quoted(name), "$"});
  };
  external_layers_ = layers({layer(plaster, 15, "Inside"), layer(brick, 145, "Structure"),
                             layer(wool, 120, "Insulation"), layer(render, 20, "Outside")},
                            "External wall 300");
  internal_layers_ = layers(
      {layer(board, 12.5, "One side"), layer(wool, 90, "Studs"), layer(board, 12.5, "Other side")}, "Partition 115");
  const Ref density = file_.add("IFCPROPERTYSINGLEVALUE", {"'MassDensity'", "$", "IFCMASSDENSITYMEASURE(2400.)", "$"});
  file_.add("IFCMATERIALPROPERTIES", {"'Pset_MaterialCommon'", "$", std::vector<Ref>{density}, concrete_});
  concrete_style_ = style("Concrete grey", 0.6, 0.6, 0.58, 0);
  roof_style_ = style("Tiles red", 0.6, 0.22, 0.16, 0);
}

void HouseDraft::add_slab(Storey& storey) {
  constexpr double width = house_width + external_thickness, depth = house_depth + external_thickness;
  const Ref solid = box(width, depth, slab_thickness, {house_width / 2, house_depth / 2, 0});
  file_.add("IFCSTYLEDITEM", {solid, std::vector<Ref>{concrete_style_}, "$"});
  slab_bodies_.push_back(body(solid));
  const std::string name = next_name("S", slabs_);
  const Ref slab = rooted("IFCSLAB", name,
                          {quoted(name), "$", "$", placement(storey.placement, axes({0, 0, -slab_thickness})),
                           shape({slab_bodies_.back()}), quoted(name), "$"});
  storey.contained.push_back(slab);
  concrete_parts_.push_back(slab);
  slab_type_.occurrences.push_back(slab);
  add_set({slab}, "Pset_SlabCommon",
          {property("LoadBearing", "IFCBOOLEAN(.T.)"), property("FireRating", "IFCLABEL('REI 60')")});
  add_quantities(slab, "Qto_SlabBaseQuantities",
                 {quantity("LENGTH", "Width", slab_thickness), quantity("AREA", "NetArea", width * depth / 1e6),
                  quantity("VOLUME", "NetVolume", width * depth * slab_thickness / 1e9)});
}

void HouseDraft::add_rooms(Storey& storey) {
  for (const RoomPlan& plan : room_plans()) {
    const Ref solid = box(plan.width, plan.depth, wall_height, {plan.width / 2, plan.depth / 2, 0});
    const std::string name = next_name("R", rooms_);
    const Ref room = rooted("IFCSPACE", name,
                            {quoted(name), "$", "$", placement(storey.placement, axes({plan.x, plan.y, 0})),
                             shape({body(solid)}), quoted(plan.name), ".ELEMENT.", ".INTERNAL.", "$"});
    storey.rooms.push_back(room);
    all_rooms_.push_back(room);
    add_set({room}, "Pset_SpaceCommon", {property("PubliclyAccessible", "IFCBOOLEAN(.F.)")});
    add_quantities(
        room, "Qto_SpaceBaseQuantities",
        {quantity("LENGTH", "Height", wall_height), quantity("AREA", "NetFloorArea", plan.width * plan.depth / 1e6),
         quantity("VOLUME", "NetVolume", plan.width * plan.depth * wall_height / 1e9)});
  }
}

void HouseDraft::add_roof(Storey& top) {
  const Ref standing = placement(top.placement, axes({0, 0, wall_height}));
  const Ref roof = rooted("IFCROOF", "Roof", {"'Roof'", "$", "$", standing, "$", "'Roof'", ".GABLE_ROOF."});
  top.contained.push_back(roof);
  roof_sides_ = {add_roof_side("Roof south", standing, true), add_roof_side("Roof north", standing, false)};
  relation("IFCRELAGGREGATES", {"$", "$", roof, roof_sides_});
}

// A plate of 180 mm that rises by 35 degrees from the eaves to the ridge.
Ref HouseDraft::add_roof_side(const char* name, Ref roof_placement, bool south) {
  constexpr double slope = 0.6108652381980153, overhang = 500, thickness = 180;
  const double sign = south ? 1 : -1, length = (house_depth / 2 + overhang) / std::cos(slope);
  const Ref across = direction({0, -sign * std::sin(slope), std::cos(slope)});
  const Vector eaves{-overhang, south ? -overhang : house_depth + overhang, -overhang * std::tan(slope)};
  const Ref tilted = file_.add("IFCAXIS2PLACEMENT3D", {point(eaves), across, east_});
  const double width = house_width + 2 * overhang;
  const Ref solid = box(width, length, thickness, {width / 2, sign * length / 2, 0});
  file_.add("IFCSTYLEDITEM", {solid, std::vector<Ref>{roof_style_}, "$"});
  return rooted(
      "IFCSLAB", name,
      {quoted(name), "$", "$", placement(roof_placement, tilted), shape({body(solid)}), quoted(name), ".ROOF."});
}

}  // namespace aecos::sample
