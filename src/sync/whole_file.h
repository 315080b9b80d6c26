#pragma once
// Whether a file was written to its end.

#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::sync {

// By what the path's ending says the file is. invalid_input, with what is missing: it is half-written, or (IFC) cannot
// be read. Files of other types are whole.
Result<> check_whole(std::string_view path, std::string_view bytes);

}  // namespace aecos::sync
