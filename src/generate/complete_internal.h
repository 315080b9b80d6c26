#pragma once
// An element while it is being completed.

#include <string>
#include <string_view>

#include "generate/read.h"
#include "generate/read_internal.h"
#include "generate/vocabulary.h"

namespace aecos::generate {

struct Work {
  Reading& reading;
  const Context& context;
  std::size_t index = 0;

  Element& element() const { return reading.specification.elements[index]; }
  const Kind& kind() const { return *vocabulary().kind(element().kind); }
  std::string called() const;  // "the wall", "the door"

  void refuse(const std::string& key, const std::string& message) const {
    reading.problems.push_back({ProblemKind::refused, key, index, message});
  }
  void ask(const std::string& key, const std::string& message) const {
    reading.problems.push_back({ProblemKind::missing, key, index, message});
  }
};

// In this order.
void find_host(Work& work);     // complete_host.cpp; also makes a slabOpening of an opening in a slab.
void find_storey(Work& work);   // complete_place.cpp
void settle_sizes(Work& work);  // complete_size.cpp: what the raw values are of.
void settle_place(Work& work);  // complete_place.cpp: ends, rows, directions.
void fit_host(Work& work);      // complete_host.cpp

// What it is cut into: an element of the same sentence, or of the project.
struct HostSize {
  double length_m = 0, height_m = 0, thickness_m = 0;
  std::string name;
};
// False: there is none, or its size is not known.
bool host_size(const Work& work, HostSize& size);
double storey_height_m(const Work& work);

}  // namespace aecos::generate
