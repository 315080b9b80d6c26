#pragma once
// Element folders of a version whose two files state a property differently since another version.

#include <set>
#include <string>
#include <vector>

#include "revision/integrate.h"
#include "revision/tree_difference.h"

namespace aecos::revision {

struct Agreed {
  std::vector<TreeEdit> edits;  // What turns the tree into one whose files agree; records included.
  std::vector<Record> opened;   // Properties that both files changed differently: element.ifc's value stands.
};

// "elements/SLUG/metadata.json" and "elements/SLUG/element.ifc" -> "elements/SLUG"; empty for all other paths.
std::string element_folder(std::string_view path);

// Writes what one of the files of each of the folders changed since `base` through to the other one, in `tree`. Folders
// without both files are left alone, and so are files that cannot be read.
Result<Agreed> agree(const Library& library, TreeId base, TreeId tree, const std::set<std::string>& folders,
                     const Maker& maker);

}  // namespace aecos::revision
