#include <algorithm>
#include <numbers>

#include "cost/profile_internal.h"

namespace aecos::cost {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double corner = 1 - pi / 4;  // Of a square in which a quarter of a circle stands: the part outside of it.
constexpr std::size_t circle_corners = 96;
constexpr int derived_max = 4;

Error unknown(const std::string& what) { return {ErrorCode::invalid_input, what}; }

std::vector<Point> rectangle(double x, double y, double width, double height) {
  return {{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}};
}

std::vector<Point> ellipse(double a, double b) {
  std::vector<Point> points;
  const double each = 2 * pi / circle_corners;
  const double grow = std::sqrt(each / std::sin(each));  // So that the polygon has the area of the ellipse.
  for (std::size_t k = 0; k < circle_corners; ++k) {
    const double angle = each * static_cast<double>(k);
    points.push_back({a * grow * std::cos(angle), b * grow * std::sin(angle)});
  }
  return points;
}

class Reader {
 public:
  explicit Reader(const Source& source) : source_(source) {}

  Result<Profile> read(Index i, int depth) {
    if (i == no_instance) return unknown("a profile that is not there");
    i_ = i;
    const std::string& keyword = source_.keyword(i);
    if (keyword == "IFCARBITRARYCLOSEDPROFILEDEF" || keyword == "IFCARBITRARYPROFILEDEFWITHVOIDS") return arbitrary();
    if (keyword == "IFCDERIVEDPROFILEDEF" || keyword == "IFCMIRROREDPROFILEDEF") return derived(depth);
    AECOS_TRY_ASSIGN(Profile profile, parameterised(keyword));
    if (missing_ || !(profile.area > 0) || !std::isfinite(profile.area))
      return unknown("a profile of class " + keyword + " whose sizes cannot be right");
    const auto at = source_.placement2(source_.reference(i, 2));
    if (!at) return unknown("a profile without a sound position");
    move(profile, *at);
    return profile;
  }

 private:
  // A size that must be there.
  double size(std::size_t attribute) {
    const auto found = source_.positive_m(i_, attribute);
    missing_ = missing_ || !found;
    return found.value_or(0);
  }
  double size_or(std::size_t attribute, double otherwise) const {
    return source_.positive_m(i_, attribute).value_or(otherwise);
  }
  bool slopes(std::size_t attribute) const { return source_.number(i_, attribute).value_or(0) != 0; }

  static void move(Profile& profile, const Affine& at) {
    const auto move_all = [&](std::vector<Point>& points) {
      for (Point& point : points) {
        const Vec moved = at.point({point.x, point.y, 0});
        point = {moved.x, moved.y};
      }
    };
    move_all(profile.outer);
    for (auto& hole : profile.holes) move_all(hole);
  }

  Result<Profile> parameterised(const std::string& keyword) {
    if (keyword == "IFCRECTANGLEPROFILEDEF" || keyword == "IFCROUNDEDRECTANGLEPROFILEDEF" ||
        keyword == "IFCRECTANGLEHOLLOWPROFILEDEF")
      return rectangular(keyword);
    if (keyword == "IFCCIRCLEPROFILEDEF" || keyword == "IFCCIRCLEHOLLOWPROFILEDEF" || keyword == "IFCELLIPSEPROFILEDEF")
      return round(keyword);
    if (keyword == "IFCISHAPEPROFILEDEF" || keyword == "IFCASYMMETRICISHAPEPROFILEDEF") return i_shape(keyword);
    if (keyword == "IFCLSHAPEPROFILEDEF") return l_shape();
    if (keyword == "IFCTSHAPEPROFILEDEF") return t_shape();
    if (keyword == "IFCUSHAPEPROFILEDEF") return u_shape();
    if (keyword == "IFCCSHAPEPROFILEDEF") return c_shape();
    if (keyword == "IFCZSHAPEPROFILEDEF") return z_shape();
    if (keyword == "IFCTRAPEZIUMPROFILEDEF") return trapezium();
    return unknown("a profile of class " + keyword);
  }

  Result<Profile> rectangular(const std::string& keyword) {
    const double x = size(3), y = size(4);
    Profile profile{x * y, rectangle(-x / 2, -y / 2, x, y), {}, x, y};
    if (keyword == "IFCROUNDEDRECTANGLEPROFILEDEF") {
      const double r = size_or(5, 0);
      missing_ = missing_ || 2 * r > std::min(x, y) * (1 + 1e-9);
      profile.area -= 4 * corner * r * r;
    }
    if (keyword == "IFCRECTANGLEHOLLOWPROFILEDEF") {
      const double wall = size(5), inner = size_or(6, 0), outer = size_or(7, 0);
      const double hole_x = x - 2 * wall, hole_y = y - 2 * wall;
      missing_ = missing_ || hole_x <= 0 || hole_y <= 0;
      profile.area += 4 * corner * (inner * inner - outer * outer) - hole_x * hole_y;
      profile.holes.push_back(rectangle(-hole_x / 2, -hole_y / 2, hole_x, hole_y));
      profile.along_x = profile.along_y = 0;
    }
    return profile;
  }

