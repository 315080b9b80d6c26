#pragma once
// Changes as people read them.

#include <cstddef>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "diff/change.h"

namespace aecos::cli {

// By element, in the order of their first changes: a line with its name, class and GlobalId, and below it one line for
// each thing that changed, the places in one column; added green, removed red. Elements of one class that met with just
// the same are told together, unless `each` is set.
void print_changes(Terminal& terminal, const std::vector<diff::Change>& changes, std::size_t indent, bool each = false);

// "3 elements changed, 2 added, 1 removed; 9 changes"
std::string count_changes(const std::vector<diff::Change>& changes);

}  // namespace aecos::cli
