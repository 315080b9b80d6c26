#pragma once
// How much there is of an element: as its base quantities say, else by its sizes and its shape.

#include <vector>

#include "cost/body_internal.h"
#include "cost/takeoff.h"

namespace aecos::cost {

// What else belongs to an element.
struct Related {
  Index type = no_instance;
  std::vector<Index> openings;
  bool has_projections = false;
  double thickness_m = 0;  // Of its layers; 0: not known.
};

// Whether the instances of a class are something to be paid for: elements but openings and the like, and rooms.
bool is_counted(const schema::Entity& entity);
// False: of those, rooms.
bool wants_rate(const schema::Entity& entity);

// How good a quantity of a set tells the dimension of an element: less is better. Absent: it does not.
std::optional<int> quantity_rank(const schema::Entity& entity, Dimension dimension, std::string_view set,
                                 std::string_view quantity);

void add_base_quantities(const Source& source, Index element, const Related& related, Takeoff& takeoff, Item& item);
// What is not known yet.
void add_sizes(const Source& source, Index element, Item& item);
void add_shape(const Source& source, Index element, const Related& related, Takeoff& takeoff, Item& item);

}  // namespace aecos::cost