  Result<Profile> round(const std::string& keyword) {
    const double a = size(3), b = keyword == "IFCELLIPSEPROFILEDEF" ? size(4) : a;
    Profile profile{pi * a * b, ellipse(a, b), {}, 0, 0};
    if (keyword == "IFCCIRCLEHOLLOWPROFILEDEF") {
      const double hole = a - size(4);
      missing_ = missing_ || hole <= 0;
      profile.area -= pi * hole * hole;
      profile.holes.push_back(ellipse(hole, hole));
    }
    return profile;
  }

  Result<Profile> i_shape(const std::string& keyword) {
    const bool uneven = keyword == "IFCASYMMETRICISHAPEPROFILEDEF";
    const double width = size(3), depth = size(4), web = size(5), flange = size(6), fillet = size_or(7, 0);
    const double top = uneven ? size(8) : width, top_flange = uneven ? size_or(9, flange) : flange;
    const double top_fillet = uneven ? size_or(10, 0) : fillet;
    if (!uneven && slopes(9)) return unknown("a steel section with sloped flanges");
    const double edge = uneven ? 0 : size_or(8, 0);
    missing_ = missing_ || flange + top_flange >= depth || web > std::min(width, top);
    const double h = depth / 2, w = web / 2, low = -h + flange, high = h - top_flange;
    Profile profile;
    profile.area = width * flange + top * top_flange + (depth - flange - top_flange) * web +
                   2 * corner * (fillet * fillet + top_fillet * top_fillet) - 4 * corner * edge * edge;
    profile.outer = {{-width / 2, -h}, {width / 2, -h}, {width / 2, low}, {w, low},   {w, high}, {top / 2, high},
                     {top / 2, h},     {-top / 2, h},   {-top / 2, high}, {-w, high}, {-w, low}, {-width / 2, low}};
    return profile;
  }

  Result<Profile> l_shape() {
    const double depth = size(3), width = size_or(4, depth), wall = size(5), fillet = size_or(6, 0),
                 edge = size_or(7, 0);
    if (slopes(8)) return unknown("a steel section with sloped legs");
    missing_ = missing_ || wall >= std::min(depth, width);
    const double x = -width / 2, y = -depth / 2;
    Profile profile;
    profile.area = wall * (depth + width - wall) + corner * (fillet * fillet - 2 * edge * edge);
    profile.outer = {{x, y},        {x + width, y}, {x + width, y + wall}, {x + wall, y + wall}, {x + wall, y + depth},
                     {x, y + depth}};
    return profile;
  }

  Result<Profile> t_shape() {
    const double depth = size(3), width = size(4), web = size(5), flange = size(6), fillet = size_or(7, 0);
    const double edge = size_or(8, 0), web_edge = size_or(9, 0);
    if (slopes(10) || slopes(11)) return unknown("a steel section with sloped flanges");
    missing_ = missing_ || flange >= depth || web > width;
    const double h = depth / 2, w = web / 2, neck = h - flange;
    Profile profile;
    profile.area =
        width * flange + (depth - flange) * web + 2 * corner * (fillet * fillet - edge * edge - web_edge * web_edge);
    profile.outer = {{-w, -h},       {w, -h},         {w, neck},          {width / 2, neck},
                     {width / 2, h}, {-width / 2, h}, {-width / 2, neck}, {-w, neck}};
    return profile;
  }

  Result<Profile> u_shape() {
    const double depth = size(3), width = size(4), web = size(5), flange = size(6), fillet = size_or(7, 0);
    const double edge = size_or(8, 0);
    if (slopes(9)) return unknown("a steel section with sloped flanges");
    missing_ = missing_ || 2 * flange >= depth || web > width;
    const double h = depth / 2, x = -width / 2;
    Profile profile;
    profile.area = depth * web + 2 * (width - web) * flange + 2 * corner * (fillet * fillet - edge * edge);
    profile.outer = {{x, -h},
                     {x + width, -h},
                     {x + width, -h + flange},
                     {x + web, -h + flange},
                     {x + web, h - flange},
                     {x + width, h - flange},
                     {x + width, h},
                     {x, h}};
    return profile;
  }

