#pragma once
// What the parts of the house share while it is being written.

#include <string>
#include <string_view>
#include <vector>

#include "ifc/draft.h"
#include "sample/house.h"

namespace aecos::sample {

using ifc::Argument, ifc::Draft, ifc::list_text, ifc::quoted, ifc::real_text, ifc::Ref;

struct Vector {
  double x = 0, y = 0, z = 0;
};

struct Hole {
  bool door = false;
  double x = 0;  // Of its middle, along the wall.
  double sill = 0, width = 0, height = 0;
};

// From a point along a direction; `thickness` is half on each side of that line.
struct WallPlan {
  double x = 0, y = 0;
  bool along_y = false;
  double length = 0, thickness = 0;
  bool external = false;
  std::vector<Hole> holes;
};

struct RoomPlan {
  const char* name;
  double x = 0, y = 0, width = 0, depth = 0;
};

inline constexpr double storey_height = 3000, slab_thickness = 200, wall_height = storey_height - slab_thickness;
inline constexpr double house_width = 10000, house_depth = 8000, external_thickness = 300, internal_thickness = 115;

std::vector<WallPlan> wall_plans();
std::vector<RoomPlan> room_plans();

// A type with everything its occurrences have in common.
struct TypeDraft {
  Ref type;
  Ref shape_map;  // For doors and windows.
  std::vector<Ref> occurrences;
};

class HouseDraft {
 public:
  std::string write(const HouseOptions& options);

 private:
  struct Storey {
    int number = 0;
    Ref ref, placement;
    std::vector<Ref> contained, rooms;
  };
  struct Placed {
    Ref ref, placement;
  };

  // house_frame.cpp
  void add_history();
  void add_units();
  void add_contexts();
  void add_spatial_frame();
  Storey add_storey(int number);
  void close_storey(const Storey& storey);
  // house_walls.cpp
  void add_types();
  TypeDraft add_wall_type(const char* name, bool external);
  TypeDraft add_filling_type(const Hole& size, const char* name);
  void add_walls(Storey& storey);
  Placed add_wall(const WallPlan& plan, Storey& storey);
  void add_hole(const Hole& hole, const WallPlan& wall, const Placed& in, Storey& storey);
  void add_filling(const Hole& hole, Ref opening_placement, Ref opening, Storey& storey);
  void connect_walls(const std::vector<Ref>& walls);
  TypeDraft& filling_type(const Hole& hole);
  // house_surfaces.cpp
  void add_materials();
  void add_slab(Storey& storey);
  void add_rooms(Storey& storey);
  void add_roof(Storey& top);
  Ref add_roof_side(const char* name, Ref roof_placement, bool south);
  // house_data.cpp
  void add_wall_data(Ref wall, const WallPlan& plan);
  void add_filling_data(Ref filling, const Hole& hole);
  void close_types();
  void add_classification();
  void add_layers();
  void add_set(const std::vector<Ref>& to, const char* set, const std::vector<Ref>& properties);
  void add_quantities(Ref to, const char* set, const std::vector<Ref>& quantities);
  Ref property(const char* name, const std::string& value);
  Ref quantity(const char* keyword, const char* name, double value);

  // house_shapes.cpp
  Ref rooted(std::string_view keyword, std::string_view key, const std::vector<Argument>& rest);
  Ref relation(std::string_view keyword, const std::vector<Argument>& rest);
  Ref point(const Vector& at);
  Ref direction(const Vector& along);
  Ref axes(const Vector& at);
  Ref placement(Ref relative_to, Ref axes);
  Ref box(double width, double depth, double height, const Vector& middle_at);
  Ref style(const char* name, double red, double green, double blue, double transparency);
  Ref shape(const std::vector<Ref>& representations);
  Ref body(Ref solid);
  std::string next_name(const char* letter, int& count);

  Draft file_;
  Ref history_, model_, axis_context_, body_context_, project_, site_placement_, building_, building_placement_;
  Ref origin_, up_, east_, north_, flat_axes_;
  Ref external_layers_, internal_layers_, concrete_, tiles_;
  Ref wall_style_, frame_style_, glass_style_, concrete_style_, roof_style_;
  TypeDraft external_wall_, internal_wall_, slab_type_, outer_door_, inner_door_, window_;
  std::vector<Ref> storeys_, all_rooms_, wall_bodies_, slab_bodies_, concrete_parts_, roof_sides_;
  int walls_ = 0, doors_ = 0, windows_ = 0, slabs_ = 0, rooms_ = 0, relations_ = 0;
};

}  // namespace aecos::sample
