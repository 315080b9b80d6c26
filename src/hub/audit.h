#pragma once
// The events of a project in its own repository: refs/aecos/audit, so that every clone can carry who did what.
//
//   events/000001.jsonl   one event a line, as it was sealed; so many a file that adding to one stays cheap

#include <mutex>
#include <string>

#include "hub/projects.h"

namespace aecos::hub {

inline constexpr const char* audit_ref = "refs/aecos/audit";

class Audit {
 public:
  Audit(const Parts& parts, Projects& projects) : parts_(parts), projects_(projects) {}
  // Writes what is not there yet, in one commit; how many events.
  Result<std::size_t> write(const std::string& project);
  // What is wrong between the database, the ref and the chain; empty: nothing.
  Result<std::vector<event::Fault>> verify(const std::string& project);

 private:
  Parts parts_;
  Projects& projects_;
  std::mutex mutex_;
};

// The lines of an audit tree, in order.
Result<std::vector<std::string>> read_audit(const git::Repository& repository, CommitId commit);

}  // namespace aecos::hub
