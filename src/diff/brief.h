#pragma once
// What is worth telling of files that came or went as a whole.

#include <vector>

#include "diff/summary.h"

namespace aecos::diff {

// A model that came or went as a whole says all that it stands on, too: contexts, materials, the project. Of such files
// what is built comes first, then where it is, then types and groups; left out are shared resources, the project, and
// what is only named there (ifc/reference_mark.h). Of an element's folder, elements/SLUG/, its element alone is told,
// by one of the files. A file of which nothing would be left stays as it is, and so do all other files. Doing it twice
// does no more than doing it once.
std::vector<FileChanges> brief(std::vector<FileChanges> files);

// Whether the path is that of a file in an element's folder.
bool is_in_element_folder(std::string_view path);

}  // namespace aecos::diff
