#pragma once

#include "cli/element_files.h"

namespace aecos::cli {

// What element.ifc says of the element, what it is related to, and who changed it last.
Result<int> show_element(Context& context, const ElementEntry& entry, const std::string& ifc, bool as_json);

}  // namespace aecos::cli
