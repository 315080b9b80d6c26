#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "os/posix_internal.h"

namespace aecos::os {
namespace {

ErrorCode code_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
    case EISDIR:
    case EEXIST:
    case ENOTEMPTY:
    case EBUSY:
    case ETXTBSY:
      return ErrorCode::denied;
    case EINVAL:
    case ELOOP:
    case ENAMETOOLONG:
    case EILSEQ:
      return ErrorCode::invalid_input;
    default:
      return ErrorCode::unavailable;
  }
}

}  // namespace

Error posix_error(const std::string& what, int number) {
  return Error{code_of(number), what + ": " + std::generic_category().message(number)};
}

void Descriptor::close() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

}  // namespace aecos::os
