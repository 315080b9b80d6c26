// The input is a roles.json, a path with what changes in it (two versions of a file, of its type), and a pattern, with
// lines "%%%%" between them.

#include <optional>
#include <string>

#include "base/utf8.h"
#include "diff/diff.h"
#include "parts.h"
#include "policy/policy.h"

namespace {

using aecos::fuzz::require;
namespace policy = aecos::policy;

policy::FileChange change_of(std::string_view path, std::string_view before, std::string_view after) {
  policy::FileChange file;
  file.path = path.substr(0, path.find('\n'));
  auto changes = aecos::diff::diff_file(file.path, before, after);
  file.readable = bool(changes);
  if (changes) file.changes = *std::move(changes);
  file.added = before.empty();
  file.removed = after.empty();
  return file;
}

void require_sound(const policy::Decision& decision) {
  require(decision.allowed == decision.reasons.empty(), "what is refused has a reason, and nothing else has");
  require(decision.reasons.size() <= 50 && decision.warnings.size() <= 50, "there are not more reasons than are read");
  for (const policy::Reason& reason : decision.reasons) {
    require(!reason.what.empty() && aecos::is_utf8(reason.what), "a reason is text");
    require(reason.what.find('\n') == std::string::npos, "a reason is one line");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parts = aecos::fuzz::parts_of(aecos::fuzz::text_of(data, size), 5);
  const std::string_view rules = parts[0], path = parts[1], before = parts[2], after = parts[3], pattern = parts[4];
  (void)policy::matches(pattern, path);
  require(policy::matches("**", path), "everything is matched by **");
  const auto roles = policy::parse_roles(rules);
  if (!roles) {
    require(roles.error().message.find('\n') == std::string::npos, "an error is one line");
    return 0;
  }
  policy::Update update;
  update.branch = pattern;
  update.files = {change_of(path, before, after)};
  const std::vector<policy::HeldLock> locks = {{"l", "path", std::string(pattern), "", "x", ""},
                                               {"m", "element", std::string(pattern), "", "x", ""}};
  require_sound(policy::decide({"nobody", {}, true, false}, std::nullopt, update, locks));
  for (const auto& [login, member] : roles->members) {
    const policy::Actor actor = policy::actor_of(*roles, login);
    const policy::Decision decision = policy::decide(actor, *roles, update, locks);
    require_sound(decision);
    const bool faulty = !policy::path_fault(update.files[0].path).empty() && !update.files[0].removed;
    require(!(faulty && decision.allowed), "no rule allows a name that can be taken for another");
    policy::Update removed = update;
    removed.files[0] = policy::FileChange();
    removed.files[0].path = policy::roles_path;
    removed.files[0].removed = true;
    require(!policy::decide(actor, *roles, removed, {}).allowed, "nobody removes the rules");
  }
  return 0;
}
