#pragma once
// Changes in the words of people who build: for commit messages, lists and answers.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "diff/change.h"

namespace aecos::sync {

// A value as people write it: "REI 60" without quotes, true, 12.5, a short form of what is longer than `length_max`
// characters. "–" where there is none.
std::string show(const diff::Value& value, std::size_t length_max = 60);

// "W-12", or the class and the first characters of the GlobalId where it has no name; "" for no element.
std::string title(const diff::ElementRef& element);

// "IfcWallStandardCase", 1 -> "wall"; "IfcDoor", 2 -> "doors".
std::string class_word(std::string_view ifc_class, std::size_t count);

// What happened, without whose it is: "FireRating REI 60 → REI 120", "moved", "added". `full_place` keeps the property
// set's name.
std::string describe(const diff::Change& change, bool full_place = false);

struct FileChanges {
  std::string path;
  std::vector<diff::Change> changes;
  std::string note;  // For a file of which no more can be said: "added", "deleted", "changed", "renamed from a/b".
};

// "W-12: FireRating REI 60 → REI 120; 2 doors added; notes.md changed", at most `length_max` characters, the rest
// counted: "… and 7 more changes".
std::string summarise(const std::vector<FileChanges>& files, std::size_t length_max);

}  // namespace aecos::sync
