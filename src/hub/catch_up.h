#pragma once
// What a work tree that follows the shared branch has not got yet, made once for all who ask from the same place.

#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "hub/projects.h"

namespace aecos::hub {

class CatchUp {
 public:
  explicit CatchUp(Projects& projects) : projects_(projects) {}

  // What leads from that commit to where the shared branch is, for git::take_objects. Null: git is the better way, as
  // it is much, or the commit is not part of the branch.
  using Bytes = std::shared_ptr<const std::string>;
  Result<Bytes> from(const std::string& project, CommitId have, CommitId head);

 private:
  struct Made {
    std::string project;
    CommitId have, head;
    Bytes bytes;
  };
  Bytes known(const std::string& project, CommitId have, CommitId head);

  Projects& projects_;
  std::mutex mutex_;
  std::deque<Made> made_;  // The last ones.
};

}  // namespace aecos::hub
