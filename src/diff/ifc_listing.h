#pragma once
// A model as lines of text, so that programs that compare lines show what changed.

#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::diff {

// A block for each object that has a GlobalId, then for each shared resource; in it a line for each attribute, property
// and relation. The same model gives the same text, whatever its ids, order and spelling. invalid_input: no IFC.
Result<std::string> list_ifc(std::string_view file);

}  // namespace aecos::diff
