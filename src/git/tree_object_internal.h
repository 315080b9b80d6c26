#pragma once
// The bytes of a git tree object.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/tree_entry.h"

namespace aecos::git {

// Unusual modes that old programs wrote (100664) are read as what git takes them for.
Result<std::vector<TreeEntry>> parse_tree(std::string_view bytes);

// The entry of that name.
Result<std::optional<TreeEntry>> find_in_tree(std::string_view bytes, std::string_view name);

// Sorts the entries as git wants them and writes them.
std::string format_tree(std::vector<TreeEntry>& entries);

// Whether git would take this for a path inside a tree: no empty, "." , ".." or ".git" part, not too long.
bool is_valid_path(std::string_view path);

}  // namespace aecos::git
