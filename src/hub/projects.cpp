#include "hub/projects.h"

#include <algorithm>

#include "git/hosting.h"
#include "os/path.h"
#include "os/zone.h"
#include "revision/judged.h"

namespace aecos::hub {
namespace {

constexpr const char* default_branch = "develop";
constexpr std::string_view heads = "refs/heads/";

Error unknown(const std::string& name) {
  return {ErrorCode::not_found, "there is no project " + name + " here, or it is not shown to you"};
}

}  // namespace

bool is_project_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), fits) && name.front() != '.' &&
         name.front() != '-' && name.find("..") == std::string_view::npos && !name.ends_with(".git") &&
         !name.ends_with(".lock") && !name.ends_with('.') && name != "api" && name != "setup";
}

std::string Projects::folder(const std::string& name) const {
  return os::join(parts_.config.repositories(), name + ".git");
}

Result<store::Project> Projects::create(const std::string& name, const std::string& title, const std::string& owner) {
  if (!is_project_name(name))
    return Error{ErrorCode::invalid_input,
                 "'" + name + "' cannot be a project's name: lower case letters, digits, '-', '_' and '.', up to 64"};
  store::Project row;
  row.name = name;
  row.title = title.empty() ? name : title;
  row.created_by = owner;
  row.created_us = parts_.clock.now_us();
  // First the repository: a row without one would be a project that cannot be opened. One that was left over by a
  // creation that did not end is empty, and is used.
  AECOS_TRY(git::create_bare(parts_.files, folder(name), default_branch));
  event::Draft made = events_.draft(name, "project.created", owner);
  made.subject = name;
  made.summary = "Project " + row.title + " was made";
  auto done = events_.commit({made}, [&](store::Tables& tables) -> Result<> {
    AECOS_TRY(tables.add_project(row));
    if (owner.empty()) return {};
    AECOS_TRY_ASSIGN(const auto user, tables.user(owner));
    if (!user) return Error{ErrorCode::not_found, "there is no user " + owner};
    return tables.set_grant({name, owner, "manage"});
  });
  if (!done && done.error().code == ErrorCode::changed_meanwhile)
    return Error{ErrorCode::changed_meanwhile, "there is a project " + name + " already"};
  if (!done) return std::move(done).error();
  row.last_sequence = done->back().sequence;
  row.last_hash = done->back().hash;
  return row;
}

Result<OpenProject> Projects::open(const std::string& name) const {
  if (!is_project_name(name)) return unknown(name);
  auto repository = parts_.open_repository(folder(name));
  if (!repository)
    return Error{ErrorCode::unavailable,
                 "the repository of " + name + " cannot be opened: " + repository.error().message};
  auto large =
      std::make_unique<LargeObjects>(parts_.files, parts_.random, os::join(parts_.config.large_objects(), name));
  return OpenProject{name, folder(name), *std::move(repository), std::move(large), takeoffs_};
}

bool Projects::look(const std::string& name) {
  const auto read = [&]() -> Result<> {
    AECOS_TRY_ASSIGN(const OpenProject project, open(name));
    AECOS_TRY_ASSIGN(const auto branch, project.repository.head_branch());
    AECOS_TRY_ASSIGN(const auto head,
                     project.repository.read_ref(branch.value_or(std::string(heads) + default_branch)));
    if (!head) return {};
    AECOS_TRY_ASSIGN(const git::Commit commit, project.repository.read_commit(*head));
    const auto tree = project.repository.read_tree(commit.tree);
    return tree ? Result<>() : Result<>(tree.error());
  };
  const Result<> done = read();
  const std::string why = done ? "" : done.error().message;
  const std::lock_guard lock(mutex_);
  if (std::exchange(told_damage_[name], why) != why && !done)
    parts_.log.write(Level::error, "a project is damaged; aecos hub check tells more",
                     {{"project", name}, {"why", why}});
  return bool(done);
}

namespace {

// A fault in it is told, and keeps nobody from working.
Result<> read_notify(OpenProject& project, Standing& standing) {
  AECOS_TRY_ASSIGN(const TreeId tree, project.library().tree_of(standing.head));
  AECOS_TRY_ASSIGN(const auto entry, project.repository.find_entry(tree, std::string(routing::settings_path)));
  if (!entry || !entry->is_regular()) return {};
  AECOS_TRY_ASSIGN(const std::string json, project.repository.read_blob(entry->id));
  auto settings = routing::parse_settings(json, os::zone_minutes);
  if (settings)
    standing.notify = *std::move(settings);
  else
    standing.notify_fault = settings.error().message;
  return {};
}

}  // namespace

std::shared_ptr<revision::OutcomeStore> Projects::outcomes(const std::string& name) {
  constexpr std::size_t unsaved_max = 64;  // An integration makes no file of its own.
  const std::lock_guard lock(mutex_);
  auto& found = outcomes_[name];
  if (!found)
    found = std::make_shared<revision::OutcomeStore>(parts_.files, os::join(parts_.config.validated(), name),
                                                     revision::OutcomeStore::Limits{64U << 20U, 12, unsaved_max});
  return found;
}

void Projects::save_outcomes() {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, outcomes] : outcomes_) outcomes->save_all();
}

