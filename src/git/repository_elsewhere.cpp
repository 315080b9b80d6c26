// Repositories in other files than the machine's disk: what libgit2 asks of its own folders is asked of these.

#include <git2/sys/odb_backend.h>
#include <git2/sys/refdb_backend.h>
#include <git2/sys/refs.h>
#include <git2/sys/repository.h>

#include <cstring>

#include "git/handle_internal.h"
#include "os/path.h"

namespace aecos::git {
namespace {

constexpr int ok = 0;

// No exception may pass through libgit2. Whoever throws here (a simulated power failure) fails all that comes after.
template <class Doing>
int guarded(const Doing& doing) {
  try {
    return doing();
  } catch (...) {
    git_error_set_str(GIT_ERROR_OS, "the files cannot be used any more");
    return GIT_ERROR;
  }
}

int told(const Error& error) {
  git_error_set_str(GIT_ERROR_OS, error.message.c_str());
  return error.code == ErrorCode::not_found ? GIT_ENOTFOUND : GIT_ERROR;
}

std::string hex_of(const git_oid* oid) {
  std::string hex(GIT_OID_HEXSZ, '\0');
  git_oid_fmt(hex.data(), oid);
  return hex;
}

// --- objects: "blob", a NUL, the bytes

struct ObjectsElsewhere : git_odb_backend {
  os::FileSystem* files = nullptr;
  std::string folder;

  std::string path_of(const git_oid* oid) const {
    const std::string hex = hex_of(oid);
    return folder + "/" + hex.substr(0, 2) + "/" + hex.substr(2);
  }
};

ObjectsElsewhere& of(git_odb_backend* backend) { return *static_cast<ObjectsElsewhere*>(backend); }

struct Stored {
  git_object_t type = GIT_OBJECT_INVALID;
  std::string_view bytes;
};

Stored taken_apart(std::string_view file) {
  const std::string type(file.substr(0, file.find('\0')));
  return {git_object_string2type(type.c_str()), file.substr(std::min(file.size(), type.size() + 1))};
}

int read_object(void** bytes, size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* oid) {
  return guarded([&] {
    const auto file = of(backend).files->map(of(backend).path_of(oid));
    if (!file) return told(file.error());
    const Stored stored = taken_apart(file->bytes());
    *bytes = git_odb_backend_data_alloc(backend, stored.bytes.size() + 1);
    std::memcpy(*bytes, stored.bytes.data(), stored.bytes.size());
    *size = stored.bytes.size();
    *type = stored.type;
    return ok;
  });
}

int read_header(size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* oid) {
  return guarded([&] {
    const auto file = of(backend).files->map(of(backend).path_of(oid));
    if (!file) return told(file.error());
    const Stored stored = taken_apart(file->bytes());
    *size = stored.bytes.size();
    *type = stored.type;
    return ok;
  });
}

int has_object(git_odb_backend* backend, const git_oid* oid) {
  return guarded([&] { return int{os::exists(*of(backend).files, of(backend).path_of(oid))}; }) == 1;
}

int write_object(git_odb_backend* backend, const git_oid* oid, const void* bytes, size_t size, git_object_t type) {
  return guarded([&] {
    const std::string path = of(backend).path_of(oid);
    std::string file = git_object_type2string(type);
    file.append(1, '\0').append(static_cast<const char*>(bytes), size);
    const std::string folder(os::parent_of(path));
    if (!os::exists(*of(backend).files, folder)) {
      if (const auto made = of(backend).files->create_directories(folder); !made) return told(made.error());
    }
    const auto written = of(backend).files->write(path, file);
    return written ? ok : told(written.error());
  });
}

// --- refs: an id, or "ref: " and where it leads

struct RefsElsewhere : git_refdb_backend {
  os::FileSystem* files = nullptr;
  std::string folder;

  std::string path_of(const char* name) const { return folder + "/" + name; }

  // Absent: there is no such ref.
  Result<std::optional<std::string>> read(const char* name) const {
    auto text = files->read(path_of(name));
    const bool is_there = text || (text.error().code != ErrorCode::not_found && text.error().code != ErrorCode::denied);
    if (!is_there) return std::optional<std::string>();
    if (!text) return std::move(text).error();
    while (text->ends_with('\n')) text->pop_back();
    return std::optional<std::string>(*std::move(text));
  }

