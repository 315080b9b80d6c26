#pragma once
// One element's file while it is being written.

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "generate/build.h"
#include "generate/openings.h"
#include "generate/vocabulary.h"
#include "ifc/draft.h"
#include "ifc/reference_mark.h"

namespace aecos::generate {

using ifc::Argument, ifc::list_text, ifc::quoted, ifc::Ref, ifc::reference_mark;

inline constexpr double door_leaf_m = 0.05, window_m = 0.08;

struct Quantity {
  std::string name;
  char dimension = 'L';  // L, A, V, C: in metres and their powers; a count.
  double value = 0;
};

// What an element is made of.
struct Body {
  std::vector<Ref> solids;
  Ref profile;  // Of columns and beams; id 0: none.
  double section_m2 = 0, volume_m3 = 0;
};

// Attributes by their names in the schema; the rest is "$".
using Attributes = std::vector<std::pair<std::string_view, Argument>>;

class IfcWriter {
 public:
  // `key`: what the GlobalIds of this file follow from.
  IfcWriter(const Context& context, const BuildOptions& options, std::string key);

  // ifc_writer.cpp: the frame
  void add_frame(const std::string& storey_name);
  std::string text(const std::string& name) const;
  Ref entity(std::string_view ifc_class, const Attributes& attributes);
  Ref rooted(std::string_view ifc_class, const std::string& global_id, const Attributes& attributes);
  Ref relation(std::string_view ifc_class, const Attributes& attributes);
  // One that other files have too, with members of their own: about `whole`, so that all have one GlobalId.
  Ref shared_relation(std::string_view ifc_class, const std::string& whole, const Attributes& attributes);
  std::string id_of(const std::string& what) const;  // A GlobalId of this file.
  std::string project_id() const;
  void contain(Ref element, bool space);
  double scaled(double metres) const;
  double written_unit_m() const;
  Ref storey_placement() const { return storey_placement_; }

  // ifc_shapes.cpp
  Ref point(const std::array<double, 3>& at);  // Metres.
  Ref point(double x, double y);
  Ref direction(double x, double y, double z);
  Ref axes(const std::array<double, 3>& at, const std::array<double, 3>& z = {0, 0, 1},
           const std::array<double, 3>& x = {1, 0, 0});
  Ref placement(Ref relative_to, Ref axes);
  Ref rectangle(double x, double y, double width, double depth);  // Around its middle.
  Ref polygon(const std::vector<std::array<double, 2>>& points);
  Ref solid(Ref profile, Ref position, double depth);
  Ref box(const std::array<double, 3>& from, const std::array<double, 3>& size);
  Body body_of(const Element& element);
  Ref shape(const Body& body, const Element* axis_of);

  // ifc_data.cpp
  void add_type(const Element& element, const Kind& kind, Ref occurrence, const std::string& ifc_class,
                const std::string& predefined);
  void add_material(const Element& element, const Kind& kind, const Body& body, Ref occurrence);
  void add_properties(const Element& element, const Kind& kind, Ref occurrence);
  void add_quantities(const std::string& set, const std::vector<Quantity>& quantities, Ref occurrence);
  // What was added by these two, as metadata.json says it.
  const std::vector<element::Statement>& statements() const { return statements_; }

 private:
  void add_units();
  void add_spatial(const std::string& storey_name);
  std::string spatial_id(const std::string& known_id, const std::string& key) const;
  Ref known(std::string_view ifc_class, const std::string& known_id, bool in_model, const std::string& key,
            Attributes attributes);
  Body column_body(const Element& element, bool along_x);
  Body pipe_body(const Element& element);
  Body roof_body(const Element& element);
  Body stair_body(const Element& element);
  Body railing_body(const Element& element);
  Body plate_body(const Element& element);
  Ref i_profile(const SteelProfile& profile, double& area_m2);
  Ref i_outline(const SteelProfile& steel);
  // `type` of IFC with the value as STEP text, and as JSON.
  struct Property {
    Ref ref;
    std::string name, json;
  };
  Property property(const std::string& name, std::string_view type, const std::string& step, std::string json);
  void add_set(const std::string& name, const std::vector<Property>& properties, Ref occurrence);
  Ref material(const std::string& name);
  Ref layer_set(const Element& element, const std::string& name);

  const Context& context_;
  const BuildOptions& options_;
  std::string key_;
  ifc::Draft draft_;
  Ref project_, storey_, storey_placement_, body_context_, axis_context_, type_;
  std::map<std::string, Ref> materials_;
  std::string storey_id_, type_id_;
  int relations_ = 0;
  std::vector<element::Statement> statements_;
};

// "Concrete wall 200": the name of its type.
std::string type_name(const Element& element);
std::string ifc_class_of(const Element& element);
std::string predefined_of(const Element& element);
// Base quantities by the names that the kind's set has. `holes` are what is cut out, in square metres and cubic metres.
std::vector<Quantity> quantities_of(const Element& element, const Body& body, double holes_m2, double holes_m3);

}  // namespace aecos::generate
