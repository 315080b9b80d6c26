#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::merge {

// Gives a file that was exported anew its predecessor's numbering, order and formatting, so that only what changed
// differs. The same model in other words comes back as the very bytes of base. Errors: invalid_input where either
// cannot be read; then the file is best taken as it is.
Result<std::string> normalise_ifc(std::string_view base, std::string_view file);

}  // namespace aecos::merge
