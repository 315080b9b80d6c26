#include "hub/maintenance.h"

#include <algorithm>

#include "git/hosting.h"
#include "os/path.h"

namespace aecos::hub {
namespace {

// As git gc --auto: ids are spread evenly, so that one folder of 256 tells of all.
constexpr std::size_t loose_max = 6700, packs_max = 50;

Result<std::size_t> count(os::FileSystem& files, const std::string& folder, std::string_view suffix) {
  const auto entries = files.list(folder);
  if (!entries && entries.error().code == ErrorCode::not_found) return std::size_t{0};
  if (!entries) return entries.error();
  return static_cast<std::size_t>(std::count_if(
      entries->begin(), entries->end(), [&](const os::DirectoryEntry& each) { return each.name.ends_with(suffix); }));
}

}  // namespace

Result<bool> Maintenance::tidy(const std::string& folder, const std::function<bool()>& is_cancelled) {
  const std::string objects = os::join(folder, "objects");
  AECOS_TRY_ASSIGN(const std::size_t loose, count(parts_.files, os::join(objects, "17"), ""));
  AECOS_TRY_ASSIGN(const std::size_t packs, count(parts_.files, os::join(objects, "pack"), ".pack"));
  const auto git = [&](std::vector<std::string> arguments) -> Result<> {
    os::Command command;
    command.argv = {"git", "--git-dir=" + folder, "-c", "pack.threads=1"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.clean_environment = true;
    command.environment = git::server_environment(parts_.config.git_home());
    command.is_cancelled = is_cancelled;
    AECOS_TRY_ASSIGN(const os::Finished finished, parts_.processes.run(command));
    if (finished.cancelled || finished.ok()) return {};
    return Error{ErrorCode::unavailable,
                 "git " + arguments[0] + ": " + finished.error.substr(0, finished.error.find('\n'))};
  };
  if (loose * 256 > loose_max) {
    AECOS_TRY(git({"maintenance", "run", "--quiet", "--task=loose-objects"}));
    AECOS_TRY(git({"prune-packed", "--quiet"}));  // What has been packed.
  }
  if (packs > packs_max) AECOS_TRY(git({"repack", "-a", "-d", "-k", "-l", "-q"}));
  return loose * 256 > loose_max || packs > packs_max;
}

}  // namespace aecos::hub
