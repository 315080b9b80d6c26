#pragma once
// Where the openings of a specification are in their wall.

#include <vector>

#include "generate/specification.h"

namespace aecos::generate {

// From the start of the wall and from its foot.
struct OpeningPlan {
  double offset_m = 0, sill_m = 0, width_m = 0, height_m = 0;
};

// One for each of the element's count: from its offset on, or with equal gaps, or in the middle.
std::vector<OpeningPlan> opening_plans(const Element& element, double host_length_m);

// "#2" -> 2: the host is the second element of the same specification; 0: it is in the project.
std::size_t host_in_sentence(const Element& element);

}  // namespace aecos::generate
