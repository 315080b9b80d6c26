#pragma once
// Closed curves in a plane.

#include <vector>

#include "base/result.h"
#include "cost/source_internal.h"

namespace aecos::cost {

struct Outline {
  std::vector<Point> corners;  // Counter-clockwise; of arcs, many.
  double area = 0;             // Exact, arcs too.
};

// In metres. The error says what it is that is not understood: "a curve of class IFCBSPLINECURVE".
Result<Outline> read_outline(const Source& source, Index curve);

}  // namespace aecos::cost
