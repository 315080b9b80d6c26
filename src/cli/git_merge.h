#pragma once
// A merge that plain git asks for, one file at a time.

#include <string>

#include "cli/command.h"

namespace aecos::cli {

struct GitMerge {
  std::string base, ours, theirs;  // Temporary files of git's; the result replaces `ours`.
  int marker_size = 7;             // More than the path's own for the merge of several common ancestors into one.
  std::string path;
};

// Status 0: merged. Status 1: conflicts; a valid merged file is there all the same, and records of the conflicts are
// kept for this work tree. Any error leaves `ours` as it was and has status 1 too: git then calls the path unmerged.
Result<int> run_git_merge(Context& context, const GitMerge& merge);

}  // namespace aecos::cli
