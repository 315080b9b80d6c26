#include "sync/large_here.h"

#include "os/path.h"

namespace aecos::sync {

Result<std::string> LargeHere::read_lfs(std::string_view pointer, const std::string& path) {
  const auto parsed = git::parse_lfs_pointer(pointer);
  if (!parsed) return workspace_.program.read_lfs(pointer, path);
  // Where git-lfs keeps what it has.
  const std::string& oid = parsed->oid;
  const std::string name = "lfs/objects/" + oid.substr(0, 2) + "/" + oid.substr(2, 2) + "/" + oid;
  if (os::exists(workspace_.world.files, os::join(workspace_.repository.common_folder(), name)))
    return workspace_.program.read_lfs(pointer, path);
  missed_.insert(path);
  return Error{ErrorCode::unavailable, path + ": its content in Git LFS is not here; git lfs pull fetches it"};
}

}  // namespace aecos::sync
