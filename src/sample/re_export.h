#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::sample {

// The same model as an authoring tool would export it anew: other STEP ids, another order of instances, reals spelt
// otherwise, another time stamp in the header, new GlobalIds on relationships and property sets. Elements keep their
// GlobalIds. Deterministic by seed. Errors: invalid_input where the text cannot be read.
Result<std::string> re_export(std::string_view ifc, std::uint64_t seed);

}  // namespace aecos::sample