  Result<Profile> c_shape() {
    const double depth = size(3), width = size(4), wall = size(5), girth = size(6), inner = size_or(7, 0);
    missing_ = missing_ || 2 * girth > depth || 2 * wall >= std::min(depth, width) || girth <= wall;
    const double outer = inner > 0 ? inner + wall : 0, h = depth / 2, x = -width / 2;
    Profile profile;
    profile.area = depth * wall + 2 * (width - wall) * wall + 2 * (girth - wall) * wall -
                   4 * corner * (outer * outer - inner * inner);
    profile.outer = {{x, -h},
                     {x + width, -h},
                     {x + width, -h + girth},
                     {x + width - wall, -h + girth},
                     {x + width - wall, -h + wall},
                     {x + wall, -h + wall},
                     {x + wall, h - wall},
                     {x + width - wall, h - wall},
                     {x + width - wall, h - girth},
                     {x + width, h - girth},
                     {x + width, h},
                     {x, h}};
    return profile;
  }

  Result<Profile> z_shape() {
    const double depth = size(3), width = size(4), web = size(5), flange = size(6), fillet = size_or(7, 0);
    const double edge = size_or(8, 0);
    missing_ = missing_ || 2 * flange >= depth || web > width;
    const double h = depth / 2, w = web / 2;
    Profile profile;
    profile.area = depth * web + 2 * (width - web) * flange + 2 * corner * (fillet * fillet - edge * edge);
    profile.outer = {{-w, -h}, {width - w, -h}, {width - w, -h + flange}, {w, -h + flange},
                     {w, h},   {w - width, h},  {w - width, h - flange},  {-w, h - flange}};
    return profile;
  }

  Result<Profile> trapezium() {
    const double bottom = size(3), top = size(4), height = size(5), offset = source_.number(i_, 6).value_or(0);
    const double x = -bottom / 2, shift = x + offset * source_.length_m;
    Profile profile;
    profile.area = (bottom + top) / 2 * height;
    profile.outer = {{x, -height / 2}, {-x, -height / 2}, {shift + top, height / 2}, {shift, height / 2}};
    return profile;
  }

  Result<Profile> arbitrary() {
    AECOS_TRY_ASSIGN(Outline outer, read_outline(source_, source_.reference(i_, 2)));
    Profile profile{outer.area, std::move(outer.corners), {}, 0, 0};
    if (source_.is(i_, "IFCARBITRARYPROFILEDEFWITHVOIDS"))
      for (const Index inner : source_.model.refs_in(i_, 3)) {
        AECOS_TRY_ASSIGN(Outline hole, read_outline(source_, inner));
        profile.area -= hole.area;
        profile.holes.push_back(std::move(hole.corners));
      }
    if (!(profile.area > 0)) return unknown("a profile whose holes are larger than itself");
    note_rectangle(profile);
    return profile;
  }

  // Four right corners: as good as a rectangle.
  static void note_rectangle(Profile& profile) {
    const auto& p = profile.outer;
    if (p.size() != 4 || !profile.holes.empty()) return;
    const auto side = [&](std::size_t k) { return Vec{p[(k + 1) % 4].x - p[k].x, p[(k + 1) % 4].y - p[k].y, 0}; };
    for (std::size_t k = 0; k < 4; ++k)
      if (std::abs(dot(side(k), side((k + 1) % 4))) > 1e-6 * length(side(k)) * length(side((k + 1) % 4))) return;
    profile.along_x = length(side(0));
    profile.along_y = length(side(1));
  }

  Result<Profile> derived(int depth) {
    if (depth > derived_max) return unknown("a profile that is derived from too many others");
    const Index derived = i_;
    AECOS_TRY_ASSIGN(Profile profile, read(source_.reference(derived, 2), depth + 1));
    if (source_.is(derived, "IFCMIRROREDPROFILEDEF")) {
      move(profile, {{-1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {}});
      return profile;
    }
    const auto operation = source_.transformation(source_.reference(derived, 3));
    if (!operation) return unknown("a derived profile that cannot be read");
    move(profile, *operation);
    profile.area *= std::abs(operation->determinant());
    profile.along_x *= length(operation->x);
    profile.along_y *= length(operation->y);
    return profile;
  }

  const Source& source_;
  Index i_ = no_instance;
  bool missing_ = false;
};

}  // namespace

Result<Profile> read_profile(const Source& source, Index profile) { return Reader(source).read(profile, 0); }

}  // namespace aecos::cost
