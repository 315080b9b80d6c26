#pragma once
// Bare repositories that a server keeps.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "git/receive.h"
#include "git/repository.h"
#include "git/small_pack.h"
#include "os/clock.h"
#include "os/file_system.h"
#include "os/process.h"

namespace aecos::git {

// An empty one with the settings a server needs. `branch`: short, what a clone checks out.
Result<> create_bare(os::FileSystem& files, const std::string& folder, const std::string& branch);

// All that git programs of a server get to know of the world. `home`: a folder without settings of anybody.
std::map<std::string, std::optional<std::string>> server_environment(const std::string& home);

// The answer to info/refs for fetching by protocol version 2, which says only what the server can do.
std::string upload_advertisement_v2();
// A value of the Git-Protocol header that may be handed to git.
bool is_protocol_header(std::string_view value);

// Objects that were sent, apart from the repository until they are known to be wanted; removed with this object unless
// they were taken over.
class Quarantine {
 public:
  struct Place {
    os::FileSystem& files;
    os::ProcessRunner& processes;
    const Repository& repository;
    std::string folder;  // The bare repository, opened as `repository`.
    std::string home;
    std::string name;  // Of the quarantine, not used before: random letters.
  };
  struct Limits {
    std::uint64_t bytes_max = 4ULL << 30U;  // Of the pack.
    std::function<bool()> is_cancelled = {};
    // Of one object that must be in memory as a whole: no client makes deltas of larger ones.
    std::uint64_t object_max = 600ULL << 20U;
    // On the disk, beside eight times what was sent; and time after the last byte, beside a second for each megabyte.
    std::uint64_t unpacked_max = 1ULL << 30U;
    std::int64_t work_max_s = 60;
  };
  // Reads the pack to its end and checks every object and that nothing it refers to is missing. invalid_input: the
  // pack is broken, incomplete, too large, unpacks to too much or has unsound objects; unavailable: it did not come as
  // a whole, or cannot be stored. The message may be shown to the client.
  static Result<std::unique_ptr<Quarantine>> unpack(const Place& place, ByteReader& pack, const Limits& limits);
  ~Quarantine();
  Quarantine(const Quarantine&) = delete;
  Quarantine& operator=(const Quarantine&) = delete;

  // Lets a repository see them.
  Result<> show_to(Repository& repository) const;
  // Makes them part of the repository, durably. Safe to be killed in: what has been moved is whole.
  Result<> take_over();
  // What was not taken over is removed. The destructor does it too, but it cannot end early.
  void drop();

 private:
  explicit Quarantine(const Place& place);
  Result<> unpack_by_git(std::string_view begin, ByteReader& rest, const Limits& limits);
  Place place_;
  std::string folder_;  // Where git unpacked them; empty: they are in memory.
  std::shared_ptr<const std::vector<UnpackedObject>> few_;
};

// Removes what a server, or git for it, left behind in a bare repository when it was killed: locks, quarantines, files
// that were not written to the end. Nobody else may be at work there but a git that outlived the server: it ends.
Result<> sweep_leftovers(os::FileSystem& files, const std::string& folder);

}  // namespace aecos::git
