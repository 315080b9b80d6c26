// Swept solids.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "generate/ifc_writer_internal.h"

namespace aecos::generate {
namespace {

constexpr double rail_m = 0.05, post_m = 0.04;
constexpr std::array<double, 3> x_axis{1, 0, 0}, y_axis{0, 1, 0};

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

}  // namespace

Ref IfcWriter::point(const std::array<double, 3>& at) {
  return draft_.add("IFCCARTESIANPOINT", {list_text({scaled(at[0]), scaled(at[1]), scaled(at[2])})});
}

Ref IfcWriter::point(double x, double y) {
  return draft_.add("IFCCARTESIANPOINT", {list_text({scaled(x), scaled(y)})});
}

Ref IfcWriter::direction(double x, double y, double z) {
  const auto clean = [](double each) { return std::round(each * 1e12) / 1e12 + 0.0; };
  return draft_.add("IFCDIRECTION", {list_text({clean(x), clean(y), clean(z)})});
}

Ref IfcWriter::axes(const std::array<double, 3>& at, const std::array<double, 3>& z, const std::array<double, 3>& x) {
  const Ref origin = point(at);
  if (z == std::array<double, 3>{0, 0, 1} && x == x_axis) return draft_.add("IFCAXIS2PLACEMENT3D", {origin, "$", "$"});
  const Ref up = direction(z[0], z[1], z[2]);
  return draft_.add("IFCAXIS2PLACEMENT3D", {origin, up, direction(x[0], x[1], x[2])});
}

Ref IfcWriter::placement(Ref relative_to, Ref axes) {
  return draft_.add("IFCLOCALPLACEMENT", {relative_to.id ? Argument(relative_to) : Argument("$"), axes});
}

Ref IfcWriter::rectangle(double x, double y, double width, double depth) {
  const Ref position = draft_.add("IFCAXIS2PLACEMENT2D", {point(x, y), "$"});
  return draft_.add("IFCRECTANGLEPROFILEDEF", {".AREA.", "$", position, scaled(width), scaled(depth)});
}

Ref IfcWriter::polygon(const std::vector<std::array<double, 2>>& points) {
  std::vector<Ref> all;
  for (const auto& each : points) all.push_back(point(each[0], each[1]));
  all.push_back(all.front());
  const Ref line = draft_.add("IFCPOLYLINE", {all});
  return draft_.add("IFCARBITRARYCLOSEDPROFILEDEF", {".AREA.", "$", line});
}

Ref IfcWriter::solid(Ref profile, Ref position, double depth) {
  return draft_.add("IFCEXTRUDEDAREASOLID", {profile, position, direction(0, 0, 1), scaled(depth)});
}

Ref IfcWriter::box(const std::array<double, 3>& from, const std::array<double, 3>& size) {
  const Ref profile = rectangle(from[0] + size[0] / 2, from[1] + size[1] / 2, size[0], size[1]);
  return solid(profile, axes({0, 0, from[2]}), size[2]);
}

Ref IfcWriter::i_profile(const SteelProfile& profile, double& area_m2) {
  const auto metres = [&](double millimetres) { return scaled(millimetres / 1000); };
  area_m2 = (2 * profile.width * profile.flange + (profile.depth - 2 * profile.flange) * profile.web +
             (4 - std::numbers::pi) * profile.radius * profile.radius) /
            1e6;
  return entity("IfcIShapeProfileDef", {{"ProfileType", ".AREA."},
                                        {"ProfileName", quoted(profile.name)},
                                        {"OverallWidth", metres(profile.width)},
                                        {"OverallDepth", metres(profile.depth)},
                                        {"WebThickness", metres(profile.web)},
                                        {"FlangeThickness", metres(profile.flange)},
                                        {"FilletRadius", metres(profile.radius)}});
}

// The same outline as a polygon. Kernels differ in how they draw the fillets of the profile by its measures.
Ref IfcWriter::i_outline(const SteelProfile& steel) {
  const double width = steel.width / 2000, high = steel.depth / 2000, web = steel.web / 2000;
  const double inside = high - steel.flange / 1000, radius = steel.radius / 1000;
  std::vector<std::array<double, 2>> points;
  const auto fillet = [&](double side, double end, double from) {
    constexpr int pieces = 12;
    for (int i = 0; i <= pieces; ++i) {
      const double angle = radians(from - 90.0 * i / pieces);
      points.push_back(
          {side * (web + radius) + radius * std::cos(angle), end * (inside - radius) + radius * std::sin(angle)});
    }
  };
  points.insert(points.end(), {{-width, -high}, {width, -high}, {width, -inside}});
  fillet(1, -1, 270);
  fillet(1, 1, 180);
  points.insert(points.end(), {{width, inside}, {width, high}, {-width, high}, {-width, inside}});
  fillet(-1, 1, 90);
  fillet(-1, -1, 0);
  points.push_back({-width, -inside});
  return polygon(points);
}

// Columns stand on their middle; the axis of beams is in the middle of their width, at their foot.
Body IfcWriter::column_body(const Element& element, bool along_x) {
  Body body;
  const double width = element.number("width"), depth = element.number("depth"), diameter = element.number("diameter");
  const SteelProfile* steel = vocabulary().profile(element.text("profile"));
  double high = depth;
  if (steel) {
    body.profile = i_profile(*steel, body.section_m2);
    high = steel->depth / 1000;
  } else if (diameter > 0) {
    body.profile = draft_.add("IFCCIRCLEPROFILEDEF", {".AREA.", "$", "$", scaled(diameter / 2)});
    body.section_m2 = std::numbers::pi * diameter * diameter / 4;
    high = diameter;
  } else {
    body.profile = draft_.add("IFCRECTANGLEPROFILEDEF", {".AREA.", "$", "$", scaled(width), scaled(depth)});
    body.section_m2 = width * depth;
  }
  const double length = element.number(along_x || element.kind == "pile" ? "length" : "height");
  const double foot = element.kind == "pile" ? -length : 0;
  const Ref position = along_x ? axes({0, 0, high / 2}, x_axis, y_axis) : axes({0, 0, foot});
  body.solids = {solid(steel ? i_outline(*steel) : body.profile, position, length)};
  body.volume_m3 = body.section_m2 * length;
  return body;
}

Body IfcWriter::pipe_body(const Element& element) {
  Body body;
  const double diameter = element.number("diameter"), wall = element.number("thickness");
  const double width = element.number("width"), height = element.number("height"), length = element.number("length");
  if (diameter > 0) {
    body.profile = draft_.add("IFCCIRCLEHOLLOWPROFILEDEF", {".AREA.", "$", "$", scaled(diameter / 2), scaled(wall)});
    body.section_m2 = std::numbers::pi * (diameter - wall) * wall;
  } else {
    body.profile = draft_.add("IFCRECTANGLEHOLLOWPROFILEDEF",
                              {".AREA.", "$", "$", scaled(width), scaled(height), scaled(wall), "$", "$"});
    body.section_m2 = width * height - (width - 2 * wall) * (height - 2 * wall);
  }
  const double middle = (diameter > 0 ? diameter : height) / 2;
  const Ref position = element.truth("vertical") ? axes({0, 0, 0}) : axes({0, 0, middle}, x_axis, y_axis);
  body.solids = {solid(body.profile, position, length)};
  body.volume_m3 = body.section_m2 * length;
  return body;
}

// The slopes rise across the width; ridge and eaves run along the length.
Body IfcWriter::roof_body(const Element& element) {
  const double length = element.number("length"), width = element.number("width");
  const double slope = std::tan(radians(element.number("pitch"))),
               thick = element.number("thickness") / std::cos(radians(element.number("pitch")));
  std::vector<std::array<double, 2>> points{{0, 0}, {width, width * slope}, {width, width * slope + thick}, {0, thick}};
  const double ridge = width / 2 * slope;
  if (element.text("form") == "gable")
    points = {{0, 0}, {width / 2, ridge}, {width, 0}, {width, thick}, {width / 2, ridge + thick}, {0, thick}};
  Body body;
  body.solids = {solid(polygon(points), axes({0, 0, 0}, x_axis, y_axis), length)};
  body.volume_m3 = width * thick * length;
  return body;
}

// Steps that are solid down to the floor, and ramps; their axis is in the middle of their width.
Body IfcWriter::stair_body(const Element& element) {
  const double width = element.number("width"), height = element.number("height");
  std::vector<std::array<double, 2>> points{{0, 0}};
  double area = 0;
  if (element.kind == "ramp") {
    points.push_back({element.number("length"), 0});
    points.push_back({element.number("length"), height});
    area = element.number("length") * height / 2;
  } else {
    const int risers = static_cast<int>(element.number("risers"));
    const double riser = height / risers, tread = element.number("tread");
    for (int i = 0; i < risers; ++i) {
      points.push_back({i * tread, (i + 1) * riser});
      points.push_back({(i + 1) * tread, (i + 1) * riser});
      area += tread * (i + 1) * riser;
    }
    points.push_back({risers * tread, 0});
    std::reverse(points.begin(), points.end());
  }
  Body body;
  body.solids = {solid(polygon(points), axes({0, width / 2, 0}, {0, -1, 0}, x_axis), width)};
  body.volume_m3 = area * width;
  return body;
}

Body IfcWriter::railing_body(const Element& element) {
  const double length = element.number("length"), height = element.number("height");
  Body body;
  body.solids = {box({0, -rail_m / 2, height - rail_m}, {length, rail_m, rail_m})};
  body.volume_m3 = length * rail_m * rail_m;
  const int posts = static_cast<int>(std::ceil(length - 1e-9)) + 1;
  for (int i = 0; i < posts; ++i) {
    const double x = (length - post_m) * i / (posts - 1);
    body.solids.push_back(box({x, -post_m / 2, 0}, {post_m, post_m, height - rail_m}));
    body.volume_m3 += post_m * post_m * (height - rail_m);
  }
  return body;
}

// Everything that is a box.
Body IfcWriter::plate_body(const Element& element) {
  std::array<double, 3> from{0, 0, 0},
      size{element.number("length"), element.number("width"), element.number("height")};
  const std::string& kind = element.kind;
  if (kind == "wall" || kind == "curtainWall") {
    size[1] = element.number("thickness");
    from[1] = -size[1] / 2;
  } else if (kind == "slab" || kind == "footing" || kind == "roof" || kind == "ceiling" || kind == "flooring") {
    size[2] = element.number("thickness");
    if (kind == "slab" || kind == "footing") from[2] = -size[2];
    if (kind == "footing") from = {element.text("form") == "strip" ? 0 : -size[0] / 2, -size[1] / 2, -size[2]};
  } else if (kind == "door" || kind == "window") {
    const double thick = kind == "door" ? door_leaf_m : window_m;
    size = {element.number("width"), thick, element.number("height")};
    from[1] = -thick / 2;
  }
  Body body;
  body.solids = {box(from, size)};
  body.volume_m3 = size[0] * size[1] * size[2];
  return body;
}

Body IfcWriter::body_of(const Element& element) {
  const std::string& kind = element.kind;
  if (kind == "column" || kind == "pile") return column_body(element, false);
  if (kind == "beam") return column_body(element, true);
  if (kind == "pipe" || kind == "duct") return pipe_body(element);
  if (kind == "roof" && element.has("form")) return roof_body(element);
  if (kind == "stair" || kind == "ramp") return stair_body(element);
  if (kind == "railing") return railing_body(element);
  return plate_body(element);
}

Ref IfcWriter::shape(const Body& body, const Element* axis_of) {
  std::vector<Ref> representations;
  if (axis_of) {
    const std::vector<Ref> ends{point(0, 0), point(axis_of->number("length"), 0)};
    const Ref line = draft_.add("IFCPOLYLINE", {ends});
    representations.push_back(
        draft_.add("IFCSHAPEREPRESENTATION", {axis_context_, "'Axis'", "'Curve2D'", std::vector<Ref>{line}}));
  }
  representations.push_back(
      draft_.add("IFCSHAPEREPRESENTATION", {body_context_, "'Body'", "'SweptSolid'", body.solids}));
  return draft_.add("IFCPRODUCTDEFINITIONSHAPE", {"$", "$", representations});
}

}  // namespace aecos::generate
