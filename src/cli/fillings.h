#pragma once

#include "cli/element_files.h"

namespace aecos::cli {

// The windows, doors and other elements that fill openings of this one, as their own files say. Files that cannot be
// read fill nothing.
std::vector<ElementEntry> fillings_of(ElementStore& store, const std::vector<ElementEntry>& entries,
                                      const ElementEntry& host);

}  // namespace aecos::cli
