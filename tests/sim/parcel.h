#pragma once
// Objects on their way from one repository to another. Where git has packs, these are the objects' files one after the
// other, the commits last and the oldest of them first: when a commit is there, all of it is.

#include <set>
#include <string>
#include <vector>

#include "git/repository.h"
#include "os/file_system.h"
#include "os/process.h"

namespace aecos::sim {

// What `wants` lead to and `haves` do not, of a repository in `git_folder`. Haves that are not there are ignored.
Result<std::string> make_parcel(os::FileSystem& files, const std::string& git_folder, const git::Repository& repository,
                                const std::vector<CommitId>& wants, const std::vector<CommitId>& haves);

// Writes the objects that are not there yet into a folder of objects; gives them all.
struct Unpacked {
  std::string id;
  bool is_blob = false;
};
Result<std::vector<Unpacked>> unpack_parcel(os::FileSystem& files, const std::string& objects, std::string_view parcel);

// The git program on the hub's machine, which unpacks what was pushed and looks whether anything is missing.
class UnpackingGit final : public os::ProcessRunner {
 public:
  // `careless`: a fault made on purpose, at times it loses an object of an earlier push.
  UnpackingGit(os::FileSystem& files, bool careless) : files_(files), careless_(careless) {}
  Result<os::Finished> run(const os::Command& command) override;

 private:
  os::FileSystem& files_;
  bool careless_;
  std::size_t runs_ = 0;
  std::string earlier_;  // An object of the last push.
};

}  // namespace aecos::sim
