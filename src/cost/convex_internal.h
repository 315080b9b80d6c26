#pragma once
// Solids as sets of convex pieces, which can be cut exactly.

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace aecos::cost {

struct Point {
  double x = 0, y = 0;
};

struct Vec {
  double x = 0, y = 0, z = 0;
};
inline Vec operator+(const Vec& a, const Vec& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
inline Vec operator-(const Vec& a, const Vec& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
inline Vec operator*(const Vec& a, double f) { return {a.x * f, a.y * f, a.z * f}; }
inline double dot(const Vec& a, const Vec& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec cross(const Vec& a, const Vec& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline double length(const Vec& a) { return std::sqrt(dot(a, a)); }

// Axes and origin; the axes may have any length.
struct Affine {
  Vec x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1}, o;
  Vec direction(const Vec& v) const { return x * v.x + y * v.y + z * v.z; }
  Vec point(const Vec& v) const { return direction(v) + o; }
  double determinant() const { return dot(x, cross(y, z)); }
};
// First `inner`, then `outer`.
inline Affine operator*(const Affine& outer, const Affine& inner) {
  return {outer.direction(inner.x), outer.direction(inner.y), outer.direction(inner.z), outer.point(inner.o)};
}
std::optional<Affine> inverse(const Affine& affine);  // Absent: it is flat.

// Inside: dot(normal, p) <= distance.
struct Plane {
  Vec normal;
  double distance = 0;
};

struct Convex {
  std::vector<std::vector<Vec>> faces;  // Each a flat convex loop, whichever way round.
  Vec low, high;                        // Of its box.
};

// A convex polygon in the plane of `at`, moved along.
Convex prism(std::span<const Point> polygon, const Affine& at, const Vec& along);
double volume_of(const Convex& convex);
std::vector<Plane> planes_of(const Convex& convex);
// What is inside of the plane; absent: nothing.
std::optional<Convex> cut(const Convex& convex, const Plane& plane);

// Takes what is inside of all planes away; adds the work that it was, in steps of a few nanoseconds. False: there are
// too many pieces to go on.
bool subtract(std::vector<Convex>& pieces, std::span<const Plane> planes, std::uint64_t& work);

// A simple polygon as convex ones; empty: it crosses itself, or is too large.
std::vector<std::vector<Point>> convex_parts(std::span<const Point> polygon);
double signed_area(std::span<const Point> polygon);

}  // namespace aecos::cost
