#pragma once
// metadata.json and element.ifc of one element state the same.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::element {

// A property that the two files state differently, and that was changed in both, or may not be changed in
// metadata.json. Values are JSON text; empty: not stated.
struct Disagreement {
  std::string at;  // "Pset_WallCommon.FireRating", "Quantities.Length", "Name", "Class", "Storey"
  std::string base, metadata, ifc;
  bool operator==(const Disagreement&) const = default;
};

struct Agreement {
  std::string metadata, ifc;  // The two files; where nothing is to be written through, their bytes as they were.
  std::vector<Disagreement> disagreements;
};

// The frame of the model that the element belongs to, asked for where it is needed; empty text: there is none.
using Frame = std::function<Result<std::string>()>;

// Writes what changed in one of the files since base into the other one; formatting and everything else stay. Where
// both changed differently, element.ifc's stands in both, and the disagreement is told. `base_*` may be empty: new
// files; then what only one of them states goes into the other. What agreed neither before nor now, and was not
// touched, stays as it is. A storey in metadata.json moves the element into the only one of that name in the frame (or,
// without one, in element.ifc), where it stays where it stands; what else element.ifc has no place for, as another
// class, which would make it another thing, is a disagreement. invalid_input: one of the four cannot be read; the
// message says which.
Result<Agreement> agree(std::string_view base_metadata, std::string_view base_ifc, std::string_view metadata,
                        std::string_view ifc, const Frame& frame = {});

// What the two state differently now.
Result<std::vector<Disagreement>> disagreements(std::string_view metadata, std::string_view ifc);

}  // namespace aecos::element
