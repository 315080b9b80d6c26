#pragma once

#include "diff/ifc_delta.h"

namespace aecos::diff {

// Whether a change is one of appearance alone: other colours, other layers, the same thing drawn.
bool only_looks_differ(const ifc::Model& base, const ifc::Model& side, const ObjectChange& change);

}  // namespace aecos::diff
