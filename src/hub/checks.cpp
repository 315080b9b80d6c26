#include "hub/checks.h"

#include <algorithm>

#include "diff/diff.h"
#include "os/path.h"
#include "revision/content.h"

namespace aecos::hub {
namespace {

Result<> check_readable(const revision::Library& library, const Checked& checked) {
  AECOS_TRY_ASSIGN(const auto files, revision::difference(library.repository, checked.before, checked.after));
  for (const revision::FileDifference& file : files) {
    if (!file.after || (file.after->mode != FileMode::file && file.after->mode != FileMode::executable)) continue;
    const std::string type = os::extension_of(file.path);
    if (type != ".ifc" && type != ".json") continue;
    AECOS_TRY_ASSIGN(const std::string bytes, library.repository.read_blob(file.after->id));
    if (git::parse_lfs_pointer(bytes)) continue;
    const auto read = diff::diff_file(file.path, "", bytes);
    if (!read) return Error{ErrorCode::denied, "check readable: " + file.path + ": " + read.error().message};
  }
  return {};
}

}  // namespace

bool is_own_check(const std::string& name) { return name == "readable"; }

Result<> run_checks(const Parts& parts, const revision::Library& library, const Checked& checked) {
  if (checked.names.empty()) return {};
  std::vector<store::Check> reported;
  const Result<> done = parts.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(reported, tables.checks(checked.project, checked.commit.hex()));
    return {};
  });
  AECOS_TRY(done);
  for (const std::string& name : checked.names) {
    if (is_own_check(name)) {
      AECOS_TRY(check_readable(library, checked));
      continue;
    }
    const auto found =
        std::find_if(reported.begin(), reported.end(), [&](const auto& each) { return each.name == name; });
    if (found == reported.end())
      return Error{ErrorCode::denied,
                   "check " + name + ": nothing was reported for " + checked.commit.hex().substr(0, 10)};
    if (found->state != "passed")
      return Error{ErrorCode::denied,
                   "check " + name + ": " + found->state + (found->summary.empty() ? "" : ": " + found->summary)};
  }
  return {};
}

}  // namespace aecos::hub
