#include <algorithm>
#include <iterator>

#include "cost/body_internal.h"

namespace aecos::cost {
namespace {

constexpr int depth_max = 50;  // Of clippings in each other.
constexpr std::size_t items_max = 500;

Error unknown(const std::string& what) { return {ErrorCode::invalid_input, what}; }

// "an IFCFACETEDBREP"
std::string a_shape(const std::string& keyword) {
  return "its shape is " + (keyword.empty() ? "not readable" : keyword);
}

Error too_long() { return unknown("the shapes of this model take too long to work out"); }

std::uint64_t square(std::size_t count) { return std::uint64_t{count} * count; }

Result<> take_away(const Source& source, std::vector<Convex>& pieces, const Cutter& cutter) {
  std::uint64_t work = 0;
  if (!subtract(pieces, cutter, work)) return unknown("its shape is too complicated");
  return source.spend(work) ? Result<>() : too_long();
}

// The extrusion as convex pieces.
Result<std::vector<Convex>> pieces_of(const Source& source, const Extrusion& extrusion) {
  if (!source.spend(square(extrusion.profile.outer.size()))) return too_long();
  const auto parts = convex_parts(extrusion.profile.outer);
  if (parts.empty()) return unknown("its outline crosses itself or has too many corners");
  std::vector<Convex> pieces;
  for (const auto& part : parts) pieces.push_back(prism(part, extrusion.at, extrusion.along));
  for (const auto& hole : extrusion.profile.holes) {
    if (!source.spend(square(hole.size()))) return too_long();
    const auto hole_parts = convex_parts(hole);
    if (hole_parts.empty()) return unknown("a hole's outline crosses itself or has too many corners");
    for (const auto& part : hole_parts)
      AECOS_TRY(take_away(source, pieces, planes_of(prism(part, extrusion.at, extrusion.along))));
  }
  return pieces;
}

double volume_of(const std::vector<Convex>& pieces) {
  double sum = 0;
  for (const Convex& piece : pieces) sum += volume_of(piece);
  return sum;
}

class Reader {
 public:
  Reader(const Source& source, Body& body) : source_(source), body_(body) {}

  Result<> add_items(std::span<const Index> items, const Affine& at, int depth) {
    if (items.size() > items_max) return unknown("its shape has too many parts");
    for (const Index item : items) AECOS_TRY(add(item, at, depth));
    return {};
  }

 private:
  Result<> add(Index item, const Affine& at, int depth) {
    constexpr std::uint64_t item_work = 1000;
    if (item == no_instance || depth > depth_max) return unknown("its shape is not readable");
    if (!source_.spend(item_work)) return too_long();
    const std::string& keyword = source_.keyword(item);
    if (keyword == "IFCEXTRUDEDAREASOLID") return add_extrusion(item, at);
    if (keyword == "IFCBOOLEANCLIPPINGRESULT" || keyword == "IFCBOOLEANRESULT") return add_difference(item, at, depth);
    if (keyword == "IFCMAPPEDITEM") return add_mapped(item, at, depth);
    return unknown(a_shape(keyword));
  }

  Result<> add_extrusion(Index item, const Affine& outer) {
    Extrusion extrusion;
    auto profile = read_profile(source_, source_.reference(item, 0));
    if (!profile) return unknown("its shape has " + profile.error().message);
    const auto at = source_.placement3(source_.reference(item, 1));
    const auto given = source_.coordinates(source_.reference(item, 2), 1);
    const Vec direction = unit_vector(given.value_or(Vec{})).value_or(Vec{});
    const auto depth = source_.positive_m(item, 3);
    if (!at || !depth || std::abs(direction.z) < 1e-6) return unknown("its extrusion has no sound sizes");
    extrusion.profile = *std::move(profile);
    extrusion.at = outer * *at;
    extrusion.along = extrusion.at.direction(direction * *depth);
    extrusion.height = std::abs(direction.z) * *depth;
    extrusion.scale = std::abs(outer.determinant());
    body_.extrusions.push_back(std::move(extrusion));
    return {};
  }

