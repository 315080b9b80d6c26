#pragma once
// Cross sections.

#include <vector>

#include "base/result.h"
#include "cost/curve_internal.h"

namespace aecos::cost {

struct Profile {
  double area = 0;                        // m2; exact, with roundings and holes.
  std::vector<Point> outer;               // m; roundings of steel sections left out.
  std::vector<std::vector<Point>> holes;  // Likewise.
  double along_x = 0, along_y = 0;        // Of a rectangle; 0: it is none.
};

// The error says what is not understood.
Result<Profile> read_profile(const Source& source, Index profile);

}  // namespace aecos::cost
