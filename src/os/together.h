#pragma once
// Files that change together, or not at all: what is about to change is noted first, so that whoever is killed or runs
// out of disk in the middle leaves enough behind to make it as it was.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "os/file_system.h"

namespace aecos::os {

// What was made as it was.
struct TakenBack {
  std::size_t files = 0;
  std::vector<std::string> edited;  // Changed by somebody else since; they stay as they are.
};

// Makes what a change left unfinished as it was before it; nothing left is no error. `notes`: the folder of the
// change's notes; `root`: the folder that its paths are relative to. Whoever is killed here may do it again.
Result<TakenBack> take_back(FileSystem& files, const std::string& notes, const std::string& root);

// One change. Only one at a time may use a folder of notes. Cost over writing alone: a copy of each file that is
// replaced or removed, and one small write for each call.
class Together final {
 public:
  // Takes back first what was left unfinished.
  static Result<Together> begin(FileSystem& files, std::string notes, std::string root);

  // Paths are relative to the root; their folders must be there. After an error, take_back() is what is left to do.
  Result<> write(std::span<const FileToWrite> written);
  Result<> remove(const std::vector<std::string>& paths);
  // Folders that take_back() is to remove where they are empty; made here.
  Result<> create_directories(const std::vector<std::string>& paths);
  // From now on all of it holds.
  Result<> finish();

 private:
  Together(FileSystem& files, std::string notes, std::string root)
      : files_(&files), notes_(std::move(notes)), root_(std::move(root)) {}
  Result<std::string> note_of(const std::string& path, const std::string& new_hash);

  FileSystem* files_;
  std::string notes_, root_;
  std::size_t kept_ = 0;  // Copies of files as they were.
};

}  // namespace aecos::os
