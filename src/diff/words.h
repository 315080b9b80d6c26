#pragma once
// Changes in the words of people who build.

#include <cstddef>
#include <string>
#include <string_view>

#include "diff/change.h"

namespace aecos::diff {

// A value as people write it: "REI 60" without quotes, true, 12.5, an element by its name, a location, the layers of a
// material, the colours of a shape; a short form of what is longer than `length_max` characters. One line. "–" where
// there is none.
std::string show(const Value& value, std::size_t length_max = 60);

// "W-12", or the class and the first characters of the GlobalId where it has no name; "" for no element.
std::string title(const ElementRef& element);

// "IfcWallStandardCase", 1 -> "wall"; "IfcDoor", 2 -> "doors".
std::string class_word(std::string_view ifc_class, std::size_t count);

// The text on one line, and at most that many characters long, the last one "…" where something was cut.
std::string one_line(std::string_view text);
std::string shorten(std::string_view text, std::size_t length_max);

// The two values of a change as people write them, told apart even where a short form would not.
struct Shown {
  std::string before;
  std::string after;
};
Shown show_both(const Change& change, std::size_t length_max = 60);

// "1.20 m", "3 mm", "turned" or "" of a change of kind moved.
std::string how_far(const Change& change);

// A placement that is relative to something else now, at the same place and turned no way, as when its host is gone.
// Beside other changes there is nothing to tell of it.
bool stays_in_place(const Change& change);

// Where a change is, as people say it: "Pset_WallCommon.FireRating"; of an element's metadata the same, not a pointer.
std::string place_in_words(const Change& change);

// What happened, without whose it is: "FireRating REI 60 → REI 120", "moved 1.20 m", "added on Level 1". `full_place`
// keeps the property set's name.
std::string in_words(const Change& change, bool full_place = false);

}  // namespace aecos::diff
