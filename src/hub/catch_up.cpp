#include "hub/catch_up.h"

#include <algorithm>

#include "git/objects_between.h"

namespace aecos::hub {
namespace {

constexpr std::size_t kept_max = 32;
constexpr std::size_t kept_bytes_max = std::size_t{256} << 10U;

}  // namespace

CatchUp::Bytes CatchUp::known(const std::string& project, CommitId have, CommitId head) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(made_.begin(), made_.end(), [&](const Made& each) {
    return each.have == have && each.head == head && each.project == project;
  });
  return found == made_.end() ? nullptr : found->bytes;
}

Result<CatchUp::Bytes> CatchUp::from(const std::string& project, CommitId have, CommitId head) {
  if (Bytes bytes = known(project, have, head)) return bytes;
  AECOS_TRY_ASSIGN(const OpenProject opened, projects_.open(project));
  AECOS_TRY_ASSIGN(auto made, git::objects_between(opened.repository, have, head));
  if (!made) return Bytes();
  const auto bytes = std::make_shared<const std::string>(*std::move(made));
  if (bytes->size() > kept_bytes_max) return bytes;
  const std::lock_guard lock(mutex_);
  made_.push_back({project, have, head, bytes});
  if (made_.size() > kept_max) made_.pop_front();
  return bytes;
}

}  // namespace aecos::hub
