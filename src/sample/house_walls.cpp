// Walls, the openings in them, and what fills those.

#include "sample/house_internal.h"

namespace aecos::sample {

void HouseDraft::add_types() {
  wall_style_ = style("Plaster white", 0.92, 0.91, 0.88, 0);
  frame_style_ = style("Timber", 0.55, 0.36, 0.2, 0);
  glass_style_ = style("Glass", 0.6, 0.75, 0.85, 0.7);
  external_wall_ = add_wall_type("External wall 300", true);
  internal_wall_ = add_wall_type("Partition 115", false);
  slab_type_.type = rooted("IFCSLABTYPE", "type Slab 200", {"'Slab 200'", "$", "$", "$", "$", "$", "$", ".FLOOR."});
  const std::vector<WallPlan> plans = wall_plans();
  window_ = add_filling_type(plans[0].holes.front(), "Window 1200x1350");
  outer_door_ = add_filling_type(plans[0].holes.back(), "Door 1010x2110");
  inner_door_ = add_filling_type(plans.back().holes.front(), "Door 885x2010");
}

TypeDraft HouseDraft::add_wall_type(const char* name, bool external) {
  TypeDraft draft;
  const std::string value = external ? "IFCLABEL('EW-300')" : "IFCLABEL('IW-115')";
  const Ref set = rooted("IFCPROPERTYSET", std::string("type set ") + name,
                         {"'Pset_ManufacturerTypeInformation'", "$", std::vector<Ref>{property("ModelLabel", value)}});
  draft.type = rooted("IFCWALLTYPE", std::string("type ") + name,
                      {quoted(name), "$", "$", std::vector<Ref>{set}, "$", "$", "$", ".SOLIDWALL."});
  return draft;
}

// Doors and windows of one size share the shape of their type.
TypeDraft HouseDraft::add_filling_type(const Hole& size, const char* name) {
  TypeDraft draft;
  const Ref leaf = box(size.width, 60, size.height, {});
  file_.add("IFCSTYLEDITEM", {leaf, std::vector<Ref>{size.door ? frame_style_ : glass_style_}, "$"});
  draft.shape_map = file_.add("IFCREPRESENTATIONMAP", {axes({}), body(leaf)});
  std::vector<Argument> rest{quoted(name), "$", "$", "$", std::vector<Ref>{draft.shape_map}, "$", "$"};
  const std::vector<Argument> kind = size.door ? std::vector<Argument>{".DOOR.", ".SINGLE_SWING_LEFT.", ".F.", "$"}
                                               : std::vector<Argument>{".WINDOW.", ".SINGLE_PANEL.", ".F.", "$"};
  rest.insert(rest.end(), kind.begin(), kind.end());
  draft.type = rooted(size.door ? "IFCDOORTYPE" : "IFCWINDOWTYPE", std::string("type ") + name, rest);
  return draft;
}

TypeDraft& HouseDraft::filling_type(const Hole& hole) {
  if (!hole.door) return window_;
  return hole.width > 900 ? outer_door_ : inner_door_;
}

void HouseDraft::add_walls(Storey& storey) {
  std::vector<Ref> walls, partitions;
  const std::size_t first_window = window_.occurrences.size();
  for (const WallPlan& plan : wall_plans()) {
    const Placed wall = add_wall(plan, storey);
    walls.push_back(wall.ref);
    if (!plan.external) partitions.push_back(wall.ref);
    for (const Hole& hole : plan.holes) add_hole(hole, plan, wall, storey);
  }
  connect_walls(walls);
  add_set(partitions, "Pset_WallCommon",
          {property("Reference", "IFCIDENTIFIER('IW-115')"), property("LoadBearing", "IFCBOOLEAN(.F.)"),
           property("IsExternal", "IFCBOOLEAN(.F.)"), property("FireRating", "IFCLABEL('EI 30')")});
  const std::vector<Ref> windows(window_.occurrences.begin() + static_cast<std::ptrdiff_t>(first_window),
                                 window_.occurrences.end());
  add_set(windows, "Pset_WindowCommon",
          {property("Reference", "IFCIDENTIFIER('F-1200')"), property("IsExternal", "IFCBOOLEAN(.T.)"),
           property("ThermalTransmittance", "IFCTHERMALTRANSMITTANCEMEASURE(0.9)"),
           property("GlazingAreaFraction", "IFCPOSITIVERATIOMEASURE(0.8)")});
}

HouseDraft::Placed HouseDraft::add_wall(const WallPlan& plan, Storey& storey) {
  const Ref at = file_.add("IFCAXIS2PLACEMENT3D", {point({plan.x, plan.y, 0}), up_, plan.along_y ? north_ : east_});
  const Ref standing = placement(storey.placement, at);
  const Ref solid = box(plan.length, plan.thickness, wall_height, {plan.length / 2, 0, 0});
  file_.add("IFCSTYLEDITEM", {solid, std::vector<Ref>{wall_style_}, "$"});
  const auto flat = [&](double x) { return file_.add("IFCCARTESIANPOINT", {list_text({x, 0.})}); };
  const Ref line = file_.add("IFCPOLYLINE", {std::vector<Ref>{flat(0), flat(plan.length)}});
  const Ref axis = file_.add("IFCSHAPEREPRESENTATION", {axis_context_, "'Axis'", "'Curve2D'", std::vector<Ref>{line}});
  const Ref solids = body(solid);
  wall_bodies_.push_back(solids);
  const std::string name = next_name("W", walls_);
  const Ref wall =
      rooted("IFCWALL", name, {quoted(name), "$", "$", standing, shape({axis, solids}), quoted(name), "$"});
  storey.contained.push_back(wall);
  (plan.external ? external_wall_ : internal_wall_).occurrences.push_back(wall);
  add_wall_data(wall, plan);
  return {wall, standing};
}

void HouseDraft::add_hole(const Hole& hole, const WallPlan& wall, const Placed& in, Storey& storey) {
  const Ref standing = placement(in.placement, axes({hole.x, 0, hole.sill}));
  const Ref solid = box(hole.width, wall.thickness, hole.height, {});
  const std::string name = "Opening " + std::to_string(doors_ + windows_ + 1);
  const Ref opening =
      rooted("IFCOPENINGELEMENT", name, {quoted(name), "$", "$", standing, shape({body(solid)}), "$", ".OPENING."});
  relation("IFCRELVOIDSELEMENT", {"$", "$", in.ref, opening});
  add_filling(hole, standing, opening, storey);
}

void HouseDraft::add_filling(const Hole& hole, Ref opening_placement, Ref opening, Storey& storey) {
  TypeDraft& type = filling_type(hole);
  const Ref transform = file_.add("IFCCARTESIANTRANSFORMATIONOPERATOR3D", {"$", "$", origin_, "$", "$"});
  const Ref mapped = file_.add("IFCMAPPEDITEM", {type.shape_map, transform});
  const Ref solids = file_.add("IFCSHAPEREPRESENTATION",
                               {body_context_, "'Body'", "'MappedRepresentation'", std::vector<Ref>{mapped}});
  const Ref standing = placement(opening_placement, axes({}));
  const std::string name = hole.door ? next_name("D", doors_) : next_name("F", windows_);
  const Ref filling =
      rooted(hole.door ? "IFCDOOR" : "IFCWINDOW", name,
             {quoted(name), "$", "$", standing, shape({solids}), quoted(name), hole.height, hole.width, "$", "$", "$"});
  relation("IFCRELFILLSELEMENT", {"$", "$", opening, filling});
  storey.contained.push_back(filling);
  type.occurrences.push_back(filling);
  add_filling_data(filling, hole);
}

void HouseDraft::connect_walls(const std::vector<Ref>& walls) {
  const auto connect = [&](std::size_t one, std::size_t other, const char* related_end, const char* relating_end) {
    relation("IFCRELCONNECTSPATHELEMENTS",
             {"$", "$", "$", walls[one], walls[other], "()", "()", related_end, relating_end});
  };
  connect(0, 1, ".ATSTART.", ".ATEND.");
  connect(2, 1, ".ATEND.", ".ATEND.");
  connect(2, 3, ".ATEND.", ".ATSTART.");
  connect(0, 3, ".ATSTART.", ".ATSTART.");
  connect(0, 4, ".ATSTART.", ".ATPATH.");
  connect(4, 5, ".ATEND.", ".ATPATH.");
}

}  // namespace aecos::sample
