#pragma once
// Making a project of a folder or repository, or joining the one at a remote, so that plain git works by meaning too.

#include <functional>
#include <string>
#include <vector>

#include "sync/workspace.h"

namespace aecos::sync {

struct SetUpOptions {
  std::string program;        // The absolute path of aecos, for git to call.
  std::string remote_url;     // Empty: the remote that is there already, if any.
  std::string name;           // Empty: the folder's.
  std::string member;         // Empty: from git's user.name.
  std::string shared_branch;  // Of a new project; empty: develop.
  bool may_ask = false;       // The remote may ask for a password.
  git::Progress progress;
  std::function<bool(const std::string& url)> is_hub = {};  // Asks the remote; none: it is no hub.
};

struct SetUpReport {
  bool made = false;    // A new project.
  bool joined = false;  // One that the remote has. Neither: it was set up here before.
  bool hub = false;     // The remote is a hub.
  std::string root, name, member, branch, shared_branch, remote_url;
  std::vector<std::string> warnings;
};

// May be repeated. Never touches uncommitted work: what would be in its way is an error that names it. Errors leave
// what was there: a repository or remote that was made for it is taken away again, unless the project's files are
// there.
Result<SetUpReport> set_up(const World& world, const std::string& folder, const SetUpOptions& options);

// "Ana Müller" -> "ana-müller": part of a branch's name.
std::string member_name(const std::string& user_name);

// The lines that a project needs, put into a .gitattributes; unchanged if it has them. What the team wrote keeps its
// say over how files are stored (Git LFS), ours over how they are merged.
std::string with_attributes(const std::string& attributes);

}  // namespace aecos::sync
