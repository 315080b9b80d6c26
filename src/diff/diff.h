#pragma once
// What changed between two versions of one file.

#include <string_view>
#include <vector>

#include "base/result.h"
#include "diff/change.h"

namespace aecos::diff {

// By file type, which the path's ending decides. An empty version is no file: everything in the other one was added or
// removed. In the order of the file. invalid_input: a version cannot be read as its type; the message names the version
// ("before", "after"), line and column.
Result<std::vector<Change>> diff_file(std::string_view path, std::string_view before, std::string_view after);

// The same for single types; see also diff/ifc.h and diff/json.h. Places by heading path and line range, "Fire > Doors,
// lines 3-5", in plain text by line range alone.
std::vector<Change> diff_markdown(std::string_view before, std::string_view after);
std::vector<Change> diff_text(std::string_view before, std::string_view after);

}  // namespace aecos::diff
