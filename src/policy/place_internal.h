#pragma once
// What a change is about, said in one way whichever file states it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.h"

namespace aecos::policy {

// One way to read "SET.PROPERTY"; names may have dots of their own. Absent: any.
struct PropertyName {
  std::optional<std::string> set, name;
};

struct Place {
  std::string at;  // For people: "Pset_WallCommon.LoadBearing", "Name", "Placement" …; empty: the whole.
  // Of a property or quantity: all ways to read its name, as it is and folded. Empty: it is none.
  std::vector<PropertyName> names, folded_names;
  diff::ElementRef element;          // May be empty.
  std::vector<std::string> ids;      // All GlobalIds that the element has, before and after; none: about no element.
  std::vector<std::string> classes;  // The same of its classes.
  bool identity = false;             // Class or GlobalId: which rules hold for the element changes.
  bool moved = false;                // A file of building data that comes from elsewhere.
  bool with_element = false;         // A property that comes or goes with its element.
  bool opaque = false;               // There may be any property in it.
  bool shared = false;               // Something that elements share, and that comes or goes but does not change.
  diff::Value before, after;         // Of properties with their element.
  bool is_property() const { return !names.empty(); }
};

// All places that a file's change touches; the first is the file as a whole.
std::vector<Place> places_of(const FileChange& file);

// Models and what is said of elements: what rules on classes and properties hold for.
bool is_building_data(const FileChange& file, std::string_view path);
// Whether the changes listed do not tell all that matters in building terms.
bool is_untold(const FileChange& file);

}  // namespace aecos::policy
