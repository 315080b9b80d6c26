#include "sample/house.h"

#include "ifc/global_id.h"
#include "sample/house_internal.h"

namespace aecos::sample {

std::vector<WallPlan> wall_plans() {
  constexpr double half = external_thickness / 2;
  const auto window = [](double x) { return Hole{false, x, 900, 1200, 1350}; };
  const Hole entrance{true, 8000, 0, 1010, 2110}, inner{true, 1200, 0, 885, 2010};
  return {
      {-half, 0, false, house_width + 2 * half, external_thickness, true, {window(2000), window(5000), entrance}},
      {house_width, half, true, house_depth - 2 * half, external_thickness, true, {window(3850)}},
      {-half, house_depth, false, house_width + 2 * half, external_thickness, true, {window(2500), window(7500)}},
      {0, half, true, house_depth - 2 * half, external_thickness, true, {window(5800)}},
      {6000, half, true, house_depth - 2 * half, internal_thickness, false, {inner}},
      {half, 4000, false, 6000 - half - internal_thickness / 2, internal_thickness, false, {inner}},
  };
}

std::vector<RoomPlan> room_plans() {
  constexpr double half = external_thickness / 2, thin = internal_thickness / 2;
  return {
      {"Living room", half, half, 6000 - half - thin, 4000 - half - thin},
      {"Bedroom", half, 4000 + thin, 6000 - half - thin, 4000 - half - thin},
      {"Kitchen", 6000 + thin, half, 4000 - half - thin, house_depth - 2 * half},
  };
}

std::string HouseDraft::write(const HouseOptions& options) {
  add_history();
  add_contexts();
  add_spatial_frame();
  add_materials();
  add_types();
  for (int number = 0; number < options.storeys; ++number) {
    Storey storey = add_storey(number);
    add_walls(storey);
    add_slab(storey);
    add_rooms(storey);
    if (number + 1 == options.storeys) add_roof(storey);
    close_storey(storey);
  }
  relation("IFCRELAGGREGATES", {"$", "$", building_, storeys_});
  close_types();
  add_classification();
  add_layers();
  return file_.file("IFC4", "house.ifc", "2026-03-02T08:00:00");
}

std::string house(const HouseOptions& options) { return HouseDraft().write(options); }

std::string house_id(std::string_view name) { return ifc::global_id("house/" + std::string(name)); }

}  // namespace aecos::sample
