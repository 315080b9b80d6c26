#pragma once
// What authoring tools, editors and systems leave beside the files that people save.

#include <string>
#include <string_view>
#include <vector>

namespace aecos::sync {

// A new file at this path is not somebody's work: temporary files, backups, lock files. Files that are in the project
// already are work whatever their name. Case does not count.
bool is_leftover(std::string_view path);

// The files beside `path` that a tool keeps while it has it open: "~$plan.docx", ".~lock.plan.odt#", "plan.dwl" …
std::vector<std::string> lock_files_of(std::string_view path);

// A path that may be written into a work tree: relative, no "..", nothing of git's own in it, no NUL.
bool is_safe_path(std::string_view path);

}  // namespace aecos::sync
