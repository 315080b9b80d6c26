#pragma once
// Packed models (*.ifczip) are merged by what is in them.

#include <string>
#include <string_view>

#include "merge/merge.h"

namespace aecos::merge {

// As merge_ifc() and normalise_ifc(), where at least one version is a ZIP archive. The result is packed if ours is (or
// the file, for normalising); a version that says the same stands as it is, in the very bytes of its archive.
Result<Outcome> merge_ifczip(std::string_view base, std::string_view ours, std::string_view theirs,
                             const Options& options);
Result<std::string> normalise_ifczip(std::string_view base, std::string_view file);

}  // namespace aecos::merge
