#include <algorithm>
#include <utility>

#include "cost/convex_internal.h"

namespace aecos::cost {
namespace {

constexpr double near_m = 1e-7;       // Points this near to a plane are on it.
constexpr double nothing_m3 = 1e-12;  // Pieces smaller than that are none.
constexpr std::size_t pieces_max = 4000;
constexpr std::size_t corners_max = 2000;  // Of a polygon.

Vec middle_of(const Convex& convex) {
  Vec sum;
  double count = 0;
  for (const auto& face : convex.faces)
    for (const Vec& point : face) {
      sum = sum + point;
      ++count;
    }
  return count == 0 ? sum : sum * (1 / count);
}

void measure(Convex& convex) {
  constexpr double far = 1e300;
  convex.low = {far, far, far};
  convex.high = {-far, -far, -far};
  for (const auto& face : convex.faces)
    for (const Vec& p : face) {
      convex.low = {std::min(convex.low.x, p.x), std::min(convex.low.y, p.y), std::min(convex.low.z, p.z)};
      convex.high = {std::max(convex.high.x, p.x), std::max(convex.high.y, p.y), std::max(convex.high.z, p.z)};
    }
}

// The normal of a loop, by all of its corners; as long as twice its area.
Vec normal_of(const std::vector<Vec>& loop) {
  Vec sum;
  for (std::size_t k = 0; k < loop.size(); ++k)
    sum = sum + cross(loop[k] - loop[0], loop[(k + 1) % loop.size()] - loop[0]);
  return sum;
}

std::vector<Vec> clipped(const std::vector<Vec>& loop, const Plane& plane) {
  std::vector<Vec> out;
  for (std::size_t k = 0; k < loop.size(); ++k) {
    const Vec &a = loop[k], &b = loop[(k + 1) % loop.size()];
    const double da = dot(plane.normal, a) - plane.distance, db = dot(plane.normal, b) - plane.distance;
    if (da <= near_m) out.push_back(a);
    if ((da > near_m && db < -near_m) || (da < -near_m && db > near_m)) out.push_back(a + (b - a) * (da / (da - db)));
  }
  return out;
}

// The points around their middle.
std::vector<Vec> ordered(std::vector<Vec> points, const Vec& normal) {
  Vec middle;
  for (const Vec& point : points) middle = middle + point * (1.0 / static_cast<double>(points.size()));
  const Vec other = std::abs(normal.x) < 0.9 ? Vec{1, 0, 0} : Vec{0, 1, 0};
  const Vec u = cross(normal, other), v = cross(normal, u);
  std::sort(points.begin(), points.end(), [&](const Vec& a, const Vec& b) {
    return std::atan2(dot(a - middle, v), dot(a - middle, u)) < std::atan2(dot(b - middle, v), dot(b - middle, u));
  });
  return points;
}

bool is_near(const Vec& a, const Vec& b) { return length(a - b) <= 2 * near_m; }

std::vector<Vec> cap_of(const std::vector<std::vector<Vec>>& faces, const Plane& plane) {
  std::vector<Vec> points;
  for (const auto& face : faces)
    for (const Vec& point : face) {
      if (std::abs(dot(plane.normal, point) - plane.distance) > 2 * near_m) continue;
      if (std::none_of(points.begin(), points.end(), [&](const Vec& known) { return is_near(known, point); }))
        points.push_back(point);
    }
  return points.size() < 3 ? std::vector<Vec>() : ordered(std::move(points), plane.normal);
}

// Whether a plane has all of the piece's box on its outer side.
bool is_apart(const Convex& piece, std::span<const Plane> planes) {
  return std::any_of(planes.begin(), planes.end(), [&](const Plane& plane) {
    const Vec nearest{plane.normal.x > 0 ? piece.low.x : piece.high.x, plane.normal.y > 0 ? piece.low.y : piece.high.y,
                      plane.normal.z > 0 ? piece.low.z : piece.high.z};
    return dot(plane.normal, nearest) >= plane.distance - near_m;
  });
}

double turn(const Point& a, const Point& b, const Point& c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

bool is_convex(std::span<const Point> polygon) {
  for (std::size_t k = 0; k < polygon.size(); ++k)
    if (turn(polygon[k], polygon[(k + 1) % polygon.size()], polygon[(k + 2) % polygon.size()]) < -1e-12) return false;
  return true;
}

bool crosses(const Point& a, const Point& b, const Point& c, const Point& d) {
  const double one = turn(a, b, c) * turn(a, b, d), other = turn(c, d, a) * turn(c, d, b);
  return one < -1e-18 && other < -1e-18;
}

bool crosses_itself(std::span<const Point> polygon) {
  const std::size_t n = polygon.size();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 2; j < n; ++j)
      if ((i != 0 || j + 1 != n) && crosses(polygon[i], polygon[i + 1], polygon[j], polygon[(j + 1) % n])) return true;
  return false;
}

bool is_ear(const std::vector<Point>& rest, std::size_t k) {
  const std::size_t n = rest.size();
  const Point &a = rest[(k + n - 1) % n], &b = rest[k], &c = rest[(k + 1) % n];
  if (turn(a, b, c) <= 0) return false;
  for (std::size_t j = 0; j < n; ++j) {
    if (j == k || j == (k + 1) % n || j == (k + n - 1) % n) continue;
    if (turn(a, b, rest[j]) > 0 && turn(b, c, rest[j]) > 0 && turn(c, a, rest[j]) > 0) return false;
  }
  return true;
}

}  // namespace

std::optional<Affine> inverse(const Affine& a) {
  const double determinant = a.determinant();
  if (!(std::abs(determinant) > 1e-12)) return std::nullopt;
  const Vec p = cross(a.y, a.z) * (1 / determinant), q = cross(a.z, a.x) * (1 / determinant),
            r = cross(a.x, a.y) * (1 / determinant);
  Affine out{{p.x, q.x, r.x}, {p.y, q.y, r.y}, {p.z, q.z, r.z}, {}};
  out.o = out.direction(a.o) * -1;
  return out;
}

double signed_area(std::span<const Point> polygon) {
  double twice = 0;
  for (std::size_t k = 0; k < polygon.size(); ++k)
    twice += turn(polygon[0], polygon[k], polygon[(k + 1) % polygon.size()]);
  return twice / 2;
}

std::vector<std::vector<Point>> convex_parts(std::span<const Point> polygon) {
  std::vector<Point> rest(polygon.begin(), polygon.end());
  if (rest.size() < 3 || rest.size() > corners_max || crosses_itself(polygon)) return {};
  if (signed_area(rest) < 0) std::reverse(rest.begin(), rest.end());
  if (is_convex(rest)) return {rest};
  std::vector<std::vector<Point>> parts;
  std::size_t k = 0, tried = 0;
  while (rest.size() > 3) {
    const std::size_t n = rest.size();
    k %= n;
    const bool flat = std::abs(turn(rest[(k + n - 1) % n], rest[k], rest[(k + 1) % n])) <= 1e-15;
    if (!flat && !is_ear(rest, k)) {
      ++k;
      if (++tried > n) return {};
      continue;
    }
    if (!flat) parts.push_back({rest[(k + n - 1) % n], rest[k], rest[(k + 1) % n]});
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
    tried = 0;
  }
  parts.push_back(rest);
  return parts;
}

Convex prism(std::span<const Point> polygon, const Affine& at, const Vec& along) {
  Convex convex;
  std::vector<Vec> bottom, top;
  for (const Point& point : polygon) {
    bottom.push_back(at.point({point.x, point.y, 0}));
    top.push_back(bottom.back() + along);
  }
  for (std::size_t k = 0; k < polygon.size(); ++k) {
    const std::size_t next = (k + 1) % polygon.size();
    convex.faces.push_back({bottom[k], bottom[next], top[next], top[k]});
  }
  convex.faces.push_back(std::move(bottom));
  convex.faces.push_back(std::move(top));
  measure(convex);
  return convex;
}

double volume_of(const Convex& convex) {
  const Vec middle = middle_of(convex);
  double six = 0;
  for (const auto& face : convex.faces)
    for (std::size_t k = 1; k + 1 < face.size(); ++k)
      six += std::abs(dot(face[0] - middle, cross(face[k] - middle, face[k + 1] - middle)));
  return six / 6;
}

std::vector<Plane> planes_of(const Convex& convex) {
  const Vec middle = middle_of(convex);
  std::vector<Plane> planes;
  for (const auto& face : convex.faces) {
    Vec normal = normal_of(face);
    const double size = length(normal);
    if (!(size > 1e-14)) continue;
    normal = normal * (1 / size);
    if (dot(normal, face[0] - middle) < 0) normal = normal * -1;
    planes.push_back({normal, dot(normal, face[0])});
  }
  return planes;
}

std::optional<Convex> cut(const Convex& convex, const Plane& plane) {
  bool inside = true, outside = true;
  for (const auto& face : convex.faces)
    for (const Vec& point : face) {
      const double distance = dot(plane.normal, point) - plane.distance;
      inside = inside && distance <= near_m;
      outside = outside && distance >= -near_m;
    }
  if (inside) return convex;
  if (outside) return std::nullopt;
  Convex out;
  for (const auto& face : convex.faces)
    if (std::vector<Vec> loop = clipped(face, plane); loop.size() >= 3) out.faces.push_back(std::move(loop));
  if (std::vector<Vec> cap = cap_of(out.faces, plane); !cap.empty()) out.faces.push_back(std::move(cap));
  measure(out);
  if (volume_of(out) <= nothing_m3) return std::nullopt;
  return out;
}

bool subtract(std::vector<Convex>& pieces, std::span<const Plane> planes, std::uint64_t& work) {
  constexpr std::uint64_t face_work = 20;
  std::vector<Convex> left;
  for (Convex& piece : pieces) {
    work += planes.size();
    if (is_apart(piece, planes)) {
      left.push_back(std::move(piece));
      continue;
    }
    std::vector<Convex> parts;
    std::optional<Convex> rest = piece;
    for (const Plane& plane : planes) {
      work += rest->faces.size() * face_work;
      if (auto part = cut(*rest, {plane.normal * -1, -plane.distance})) parts.push_back(*std::move(part));
      rest = cut(*rest, plane);
      if (!rest) break;
    }
    if (rest) {
      left.insert(left.end(), std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end()));
    } else {
      left.push_back(std::move(piece));  // They do not meet.
    }
    if (left.size() > pieces_max) return false;
  }
  pieces = std::move(left);
  return true;
}

}  // namespace aecos::cost
