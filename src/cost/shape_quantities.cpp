#include <algorithm>
#include <array>

#include "cost/quantities_internal.h"

namespace aecos::cost {
namespace {

constexpr std::array<std::string_view, 2> walls{"IFCWALL", "IFCWALLSTANDARDCASE"};
constexpr std::array<std::string_view, 4> flat{"IFCSLAB", "IFCROOF", "IFCPLATE", "IFCCOVERING"};
constexpr std::array<std::string_view, 7> long_ones{"IFCBEAM",        "IFCCOLUMN",         "IFCMEMBER", "IFCPILE",
                                                    "IFCFLOWSEGMENT", "IFCREINFORCINGBAR", "IFCTENDON"};

template <std::size_t N>
bool is_any(const Source& source, Index element, const std::array<std::string_view, N>& keywords) {
  return std::any_of(keywords.begin(), keywords.end(),
                     [&](std::string_view each) { return source.is_a(element, each); });
}

Amount& amount(Item& item, Dimension dimension) { return item.amounts[static_cast<std::size_t>(dimension)]; }

void put(Item& item, Dimension dimension, double value, Origin origin, std::string_view note) {
  Amount& there = amount(item, dimension);
  if (there.origin == Origin::unknown) there = {origin, value, note};
}

bool is_upright(const Extrusion& extrusion) {
  const double size = length(extrusion.along);
  return size > 0 && std::abs(extrusion.along.z) > 0.999 * size;
}

// Area of a wall's side, and its length along the floor: of one that stands on its outline.
void add_wall(const Extrusion& extrusion, double net, double thickness, Item& item) {
  if (!is_upright(extrusion)) return;
  const double scale = extrusion.profile_scale().value_or(0);
  const double x = extrusion.profile.along_x * scale, y = extrusion.profile.along_y * scale;
  const bool box = x > 0 && y > 0;
  const double width = thickness > 0 ? thickness : std::min(x, y);
  if (!(width > 0)) return;
  const std::string_view how = thickness > 0 ? "volume by the thickness of its layers" : "volume by its thickness";
  put(item, Dimension::area, net / width, Origin::shape, how);
  if (box) put(item, Dimension::length, std::max(x, y), Origin::shape, "longer side");
}

void add_dimensions(const Source& source, Index element, const Related& related, const Body& body, double net,
                    Item& item) {
  if (body.extrusions.size() != 1) return;
  const Extrusion& extrusion = body.extrusions.front();
  if (is_any(source, element, walls)) return add_wall(extrusion, net, related.thickness_m, item);
  if (is_any(source, element, flat)) {
    // Thin along its extrusion: a plate that is drawn by its outline.
    const double thickness = extrusion.thickness();
    if (thickness > 0 && thickness * thickness < extrusion.profile_area())
      put(item, Dimension::area, net / thickness, Origin::shape, "volume by its thickness");
    return;
  }
  if (is_any(source, element, long_ones))
    put(item, Dimension::length, length(extrusion.along), Origin::shape, "along its extrusion");
}

}  // namespace

void add_sizes(const Source& source, Index element, Item& item) {
  if (!source.is_a(element, "IFCDOOR") && !source.is_a(element, "IFCWINDOW")) return;
  const schema::Entity* const entity = source.model.traits(element).entity;
  const int height = schema::attribute_index(*entity, "OverallHeight");
  const int width = schema::attribute_index(*entity, "OverallWidth");
  if (height < 0 || width < 0) return;
  const auto h = source.positive_m(element, static_cast<std::size_t>(height));
  const auto w = source.positive_m(element, static_cast<std::size_t>(width));
  if (h && w) put(item, Dimension::area, *h * *w, Origin::sizes, "OverallWidth by OverallHeight");
}

void add_shape(const Source& source, Index element, const Related& related, Takeoff& takeoff, Item& item) {
  constexpr std::array wanted{Dimension::length, Dimension::area, Dimension::volume};
  const auto is_missing = [&](Dimension each) { return amount(item, each).origin == Origin::unknown; };
  if (std::none_of(wanted.begin(), wanted.end(), is_missing)) return;
  const auto say_why = [&](const std::string& why) {
    for (const Dimension each : wanted)
      if (is_missing(each) && amount(item, each).note.empty()) amount(item, each).note = takeoff.keep(why);
  };
  if (!source.knows_lengths) return say_why("the project's unit of lengths cannot be read");
  if (related.has_projections) return say_why("something is added to it (IfcRelProjectsElement)");
  const auto body = read_body(source, element);
  if (!body) return say_why(body.error().message);
  std::vector<Cutter> openings;
  for (const Index opening : related.openings) {
    auto cutters = read_opening(source, element, opening);
    if (!cutters) return say_why(cutters.error().message);
    openings.insert(openings.end(), cutters->begin(), cutters->end());
  }
  double net = 0;
  for (const Extrusion& extrusion : body->extrusions) {
    const auto volume = net_volume(source, extrusion, openings);
    if (!volume) return say_why(volume.error().message);
    net += *volume;
  }
  if (!(net > 0)) return say_why("its shape has no volume");
  put(item, Dimension::volume, net, Origin::shape, openings.empty() ? "extrusion" : "extrusion without openings");
  add_dimensions(source, element, related, *body, net, item);
  say_why("neither its base quantities nor its shape tell");
}

}  // namespace aecos::cost
