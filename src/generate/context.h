#pragma once
// What is there already: the storeys and elements of the project's models that a sentence may name.

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::generate {

// A right-handed frame in metres, in the world's coordinates.
struct Frame {
  std::array<double, 3> origin{0, 0, 0}, x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
  // Of a point in this frame.
  std::array<double, 3> out(const std::array<double, 3>& point) const;
  Frame of(const Frame& inner) const;  // `inner` stands in this one.
};

struct Storey {
  std::string global_id, name;
  double elevation_m = 0;
  Frame frame = {};
  bool in_model = false;  // A model says all of it; else only files of elements do.
};

// A wall, slab or roof that an opening can be cut into. Its body fills these ranges of its own placement.
struct Host {
  std::string global_id, name, ifc_class;
  std::string path;        // Of its file in the project.
  std::string storey_id;   // GlobalId; empty: in none.
  bool has_shape = false;  // Its body is an upright swept solid, so that the ranges say something.
  std::array<double, 2> x{0, 0}, y{0, 0}, z{0, 0};
  Frame frame = {};
  struct Hole {
    std::array<double, 2> x{0, 0}, z{0, 0};
  };
  std::vector<Hole> holes = {};  // Openings that are there, along x and z.

  bool is_upright() const { return ifc_class != "IfcSlab" && ifc_class != "IfcRoof"; }
  double length_m() const { return x[1] - x[0]; }
};

struct Context {
  std::string project_id, project_name, site_id, building_id;  // GlobalIds; empty: none yet.
  bool in_model = false;                                       // Site and building: as of storeys.
  std::map<std::string, std::string> aggregations;  // What puts a storey and the like into its whole, by GlobalIds.
  double unit_m = 1;                                // What a length of 1 in the project's files is.
  std::vector<Storey> storeys;                      // By elevation.
  std::vector<Host> hosts;                          // By path, in the order of the file.
  std::set<std::string> names;                      // Of all elements.
};

// Adds what a file of the project says. Of one GlobalId the first storey counts, and the last wall or slab: models come
// before the files of single elements. invalid_input: it is no IFC file; then nothing is added.
Result<> add_file(Context& context, const std::string& path, std::string_view text);

// The storey above it is so much higher; absent: it is the highest.
std::optional<double> storey_height_m(const Context& context, const Storey& storey);
const Storey* find_storey(const Context& context, std::string_view global_id);

// Those a name as people say it can mean: "level 2", "second floor", "ground floor", its own name.
std::vector<const Storey*> storeys_called(const Context& context, std::string_view said);
// By name or GlobalId; where case counts for nothing.
std::vector<const Host*> hosts_called(const Context& context, std::string_view said);

}  // namespace aecos::generate
