#pragma once
// Handing a few commits from one repository to another as bytes, without starting git on either side.

#include <optional>
#include <string>
#include <string_view>

#include "git/repository.h"
#include "os/file_system.h"

namespace aecos::git {

struct BetweenLimits {
  std::size_t commits_max = 1000;
  std::size_t bytes_max = std::size_t{4} << 20U;  // Of all objects.
};

// What `to` leads to and `from` does not (at times a little more), for take_objects(). Absent: it is more than that, or
// `from` is not part of the history of `to`. not_found: `to` is not here.
Result<std::optional<std::string>> objects_between(const Repository& repository, CommitId from, CommitId to,
                                                   const BetweenLimits& limits = {});

// Puts them into the repository, which lies in these files; gives `to`. Whoever is killed meanwhile leaves no object
// without what it refers to. invalid_input: they are broken, refer to what is neither among them nor here, or are more
// than 64 MB; then nothing was put anywhere.
Result<CommitId> take_objects(Repository& repository, os::FileSystem& files, std::string_view bytes);

}  // namespace aecos::git
