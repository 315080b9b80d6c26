#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "cost/curve_internal.h"
#include "step/token.h"

namespace aecos::cost {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double same_m = 1e-6;  // Corners this near are one.
constexpr double gap_m = 1e-3;   // Parts of a curve may be so far apart.
constexpr double step_angle = pi / 60;
constexpr std::size_t corners_max = 20'000;
constexpr std::size_t segments_max = 5000;

Error unknown(const std::string& what) { return {ErrorCode::invalid_input, what}; }

double distance(const Point& a, const Point& b) { return std::hypot(a.x - b.x, a.y - b.y); }

// Part of a curve: corners, and what lies between the chords of its arcs and the arcs themselves, to the right of
// nothing: counter-clockwise counts up.
struct Path {
  std::vector<Point> corners;
  double bulge = 0;

  void reverse() {
    std::reverse(corners.begin(), corners.end());
    bulge = -bulge;
  }
};

Path arc(const Point& middle, double radius, double from, double sweep) {
  Path path;
  const auto steps = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(std::abs(sweep) / step_angle)));
  const double each = sweep / static_cast<double>(steps);
  for (std::size_t k = 0; k <= steps; ++k) {
    const double angle = from + each * static_cast<double>(k);
    path.corners.push_back({middle.x + radius * std::cos(angle), middle.y + radius * std::sin(angle)});
  }
  path.bulge = static_cast<double>(steps) * radius * radius / 2 * (each - std::sin(each));
  return path;
}

// Through three points; on one line, just that.
Path arc_through(const Point& a, const Point& b, const Point& c) {
  const double d = 2 * (a.x * (b.y - c.y) + b.x * (c.y - a.y) + c.x * (a.y - b.y));
  if (std::abs(d) < 1e-14) return {{a, b, c}, 0};
  const double aa = a.x * a.x + a.y * a.y, bb = b.x * b.x + b.y * b.y, cc = c.x * c.x + c.y * c.y;
  const Point middle{(aa * (b.y - c.y) + bb * (c.y - a.y) + cc * (a.y - b.y)) / d,
                     (aa * (c.x - b.x) + bb * (a.x - c.x) + cc * (b.x - a.x)) / d};
  const double from = std::atan2(a.y - middle.y, a.x - middle.x), to = std::atan2(c.y - middle.y, c.x - middle.x);
  double sweep = to - from;
  if (d > 0 && sweep < 0) sweep += 2 * pi;
  if (d < 0 && sweep > 0) sweep -= 2 * pi;
  return arc(middle, distance(a, middle), from, sweep);
}

class Reader {
 public:
  explicit Reader(const Source& source) : source_(source) {}

  Result<Path> read(Index curve, int depth) const {
    if (curve == no_instance) return unknown("a curve that is not there");
    const std::string& keyword = source_.keyword(curve);
    if (keyword == "IFCPOLYLINE") return polyline(curve);
    if (keyword == "IFCCIRCLE" || keyword == "IFCELLIPSE") return ellipse(curve);
    if (keyword == "IFCINDEXEDPOLYCURVE") return indexed(curve);
    if (keyword == "IFCTRIMMEDCURVE") return trimmed(curve);
    if (keyword == "IFCCOMPOSITECURVE" && depth < 4) return composite(curve, depth);
    return unknown("a curve of class " + keyword);
  }

 private:
  Result<Point> point(Index i) const {
    const auto found = source_.point(i);
    if (!found) return unknown("a point that cannot be read");
    return Point{found->x, found->y};
  }

  Result<Path> polyline(Index curve) const {
    Path path;
    const auto points = source_.model.refs_in(curve, 0);
    if (points.size() > corners_max) return unknown("a curve of too many corners");
    for (const Index each : points) {
      AECOS_TRY_ASSIGN(const Point corner, point(each));
      path.corners.push_back(corner);
    }
    return path;
  }

  Result<Path> ellipse(Index curve) const {
    const auto at = source_.placement2(source_.reference(curve, 0));
    const auto one = source_.positive_m(curve, 1);
    const auto other = source_.is(curve, "IFCELLIPSE") ? source_.positive_m(curve, 2) : one;
    if (!at || !one || !other) return unknown("a circle that cannot be read");
    Path path = arc({0, 0}, 1, 0, 2 * pi);
    for (Point& corner : path.corners) {
      const Vec moved = at->point({corner.x * *one, corner.y * *other, 0});
      corner = {moved.x, moved.y};
    }
    path.bulge *= *one * *other;
    return path;
  }

  Result<std::vector<Point>> coordinate_list(Index list) const {
    std::vector<Point> points;
    if (list == no_instance || !source_.is(list, "IFCCARTESIANPOINTLIST2D"))
      return unknown("a curve that is not in a plane");
    for (const std::string_view pair : step::split(source_.model.attribute(list, 0))) {
      const auto parts = step::split(pair);
      Point corner;
      if (parts.size() != 2 || !step::number_value(parts[0], corner.x) || !step::number_value(parts[1], corner.y))
        return unknown("a point that cannot be read");
      points.push_back({corner.x * source_.length_m, corner.y * source_.length_m});
      if (points.size() > corners_max) return unknown("a curve of too many corners");
    }
    return points;
  }

