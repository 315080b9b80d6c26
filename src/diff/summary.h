#pragma once
// Many changes in one line.

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "diff/words.h"

namespace aecos::diff {

struct FileChanges {
  std::string path;
  std::vector<Change> changes;
  std::string note;    // For a file of which no more can be said: "added", "deleted", "changed", "renamed from a/b".
  bool whole = false;  // It came or went as a whole.
};

// Whether a change of an element was not seen before, in this file or another: an element's folder states the same in
// element.ifc and in metadata.json. What is no element's is always new.
class Repeats {
 public:
  bool is_new(const Change& change);

 private:
  std::set<std::array<std::string, 4>> seen_;
};

// "W-12: FireRating REI 60 → REI 120; 2 doors added on Level 1; 3 walls moved; notes.md changed", at most `length_max`
// characters, the rest counted: "; and 7 more changes". What several elements have in common is said once; the order is
// that of the first change of each phrase, after brief(); repeats are left out. Element folders are told together.
// UTF-8; the same changes always give the same line.
std::string summarise(const std::vector<FileChanges>& files, std::size_t length_max);

// The same for changes of one file.
std::string summarise(const std::vector<Change>& changes, std::size_t length_max);

}  // namespace aecos::diff
