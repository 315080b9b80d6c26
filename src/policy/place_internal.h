#pragma once
// What a change is about, said in one way whichever file states it.

#include <string>
#include <vector>

#include "policy/policy.h"

namespace aecos::policy {

struct Place {
  std::string at;                    // "Pset_WallCommon.LoadBearing", "Name", "Placement" …; empty: the whole.
  bool is_property = false;          // `at` is SET.PROPERTY.
  diff::ElementRef element;          // May be empty.
  std::vector<std::string> classes;  // That the element has, before and after.
};

// All places that a file's change touches; at least one.
std::vector<Place> places_of(const FileChange& file);

}  // namespace aecos::policy
