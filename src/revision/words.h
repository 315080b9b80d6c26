#pragma once
// Changes in the words of people who build: see diff/words.h and diff/summary.h.

#include <string>

#include "diff/summary.h"

namespace aecos::revision {

using diff::class_word;
using diff::FileChanges;
using diff::show;
using diff::summarise;
using diff::title;

// What happened, without whose it is: "FireRating REI 60 → REI 120", "moved 1.20 m", "added on Level 1".
inline std::string describe(const diff::Change& change, bool full_place = false) {
  return diff::in_words(change, full_place);
}

}  // namespace aecos::revision
