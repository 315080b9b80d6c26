#pragma once
// The bodies of elements as far as they are swept along a line, cut by planes and other such bodies.

#include <optional>
#include <vector>

#include "base/result.h"
#include "cost/profile_internal.h"

namespace aecos::cost {

using Cutter = std::vector<Plane>;  // Takes away what is inside of all of them.

struct Extrusion {
  Profile profile;
  Affine at;          // Of the profile, in the element's own placement; metres.
  Vec along;          // The whole way.
  double height = 0;  // Of it, across the profile, before a mapping.
  double scale = 1;   // Of volumes, where a mapping makes it larger.
  std::vector<Cutter> cutters;

  // Of a unit along both axes of the profile; absent where a mapping stretches one more than the other.
  std::optional<double> profile_scale() const;
  // In metres as they are built, whatever a mapping makes of them.
  double profile_area() const { return profile.area * length(cross(at.x, at.y)); }
  double thickness() const;  // Across the profile.

  double gross_volume() const { return profile.area * height * scale; }
};

struct Body {
  std::vector<Extrusion> extrusions;
};

// Of a product. The error says why it is not known: "its shape is an IFCFACETEDBREP".
Result<Body> read_body(const Source& source, Index product);

// What an opening takes away from the element that it is in.
Result<std::vector<Cutter>> read_opening(const Source& source, Index element, Index opening);

// Its volume without what all of them take away, m3.
Result<double> net_volume(const Source& source, const Extrusion& extrusion, const std::vector<Cutter>& openings);

}  // namespace aecos::cost
