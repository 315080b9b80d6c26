#pragma once
// What a person's machine and the place where the team meets say to each other.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "git/receive.h"
#include "hub/receive.h"

namespace aecos::sim {

struct ListRefs {};  // As before a push.
struct Push {
  std::vector<git::RefCommand> commands;
  std::string parcel;
};
struct Fetch {
  std::string ref;
  std::vector<CommitId> haves;
};
struct AcquireLock {
  std::string path;
  std::int64_t lease_s = 0;
};
struct ReleaseLock {
  std::string id;
  bool force = false;
};
struct ProlongLock {
  std::string id;
};

struct Request {
  std::string login;
  std::variant<ListRefs, Push, Fetch, AcquireLock, ReleaseLock, ProlongLock> what;
};

struct Answer {
  std::optional<Error> error = {};  // Nothing else is meant then.
  std::vector<git::Ref> refs = {};
  hub::Pushed pushed = {};
  std::optional<CommitId> tip = {};  // Absent: there is no such ref.
  std::string parcel = {};
  std::string lock = {};  // Its id, where the caller has it now.
};

// The place where a team meets.
class Remote {
 public:
  virtual ~Remote() = default;
  // Absent: it went down meanwhile, or is down; nobody answers.
  virtual std::optional<Answer> serve(const Request& request) = 0;
  virtual bool is_up() = 0;
};

}  // namespace aecos::sim
