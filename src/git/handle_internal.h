#pragma once
// What Repository hides: libgit2.

#include <git2.h>

#include <memory>
#include <optional>
#include <string>

#include "base/object_id.h"
#include "base/result.h"
#include "git/repository.h"

namespace aecos::git {

struct Repository::Handle {
  Handle();
  ~Handle();
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  git_repository* repository = nullptr;
  std::optional<Elsewhere> elsewhere = {};
  os::FileSystem* files = nullptr;  // Where `elsewhere` is.
};

// Objects that lie in a folder of any files. libgit2 frees it.
git_odb_backend* objects_in(os::FileSystem& files, const std::string& folder);
// Objects as git stores them one by one, below its folder "objects"; for reading only. libgit2 frees it.
git_odb_backend* loose_objects_in(const std::string& folder);

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

template <class T, auto Free>
using Owned = std::unique_ptr<T, Freer<Free>>;

// The last libgit2 failure as an Error; `what` says what was being done: "branch develop".
Error failure(int code, const std::string& what);

template <class Kind>
git_oid to_oid(const ObjectId<Kind>& id) {
  git_oid oid;
  git_oid_fromraw(&oid, id.bytes.data());
  return oid;
}

template <class Kind>
ObjectId<Kind> from_oid(const git_oid& oid) {
  ObjectId<Kind> id;
  std::copy(std::begin(oid.id), std::end(oid.id), id.bytes.begin());
  return id;
}

}  // namespace aecos::git
