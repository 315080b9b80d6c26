// git's loose objects as they lie in a repository, one a file and compressed. libgit2 1.5 has a reader of its own, but
// that one never returns from a file that was cut off.

#include <git2/sys/odb_backend.h>

#include <array>
#include <charconv>
#include <cstring>

#include "git/handle_internal.h"
#include "git/inflate_internal.h"

namespace aecos::git {
namespace {

constexpr int ok = 0;

struct LooseObjects : git_odb_backend {
  std::unique_ptr<os::FileSystem> files = os::real_file_system();
  std::string folder;

  std::string path_of(const git_oid* oid) const {
    std::array<char, GIT_OID_HEXSZ + 1> path{};
    git_oid_pathfmt(path.data(), oid);
    return folder + "/" + std::string(path.data(), path.size());
  }
};

LooseObjects& of(git_odb_backend* backend) { return *static_cast<LooseObjects*>(backend); }

struct Header {
  git_object_t type = GIT_OBJECT_INVALID;
  std::size_t size = 0;
  std::string_view rest;  // What was unpacked behind it.
};

// "blob 12" and a NUL; absent: none.
std::optional<Header> header_of(std::string_view start) {
  const std::size_t end = start.find('\0'), space = start.find(' ');
  if (end == std::string_view::npos || space > end) return std::nullopt;
  Header header;
  header.type = git_object_string2type(std::string(start.substr(0, space)).c_str());
  const auto read = std::from_chars(start.data() + space + 1, start.data() + end, header.size);
  if (read.ec != std::errc() || read.ptr != start.data() + end) return std::nullopt;
  header.rest = start.substr(end + 1);
  return header;
}

int broken(const std::string& path) {
  git_error_set_str(GIT_ERROR_ODB, (path + ": the object is damaged; git fsck finds all that are").c_str());
  return GIT_ERROR;
}

int failed(const Error& error) {
  if (error.code == ErrorCode::not_found) return GIT_ENOTFOUND;
  git_error_set_str(GIT_ERROR_OS, error.message.c_str());
  return GIT_ERROR;
}

int read_object(void** bytes, size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* oid) {
  const std::string path = of(backend).path_of(oid);
  const auto file = of(backend).files->read(path);
  if (!file) return failed(file.error());
  Inflating unpacked(*file);
  std::array<char, 4096> start{};
  const std::size_t got = unpacked.some(start.data(), start.size());
  const auto header = header_of({start.data(), got});
  // No file unpacks to much more than a thousand times its size.
  if (!header || header->rest.size() > header->size || header->size / 1100 > file->size()) return broken(path);
  auto* const object = static_cast<char*>(git_odb_backend_data_alloc(backend, header->size + 1));
  if (object == nullptr) return GIT_ERROR;
  std::memcpy(object, header->rest.data(), header->rest.size());
  const std::size_t missing = header->size - header->rest.size();
  if (unpacked.some(object + header->rest.size(), missing) != missing || !unpacked.is_at_end()) {
    git_odb_backend_data_free(backend, object);
    return broken(path);
  }
  object[header->size] = '\0';
  *bytes = object;
  *size = header->size;
  *type = header->type;
  return ok;
}

int read_header(size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* oid) {
  const std::string path = of(backend).path_of(oid);
  const auto file = of(backend).files->map(path);
  if (!file) return failed(file.error());
  std::array<char, 64> start{};
  const auto header = header_of({start.data(), Inflating(file->bytes()).some(start.data(), start.size())});
  if (!header) return broken(path);
  *size = header->size;
  *type = header->type;
  return ok;
}

int has_object(git_odb_backend* backend, const git_oid* oid) {
  return int{os::exists(*of(backend).files, of(backend).path_of(oid))};
}

}  // namespace

git_odb_backend* loose_objects_in(const std::string& folder) {
  auto backend = std::make_unique<LooseObjects>();
  git_odb_init_backend(backend.get(), GIT_ODB_BACKEND_VERSION);
  backend->folder = folder;
  backend->read = read_object;
  backend->read_header = read_header;
  backend->exists = has_object;
  backend->free = [](git_odb_backend* each) { delete static_cast<LooseObjects*>(each); };
  return backend.release();
}

}  // namespace aecos::git
