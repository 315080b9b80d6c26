#pragma once
// How much there is of an element: as its base quantities say, else by its sizes and its shape.

#include <span>

#include "cost/body_internal.h"
#include "cost/takeoff.h"

namespace aecos::cost {

// What else belongs to an element.
struct Related {
  Index type = no_instance;
  std::span<const Index> openings;
  double thickness_m = 0;  // Of its layers; 0: not known.
};

void add_base_quantities(const Source& source, Index element, const Related& related, Takeoff& takeoff, Item& item);
// What is not known yet.
void add_sizes(const Source& source, Index element, Item& item);
void add_shape(const Source& source, Index element, const Related& related, Takeoff& takeoff, Item& item);

}  // namespace aecos::cost
