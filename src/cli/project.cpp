#include "cli/project.h"

namespace aecos::cli {

namespace {

Result<sync::Workspace> open_here(Context& context) {
  return sync::Workspace::open({context.files, context.clock, context.random, context.processes}, context.directory);
}

}  // namespace

Result<sync::Workspace> open_workspace(Context& context) {
  auto workspace = open_here(context);
  if (workspace || workspace.error().code != ErrorCode::not_found) return workspace;
  if (!os::exists(context.files, context.directory))
    return Error{ErrorCode::not_found, context.directory + ": there is no such folder; check the path"};
  return Error{ErrorCode::not_found, workspace.error().message + "; make or join a project with aecos init"};
}

Result<std::optional<sync::Workspace>> find_workspace(Context& context) {
  auto workspace = open_here(context);
  if (workspace) return std::optional(*std::move(workspace));
  if (workspace.error().code != ErrorCode::not_found) return std::move(workspace).error();
  return std::optional<sync::Workspace>();
}

std::string short_id(CommitId id) { return id.hex().substr(0, 8); }

}  // namespace aecos::cli