  Result<> add_difference(Index item, const Affine& at, int depth) {
    if (source_.model.attribute(item, 0) != ".DIFFERENCE.") return unknown("its shape is a union or intersection");
    const std::size_t before = body_.extrusions.size();
    AECOS_TRY(add(source_.reference(item, 1), at, depth + 1));
    std::vector<Cutter> cutters;
    AECOS_TRY(read_cutter(source_.reference(item, 2), at, depth, cutters));
    for (std::size_t k = before; k < body_.extrusions.size(); ++k) {
      auto& all = body_.extrusions[k].cutters;
      all.insert(all.end(), cutters.begin(), cutters.end());
    }
    return {};
  }

  // By planes, where they are: the normal of a mirrored or stretched one would be another.
  Result<> read_cutter(Index item, const Affine& at, int depth, std::vector<Cutter>& cutters) {
    if (item == no_instance) return unknown("its shape is cut by something that is not there");
    const std::string& keyword = source_.keyword(item);
    if (keyword == "IFCHALFSPACESOLID" || keyword == "IFCBOXEDHALFSPACE") {
      AECOS_TRY_ASSIGN(const Plane plane, read_half_space(item, at));
      cutters.push_back({plane});
      return {};
    }
    if (keyword == "IFCPOLYGONALBOUNDEDHALFSPACE") return read_bounded(item, at, cutters);
    Body other;
    if (keyword != "IFCEXTRUDEDAREASOLID" || !Reader(source_, other).add(item, at, depth + 1))
      return unknown("its shape is cut by " + keyword);
    for (const Extrusion& extrusion : other.extrusions) {
      AECOS_TRY_ASSIGN(const std::vector<Convex> pieces, pieces_of(source_, extrusion));
      for (const Convex& piece : pieces) cutters.push_back(planes_of(piece));
    }
    return {};
  }

  // What is taken away is on the side to which the normal does not point, if it is said to agree.
  Result<Plane> read_half_space(Index item, const Affine& outer) const {
    const Index surface = source_.reference(item, 0);
    const auto own = surface != no_instance && source_.is(surface, "IFCPLANE")
                         ? source_.placement3(source_.reference(surface, 0))
                         : std::nullopt;
    if (!own) return unknown("its shape is cut by a surface that is no plane");
    const Affine at = outer * *own;
    auto normal = unit_vector(cross(at.x, at.y));
    if (!normal) return unknown("its shape is cut by a surface that is no plane");
    if (dot(*normal, at.z) < 0) normal = *normal * -1;
    if (source_.model.attribute(item, 1) == ".F.") normal = *normal * -1;
    return Plane{*normal, dot(*normal, at.o)};
  }

  Result<> read_bounded(Index item, const Affine& outer, std::vector<Cutter>& cutters) {
    AECOS_TRY_ASSIGN(const Plane plane, read_half_space(item, outer));
    const auto own = source_.placement3(source_.reference(item, 2));
    auto boundary = read_outline(source_, source_.reference(item, 3));
    if (!own || !boundary) return unknown("its shape is cut within a boundary that is not readable");
    if (!source_.spend(square(boundary->corners.size()))) return too_long();
    const auto parts = convex_parts(boundary->corners);
    if (parts.empty()) return unknown("its shape is cut within a boundary that crosses itself");
    const Affine at = outer * *own;
    for (const auto& part : parts) {
      // The sides of the prism alone: it has no ends.
      Cutter cutter = planes_of(prism(part, at, at.z));
      std::erase_if(cutter, [&](const Plane& side) { return std::abs(dot(side.normal, at.z)) > 1e-6 * length(at.z); });
      cutter.push_back(plane);
      cutters.push_back(std::move(cutter));
    }
    return {};
  }

