#pragma once
// The difference of two IFC versions in building terms.

#include <string_view>
#include <vector>

#include "base/result.h"
#include "diff/change.h"
#include "diff/ifc_delta.h"

namespace aecos::diff {

// One Change per thing a person would say; nothing about bookkeeping. In the order of the file, changes of one element
// together. A delta that is not empty never gives an empty list.
std::vector<Change> describe(const ifc::Model& base, const ifc::Model& side, const Delta& delta);

// Reads, compares and describes. An empty version is no file. Errors: invalid_input, "before: 12:3: …" or "after: …".
Result<std::vector<Change>> diff_ifc(std::string_view before, std::string_view after);

}  // namespace aecos::diff