Result<std::shared_ptr<const Standing>> Projects::standing(OpenProject& project) {
  AECOS_TRY_ASSIGN(const auto branch, project.repository.head_branch());
  const std::string ref = branch.value_or(std::string(heads) + default_branch);
  AECOS_TRY_ASSIGN(const auto head, project.repository.read_ref(ref));
  {
    const std::lock_guard lock(mutex_);
    const auto found = standings_.find(project.name);
    if (found != standings_.end() && found->second->head == head.value_or(CommitId{}) && head) return found->second;
  }
  auto standing = std::make_shared<Standing>();
  standing->shared_branch = ref.substr(heads.size());
  if (head) {
    standing->head = *head;
    AECOS_TRY_ASSIGN(const TreeId tree, project.library().tree_of(*head));
    auto roles = revision::roles_of(project.library(), tree);
    if (roles) {
      standing->roles = *std::move(roles);
    } else {
      standing->roles_fault = roles.error().message;
    }
    AECOS_TRY_ASSIGN(const auto entry, project.repository.find_entry(tree, revision::project_path));
    if (entry && entry->is_regular()) {
      AECOS_TRY_ASSIGN(const std::string json, project.repository.read_blob(entry->id));
      if (auto settings = revision::parse_project(json)) standing->settings = *std::move(settings);
    }
  }
  if (head) AECOS_TRY(read_notify(project, *standing));
  const std::lock_guard lock(mutex_);
  standings_[project.name] = standing;
  return std::shared_ptr<const Standing>(standing);
}

Result<std::shared_ptr<const Standing>> Projects::standing_now(const std::string& name) {
  AECOS_TRY_ASSIGN(OpenProject project, open(name));
  return standing(project);
}

Result<std::shared_ptr<const Standing>> Projects::standing_or_last(const std::string& name) {
  auto now = standing_now(name);
  if (now || now.error().code == ErrorCode::invalid_input) return now;
  const std::lock_guard lock(mutex_);
  if (const auto known = standings_.find(name); known != standings_.end()) return known->second;
  auto unknown_roles = std::make_shared<Standing>();
  unknown_roles->shared_branch = default_branch;
  unknown_roles->roles_fault = std::move(now).error().message;
  return std::shared_ptr<const Standing>(unknown_roles);
}

Result<Access> Projects::access(const Caller& caller, const std::string& name, const Standing& standing) {
  std::string granted;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(const std::vector<store::Grant> grants, tables.grants_of(caller.login()));
    for (const store::Grant& grant : grants) {
      if (grant.project == name) granted = grant.access;
    }
    return {};
  });
  AECOS_TRY(done);
  const bool administrator = caller.user.administrator;
  const bool member = standing.roles && standing.roles->members.contains(caller.login());
  Access access;
  access.manage = administrator || granted == "manage";
  // With roles.json, that says who writes what; without, the grant alone.
  const bool may_write = standing.roles ? member : granted == "write" && standing.roles_fault.empty();
  access.write = access.manage || may_write;
  access.read = access.write || member || !granted.empty();
  const bool elsewhere = !caller.token.project.empty() && caller.token.project != name;
  access.manage = access.manage && caller.may("admin") && !elsewhere;
  access.write = access.write && caller.may("write") && !elsewhere;
  access.read = access.read && caller.may("read") && !elsewhere;
  return access;
}

Result<Projects::Entry> Projects::enter(const Caller& caller, const std::string& name, Need need) {
  Entry entry;
  std::optional<store::Project> row;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(row, tables.project(name));
    return {};
  });
  AECOS_TRY(done);
  if (!row) return unknown(name);
  entry.row = *std::move(row);
  AECOS_TRY_ASSIGN(entry.standing, need == Need::read ? standing_or_last(name) : standing_now(name));
  AECOS_TRY_ASSIGN(entry.access, access(caller, name, *entry.standing));
  if (!entry.access.read) return unknown(name);
  if (need == Need::manage && !entry.access.manage)
    return Error{ErrorCode::denied, caller.login() + " may not manage " + name};
  if (need == Need::write && !entry.access.write)
    return Error{ErrorCode::denied, caller.login() + " may not write to " + name +
                                        (caller.may("write") ? "" : " with a token for reading")};
  if (need == Need::write && entry.row.archived)
    return Error{ErrorCode::denied, name + " is archived: nothing can be changed"};
  if (entry.standing->roles) entry.actor = policy::actor_of(*entry.standing->roles, caller.login());
  entry.actor.login = caller.login();
  entry.actor.may_write = entry.access.write;
  entry.actor.manages = entry.access.manage;
  return entry;
}

Result<std::vector<store::Project>> Projects::visible(const Caller& caller) {
  std::vector<store::Project> all, shown;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(all, tables.projects("", 100'000));
    return {};
  });
  AECOS_TRY(done);
  for (store::Project& project : all) {
    AECOS_TRY_ASSIGN(const auto standing, standing_or_last(project.name));
    AECOS_TRY_ASSIGN(const Access may, access(caller, project.name, *standing));
    if (may.read) shown.push_back(std::move(project));
  }
  return shown;
}

}  // namespace aecos::hub