  Result<> list(const std::string& below, std::vector<std::string>& names) const {
    auto entries = files->list(folder + "/" + below);
    if (!entries && entries.error().code == ErrorCode::not_found) return {};
    if (!entries) return std::move(entries).error();
    for (const os::DirectoryEntry& entry : *entries) {
      const std::string name = below + "/" + entry.name;
      if (entry.type == os::FileType::directory) {
        AECOS_TRY(list(name, names));
      } else if (!os::is_temporary_name(entry.name)) {
        names.push_back(name);
      }
    }
    return {};
  }
};

RefsElsewhere& of(git_refdb_backend* backend) { return *static_cast<RefsElsewhere*>(backend); }

constexpr std::string_view symbolic = "ref: ";

git_reference* made_of(const char* name, const std::string& text) {
  if (text.starts_with(symbolic)) return git_reference__alloc_symbolic(name, text.c_str() + symbolic.size());
  git_oid oid;
  return git_oid_fromstr(&oid, text.c_str()) < 0 ? nullptr : git_reference__alloc(name, &oid, nullptr);
}

int has_ref(int* exists, git_refdb_backend* backend, const char* name) {
  return guarded([&] {
    const auto text = of(backend).read(name);
    if (!text) return told(text.error());
    *exists = text->has_value() ? 1 : 0;
    return ok;
  });
}

int look_up_ref(git_reference** ref, git_refdb_backend* backend, const char* name) {
  return guarded([&] {
    const auto text = of(backend).read(name);
    if (!text) return told(text.error());
    if (!*text) return told({ErrorCode::not_found, std::string("there is no ref ") + name});
    *ref = made_of(name, **text);
    return *ref != nullptr ? ok : told({ErrorCode::invalid_input, std::string(name) + ": no id"});
  });
}

struct RefNames : git_reference_iterator {
  git_refdb_backend* backend = nullptr;
  std::vector<std::string> names;
  std::size_t at = 0;
};

int next_name(const char** name, git_reference_iterator* iterator) {
  auto& names = *static_cast<RefNames*>(iterator);
  if (names.at == names.names.size()) return GIT_ITEROVER;
  *name = names.names[names.at++].c_str();
  return ok;
}

int next_ref(git_reference** ref, git_reference_iterator* iterator) {
  const char* name = nullptr;
  if (const int code = next_name(&name, iterator); code < 0) return code;
  return look_up_ref(ref, static_cast<RefNames*>(iterator)->backend, name);
}

int iterate_refs(git_reference_iterator** iterator, git_refdb_backend* backend, const char*) {
  return guarded([&] {
    auto names = std::make_unique<RefNames>();
    names->next = next_ref;
    names->next_name = next_name;
    names->free = [](git_reference_iterator* each) { delete static_cast<RefNames*>(each); };
    names->backend = backend;
    if (const auto listed = of(backend).list("refs", names->names); !listed) return told(listed.error());
    *iterator = names.release();
    return ok;
  });
}

// What a ref must be at for it to be moved or removed.
int compare(const std::optional<std::string>& now, const git_oid* id, const char* target) {
  const std::string wanted = id != nullptr ? hex_of(id) : target != nullptr ? std::string(symbolic) + target : "";
  if (wanted.empty() || now == wanted) return ok;
  git_error_set_str(GIT_ERROR_REFERENCE, "the ref was moved");
  return now ? GIT_EMODIFIED : GIT_ENOTFOUND;
}

int write_ref(git_refdb_backend* backend, const git_reference* ref, int force, const git_signature*, const char*,
              const git_oid* id, const char* target) {
  return guarded([&] {
    const char* const name = git_reference_name(ref);
    const auto now = of(backend).read(name);
    if (!now) return told(now.error());
    if (*now && force == 0 && id == nullptr && target == nullptr) return int{GIT_EEXISTS};
    if (const int code = compare(*now, id, target); code < 0) return code;
    const std::string path = of(backend).path_of(name), folder(os::parent_of(path));
    if (!os::exists(*of(backend).files, folder)) {
      if (const auto made = of(backend).files->create_directories(folder); !made) return told(made.error());
    }
    const git_oid* const to = git_reference_target(ref);
    const std::string text = to != nullptr ? hex_of(to) : std::string(symbolic) + git_reference_symbolic_target(ref);
    const auto written = of(backend).files->write(path, text + "\n");
    return written ? ok : told(written.error());
  });
}

int remove_ref(git_refdb_backend* backend, const char* name, const git_oid* id, const char* target) {
  return guarded([&] {
    const auto now = of(backend).read(name);
    if (!now) return told(now.error());
    if (const int code = compare(*now, id, target); code < 0) return code;
    const std::string path = of(backend).path_of(name);
    if (const auto removed = of(backend).files->remove(path); !removed) return told(removed.error());
    // Folders that are empty now would be in the way of branches called like them.
    std::string_view folder = os::parent_of(path);
    while (folder.size() > of(backend).folder.size() + std::strlen("/refs/heads") &&
           of(backend).files->remove(std::string(folder))) {
      folder = os::parent_of(folder);
    }
    return ok;
  });
}

git_refdb_backend* refs_in(os::FileSystem& files, const std::string& folder) {
  auto backend = std::make_unique<RefsElsewhere>();
  git_refdb_init_backend(backend.get(), GIT_REFDB_BACKEND_VERSION);
  backend->files = &files;
  backend->folder = folder;
  backend->exists = has_ref;
  backend->lookup = look_up_ref;
  backend->iterator = iterate_refs;
  backend->write = write_ref;
  backend->del = remove_ref;
  backend->rename = [](git_reference**, git_refdb_backend*, const char*, const char*, int, const git_signature*,
                       const char*) { return int{GIT_ERROR}; };
  backend->has_log = [](git_refdb_backend*, const char*) { return 0; };
  backend->ensure_log = [](git_refdb_backend*, const char*) { return 0; };
  backend->reflog_read = [](git_reflog**, git_refdb_backend*, const char*) { return int{GIT_ENOTFOUND}; };
  backend->reflog_write = [](git_refdb_backend*, git_reflog*) { return 0; };
  backend->reflog_rename = [](git_refdb_backend*, const char*, const char*) { return 0; };
  backend->reflog_delete = [](git_refdb_backend*, const char*) { return 0; };
  backend->free = [](git_refdb_backend* each) { delete static_cast<RefsElsewhere*>(each); };
  return backend.release();
}

}  // namespace

git_odb_backend* objects_in(os::FileSystem& files, const std::string& folder) {
  auto backend = std::make_unique<ObjectsElsewhere>();
  git_odb_init_backend(backend.get(), GIT_ODB_BACKEND_VERSION);
  backend->files = &files;
  backend->folder = folder;
  backend->read = read_object;
  backend->read_header = read_header;
  backend->exists = has_object;
  backend->write = write_object;
  backend->free = [](git_odb_backend* each) { delete static_cast<ObjectsElsewhere*>(each); };
  return backend.release();
}

Result<Repository> Repository::open_in(os::FileSystem& files, Elsewhere where) {
  if (!os::exists(files, os::join(where.git_folder, "HEAD")))
    return Error{ErrorCode::not_found, where.git_folder + ": not a git repository"};
  auto handle = std::make_unique<Handle>();
  git_odb* odb = nullptr;
  git_refdb* refdb = nullptr;
  git_config* config = nullptr;
  int code = git_repository_new(&handle->repository);
  if (code == 0) code = git_odb_new(&odb);
  const Owned<git_odb, git_odb_free> objects(odb);
  if (code == 0) code = git_odb_add_backend(odb, objects_in(files, os::join(where.git_folder, "objects")), 2);
  if (code == 0) code = git_repository_set_odb(handle->repository, odb);
  if (code == 0) code = git_refdb_new(&refdb, handle->repository);
  const Owned<git_refdb, git_refdb_free> refs(refdb);
  if (code == 0) code = git_refdb_set_backend(refdb, refs_in(files, where.git_folder));
  if (code == 0) code = git_repository_set_refdb(handle->repository, refdb);
  if (code == 0) code = git_config_new(&config);
  const Owned<git_config, git_config_free> none(config);
  if (code == 0) code = git_repository_set_config(handle->repository, config);
  if (code < 0) return failure(code, where.git_folder);
  handle->elsewhere = std::move(where);
  handle->files = &files;
  return Repository(std::move(handle));
}

}  // namespace aecos::git
