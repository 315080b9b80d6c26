#pragma once
// Packs as people push them all day: a few small objects, unpacked and checked in memory. Whatever is not plain, or
// not sound, is left to git, which says what is wrong.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/repository.h"
#include "os/file_system.h"

namespace aecos::git {

enum class ObjectType : std::uint8_t { commit, tree, blob };
const char* to_string(ObjectType type);

struct UnpackedObject {
  std::string id;  // 40 hex digits.
  ObjectType type = ObjectType::blob;
  std::string bytes;
};

constexpr std::size_t small_pack_max = std::size_t{1} << 20U;  // Bytes.

// The objects of a pack, each after those it refers to. Absent: it is larger, has more than a hundred objects or 4 MB
// of them, has a tag, a tree or commit that git itself would not write, a name that some system could take for one of
// git's own files, or is broken; or something that it refers to is neither in it nor in the repository.
std::optional<std::vector<UnpackedObject>> unpack_small_pack(const Repository& repository, std::string_view pack);

// git removes the folder of objects that it has packed, at any moment: whatever is to be written into one may find it
// gone, and makes it anew.
inline constexpr int object_attempts_max = 10;

// Writes them where git has its objects, durably. Safe to be killed in: each is there whole or not, and none is before
// those it refers to.
Result<> store_objects(os::FileSystem& files, const std::string& objects_folder,
                       const std::vector<UnpackedObject>& objects);

}  // namespace aecos::git