  Result<> add_mapped(Index item, const Affine& outer, int depth) {
    const Index map = source_.reference(item, 0);
    const auto target = source_.transformation(source_.reference(item, 1));
    const auto origin = map == no_instance || !target ? std::nullopt : source_.placement3(source_.reference(map, 0));
    const Index representation = origin ? source_.reference(map, 1) : no_instance;
    if (representation == no_instance) return unknown("its shape is mapped from something that is not readable");
    return add_items(source_.model.refs_in(representation, 3), outer * *target * *origin, depth + 1);
  }

  const Source& source_;
  Body& body_;
};

// The representation of an element's body.
Index body_representation(const Source& source, Index product) {
  const Index shape = source.reference(product, 6);
  if (shape == no_instance) return no_instance;
  Index unnamed = no_instance;
  for (const Index each : source.model.refs_in(shape, 2)) {
    if (each == no_instance) continue;
    const std::string name = source.model.text_attribute(each, 1), kind = source.model.text_attribute(each, 2);
    if (name == "Body") return each;
    if (name.empty() && (kind == "SweptSolid" || kind == "Clipping")) unnamed = each;
  }
  return unnamed;
}

}  // namespace

Result<Body> read_body(const Source& source, Index product) {
  const Index representation = body_representation(source, product);
  if (representation == no_instance) return unknown("it has no body");
  Body body;
  AECOS_TRY(Reader(source, body).add_items(source.model.refs_in(representation, 3), {}, 0));
  if (body.extrusions.empty()) return unknown("it has no body");
  return body;
}

Result<std::vector<Cutter>> read_opening(const Source& source, Index element, Index opening) {
  const std::string name = source.model.name(opening);
  const auto failed = [&](const std::string& why) {
    return unknown("opening " + (name.empty() ? source.model.global_id(opening) : name) + ": " + why);
  };
  auto body = read_body(source, opening);
  if (!body) return failed(body.error().message);
  const auto outer = source.object_placement(source.reference(element, 5));
  const auto inner = source.object_placement(source.reference(opening, 5));
  const auto back = outer ? inverse(*outer) : std::nullopt;
  if (!inner || !back) return failed("where it is cannot be read");
  const Affine moved = *back * *inner;
  std::vector<Cutter> cutters;
  for (Extrusion& extrusion : body->extrusions) {
    if (!extrusion.cutters.empty()) return failed("its shape is cut itself");
    extrusion.along = moved.direction(extrusion.along);
    extrusion.at = moved * extrusion.at;
    auto pieces = pieces_of(source, extrusion);
    if (!pieces) return failed(pieces.error().message);
    for (const Convex& piece : *pieces) cutters.push_back(planes_of(piece));
  }
  return cutters;
}

std::optional<double> Extrusion::profile_scale() const {
  const double x = length(at.x), y = length(at.y), tolerance = 1e-9 * x * x;
  if (std::abs(x * x - y * y) > tolerance || std::abs(dot(at.x, at.y)) > tolerance) return std::nullopt;
  return x;
}

double Extrusion::thickness() const {
  const auto normal = unit_vector(cross(at.x, at.y));
  return normal ? std::abs(dot(along, *normal)) : 0;
}

Result<double> net_volume(const Source& source, const Extrusion& extrusion, const std::vector<Cutter>& openings) {
  if (extrusion.cutters.empty() && openings.empty()) return extrusion.gross_volume();
  AECOS_TRY_ASSIGN(std::vector<Convex> pieces, pieces_of(source, extrusion));
  const double before = volume_of(pieces);
  for (const auto* cutters : {&extrusion.cutters, &openings})
    for (const Cutter& cutter : *cutters) AECOS_TRY(take_away(source, pieces, cutter));
  // What arcs have beyond their chords is only in the exact one.
  return std::max(0.0, extrusion.gross_volume() - (before - volume_of(pieces)));
}

}  // namespace aecos::cost
