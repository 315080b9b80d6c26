#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::element {

// Sets one member of nested objects, made where they are missing: {"properties", "Pset_WallCommon", "FireRating"}.
// `value` is JSON text; empty: the member goes. All other bytes stay. invalid_input: no JSON, or something else than an
// object is on the way.
Result<std::string> with_member(std::string_view json, const std::vector<std::string>& path, std::string_view value);

}  // namespace aecos::element
