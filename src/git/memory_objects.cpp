// Objects that are in memory, for a repository that is to see them before anything is written.

#include <git2/sys/odb_backend.h>

#include <cstring>
#include <unordered_map>

#include "git/handle_internal.h"
#include "git/small_pack.h"

namespace aecos::git {
namespace {

struct MemoryObjects : git_odb_backend {
  std::shared_ptr<const std::vector<UnpackedObject>> all;
  std::unordered_map<std::string, const UnpackedObject*> objects;

  const UnpackedObject* find(const git_oid* oid) const {
    const auto found = objects.find(git_oid_tostr_s(oid));
    return found == objects.end() ? nullptr : found->second;
  }
};

MemoryObjects& of(git_odb_backend* backend) { return *static_cast<MemoryObjects*>(backend); }

int read_header(size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* oid) {
  const UnpackedObject* const object = of(backend).find(oid);
  if (object == nullptr) return GIT_ENOTFOUND;
  *size = object->bytes.size();
  *type = git_object_string2type(to_string(object->type));
  return 0;
}

int read_object(void** bytes, size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* oid) {
  if (const int code = read_header(size, type, backend, oid); code < 0) return code;
  *bytes = git_odb_backend_data_alloc(backend, *size + 1);
  if (*bytes == nullptr) return GIT_ERROR;
  std::memcpy(*bytes, of(backend).find(oid)->bytes.c_str(), *size + 1);
  return 0;
}

int is_here(git_odb_backend* backend, const git_oid* oid) { return of(backend).find(oid) != nullptr ? 1 : 0; }

}  // namespace

Result<> Repository::add_objects(std::shared_ptr<const std::vector<UnpackedObject>> objects) {
  auto backend = std::make_unique<MemoryObjects>();
  git_odb_init_backend(backend.get(), GIT_ODB_BACKEND_VERSION);
  for (const UnpackedObject& object : *objects) backend->objects.emplace(object.id, &object);
  backend->all = std::move(objects);
  backend->read = read_object;
  backend->read_header = read_header;
  backend->exists = is_here;
  backend->free = [](git_odb_backend* each) { delete static_cast<MemoryObjects*>(each); };
  git_odb* odb = nullptr;
  if (const int code = git_repository_odb(&odb, handle_->repository); code < 0) return failure(code, "object database");
  const Owned<git_odb, git_odb_free> database(odb);
  if (const int code = git_odb_add_alternate(odb, backend.get(), 1); code < 0) return failure(code, "objects received");
  static_cast<void>(backend.release());
  return {};
}

}  // namespace aecos::git