  Result<Path> indexed(Index curve) const {
    AECOS_TRY_ASSIGN(const std::vector<Point> points, coordinate_list(source_.reference(curve, 0)));
    const std::string_view segments = source_.model.attribute(curve, 1);
    if (segments.empty() || segments == "$") return Path{points, 0};
    Path path;
    step::Tokens tokens(segments);
    bool is_arc = false;
    std::vector<Point> part;
    for (step::Token token = tokens.next(); token.kind != step::TokenKind::end; token = tokens.next()) {
      if (token.kind == step::TokenKind::keyword) {
        is_arc = token.text == "IFCARCINDEX";
        part.clear();
      } else if (token.kind == step::TokenKind::number) {
        double number = 0;
        if (!step::number_value(token.text, number) || !(number >= 1) || number > static_cast<double>(points.size()))
          return unknown("a curve that refers to points that are not there");
        part.push_back(points[static_cast<std::size_t>(number) - 1]);
      } else if (token.kind == step::TokenKind::close && !part.empty()) {
        if (is_arc && part.size() != 3) return unknown("an arc of other than three points");
        AECOS_TRY(append(path, is_arc ? arc_through(part[0], part[1], part[2]) : Path{part, 0}));
        part.clear();
      }
    }
    return path;
  }

  // The end of a trimmed curve: its angle on the circle, by parameter or point; no number where it has none.
  double angle_at(Index curve, std::size_t attribute, const Affine& back) const {
    const std::string_view text = source_.model.attribute(curve, attribute);
    if (const std::size_t at = text.find("IFCPARAMETERVALUE("); at != std::string_view::npos) {
      const std::size_t begin = at + std::string_view("IFCPARAMETERVALUE(").size();
      double value = 0;
      if (step::number_value(text.substr(begin, text.find(')', begin) - begin), value)) return value * source_.angle;
    }
    const auto refs = source_.model.refs_in(curve, attribute);
    const auto at = refs.empty() ? std::nullopt : source_.point(refs[0]);
    if (!at) return std::numeric_limits<double>::quiet_NaN();
    const Vec local = back.point(*at);
    return std::atan2(local.y, local.x);
  }

  Result<Path> trimmed(Index curve) const {
    const Index basis = source_.reference(curve, 0);
    if (basis == no_instance) return unknown("a curve that is not there");
    if (source_.is(basis, "IFCLINE")) return trimmed_line(curve);
    if (!source_.is(basis, "IFCCIRCLE")) return unknown("a part of a curve of class " + source_.keyword(basis));
    const auto at = source_.placement2(source_.reference(basis, 0));
    const auto radius = source_.positive_m(basis, 1);
    const auto back = at ? inverse(*at) : std::nullopt;
    if (!radius || !back) return unknown("a part of a circle that cannot be read");
    const double from = angle_at(curve, 1, *back), to = angle_at(curve, 2, *back);
    if (std::isnan(from) || std::isnan(to)) return unknown("a part of a circle whose ends cannot be read");
    const bool forward = source_.model.attribute(curve, 3) != ".F.";
    double sweep = std::fmod(to - from, 2 * pi);
    if (forward && sweep <= 1e-9) sweep += 2 * pi;
    if (!forward && sweep >= -1e-9) sweep -= 2 * pi;
    Path path = arc({0, 0}, *radius, from, sweep);
    for (Point& corner : path.corners) {
      const Vec moved = at->point({corner.x, corner.y, 0});
      corner = {moved.x, moved.y};
    }
    return path;
  }

  Result<Path> trimmed_line(Index curve) const {
    Path path;
    for (const std::size_t attribute : {std::size_t{1}, std::size_t{2}}) {
      const auto refs = source_.model.refs_in(curve, attribute);
      if (refs.empty()) return unknown("a part of a line that is trimmed by parameters");
      AECOS_TRY_ASSIGN(const Point end, point(refs[0]));
      path.corners.push_back(end);
    }
    return path;
  }

  Result<Path> composite(Index curve, int depth) const {
    Path path;
    const auto segments = source_.model.refs_in(curve, 0);
    if (segments.size() > segments_max) return unknown("a curve of too many parts");
    for (const Index segment : segments) {
      if (segment == no_instance || !source_.is(segment, "IFCCOMPOSITECURVESEGMENT"))
        return unknown("a composite curve of unusual parts");
      AECOS_TRY_ASSIGN(Path part, read(source_.reference(segment, 2), depth + 1));
      if (source_.model.attribute(segment, 1) == ".F.") part.reverse();
      AECOS_TRY(append(path, part));
    }
    return path;
  }

  static Result<> append(Path& path, const Path& part) {
    if (path.corners.size() + part.corners.size() > corners_max) return unknown("a curve of too many corners");
    if (!path.corners.empty() && !part.corners.empty() && distance(path.corners.back(), part.corners.front()) > gap_m)
      return unknown("a curve with gaps");
    path.corners.insert(path.corners.end(), part.corners.begin(), part.corners.end());
    path.bulge += part.bulge;
    return {};
  }

  const Source& source_;
};

}  // namespace

Result<Outline> read_outline(const Source& source, Index curve) {
  AECOS_TRY_ASSIGN(const Path path, Reader(source).read(curve, 0));
  constexpr std::uint64_t corner_work = 100;
  if (!source.spend(path.corners.size() * corner_work)) return unknown("an outline that takes too long to work out");
  Outline outline;
  for (const Point& corner : path.corners)
    if (outline.corners.empty() || distance(outline.corners.back(), corner) > same_m) outline.corners.push_back(corner);
  while (outline.corners.size() > 1 && distance(outline.corners.front(), outline.corners.back()) <= same_m)
    outline.corners.pop_back();
  if (outline.corners.size() < 3) return unknown("an outline without area");
  double area = signed_area(outline.corners) + path.bulge;
  if (area < 0) {
    std::reverse(outline.corners.begin(), outline.corners.end());
    area = -area;
  }
  if (!(area > 0) || !std::isfinite(area)) return unknown("an outline without area");
  outline.area = area;
  return outline;
}

}  // namespace aecos::cost
