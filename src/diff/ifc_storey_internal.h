#pragma once

#include <vector>

#include "diff/change.h"
#include "ifc/model.h"

namespace aecos::diff {

// Fills Change::storey with the name of what the element stands in, a storey or a space.
void name_storeys(const ifc::Model& model, std::vector<Change>& changes);

}  // namespace aecos::diff
