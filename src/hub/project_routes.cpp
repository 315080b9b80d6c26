#include <algorithm>

#include "diff/summary.h"
#include "git/receive.h"
#include "hub/answer.h"
#include "hub/routes.h"
#include "hub/to_json.h"
#include "revision/content.h"
#include "revision/message.h"
#include "revision/record.h"
#include "revision/to_json.h"

namespace aecos::hub {
namespace {

using http::Request;
using http::Response;
using Need = Projects::Need;

constexpr std::string_view heads = "refs/heads/";
constexpr std::size_t title_max = 200, login_max = 40;

// Whoever makes a commit writes its time: null for one that no calendar has.
void member_time_of(text::JsonWriter& json, const git::Commit& commit) {
  constexpr std::int64_t year_10000_s = 253'402'300'800;
  const std::int64_t time_s = commit.committer.time_s;
  member_time(json, "time", time_s > 0 && time_s < year_10000_s ? time_s * 1'000'000 : 0);
}

Result<Response> list_projects(Hub& hub, const Caller& caller) {
  AECOS_TRY_ASSIGN(const std::vector<store::Project> projects, hub.projects.visible(caller));
  text::JsonWriter json;
  json.begin_object().key("projects").begin_array();
  for (const store::Project& project : projects) write(json, project);
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

Result<Response> make_project(Hub& hub, const Caller& caller, const Request& request) {
  if (!caller.may("admin") || !caller.token.project.empty())
    return Error{ErrorCode::denied, "to make a project, a token of scope admin for all projects is needed"};
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"name", "title", "owner"}));
  AECOS_TRY_ASSIGN(const std::string name, body.required("name"));
  AECOS_TRY_ASSIGN(const std::string title, body.line("title", title_max));
  AECOS_TRY_ASSIGN(const std::string owner, body.line("owner", login_max, caller.login()));
  if (owner != caller.login() && !caller.is_administrator())
    return Error{ErrorCode::denied, "a project for somebody else is made by administrators"};
  AECOS_TRY_ASSIGN(const store::Project made, hub.projects.create(name, title, owner));
  text::JsonWriter json;
  write(json, made);
  return json_answer(201, std::move(json));
}

Result<Response> show_project(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const Projects::Entry entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  text::JsonWriter json;
  json.begin_object().key("project");
  write(json, entry.row);
  json.member("sharedBranch", entry.standing->shared_branch);
  json.member("head", entry.standing->head ? entry.standing->head.hex() : "");
  json.key("access").begin_object().member("read", entry.access.read).member("write", entry.access.write);
  json.member("manage", entry.access.manage).end_object();
  json.key("roles").begin_array();
  for (const std::string& role : entry.actor.roles) json.value(role);
  json.end_array().member("rolesFault", entry.standing->roles_fault).end_object();
  return json_answer(200, std::move(json));
}

Result<Response> change_project(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const Projects::Entry entry, hub.projects.enter(caller, request.parameters.at(0), Need::manage));
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"title", "archived"}));
  store::Project row = entry.row;
  AECOS_TRY_ASSIGN(row.title, body.line("title", title_max, row.title));
  if (row.title.empty()) row.title = row.name;
  AECOS_TRY_ASSIGN(row.archived, body.truth("archived", row.archived));
  event::Draft draft = hub.events.draft(row.name, "project.changed", caller.login());
  draft.subject = row.name;
  draft.summary = "The project is called " + row.title + (row.archived ? " and is archived" : "");
  auto done = hub.events.commit({draft}, [&](store::Tables& tables) -> Result<> {
    // As it is by now: the audit trail goes on meanwhile.
    AECOS_TRY_ASSIGN(const auto now, tables.project(row.name));
    if (now) row.audit_sequence = now->audit_sequence;
    return tables.update_project(row);
  });
  if (!done) return std::move(done).error();
  row.last_sequence = done->back().sequence;
  text::JsonWriter json;
  write(json, row);
  return json_answer(200, std::move(json));
}

Result<Response> list_members(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const Projects::Entry entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  std::vector<store::Grant> grants;
  const Result<> done = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(grants, tables.grants(entry.row.name));
    return {};
  });
  AECOS_TRY(done);
  std::map<std::string, std::pair<std::string, std::vector<std::string>>> members;
  for (const store::Grant& grant : grants) members[grant.login].first = grant.access;
  if (entry.standing->roles) {
    for (const auto& [login, member] : entry.standing->roles->members) members[login].second = member.roles;
  }
  text::JsonWriter json;
  json.begin_object().key("members").begin_array();
  for (const auto& [login, member] : members) {
    json.begin_object().member("login", login).member("access", member.first).key("roles").begin_array();
    for (const std::string& role : member.second) json.value(role);
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

Result<Response> set_member(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const Projects::Entry entry, hub.projects.enter(caller, request.parameters.at(0), Need::manage));
  store::Grant grant{entry.row.name, request.parameters.at(1), ""};
  if (request.method == "PUT") {
    AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"access"}));
    AECOS_TRY_ASSIGN(grant.access, body.required("access"));
    if (grant.access != "read" && grant.access != "write" && grant.access != "manage")
      return Error{ErrorCode::invalid_input, "access: read, write or manage is wanted"};
  }
  if (grant.login == caller.login() && grant.access != "manage")
    return Error{ErrorCode::invalid_input, "nobody takes their own rights away; another manager can"};
  event::Draft draft = hub.events.draft(entry.row.name, "member.changed", caller.login());
  draft.subject = grant.login;
  draft.summary = grant.access.empty() ? grant.login + " has no access any more" : grant.login + " may " + grant.access;
  auto done = hub.events.commit({draft}, [&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(const auto user, tables.user(grant.login));
    if (!user) return Error{ErrorCode::not_found, "there is no such user"};
    return tables.set_grant(grant);
  });
  if (!done) return std::move(done).error();
  return Response{204};
}

Result<Response> list_branches(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const Projects::Entry entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(OpenProject project, hub.projects.open(entry.row.name));
  AECOS_TRY_ASSIGN(const std::vector<git::Ref> refs, project.repository.list_refs(std::string(heads)));
  text::JsonWriter json;
  json.begin_object().key("branches").begin_array();
  for (const git::Ref& ref : refs) {
    const std::string name = ref.name.substr(heads.size());
    AECOS_TRY_ASSIGN(const git::Commit commit, project.repository.read_commit(ref.target));
    json.begin_object().member("name", name).member("commit", ref.target.hex());
    json.member("author", commit.author.name).member("subject", revision::subject_of(commit.message));
    member_time_of(json, commit);
    if (entry.standing->head) {
      AECOS_TRY_ASSIGN(const git::AheadBehind counts,
                       project.repository.ahead_behind(ref.target, entry.standing->head));
      json.member("ahead", counts.ahead).member("behind", counts.behind);
    }
    const policy::BranchRule rule = policy::rule_for(entry.standing->roles, name);
    json.member("protected", rule.is_protected).member("shared", name == entry.standing->shared_branch).end_object();
  }
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

// A commit by its id or a branch; what git would make of other words is not asked.
Result<CommitId> commit_of(OpenProject& project, const std::string& text) {
  if (const auto id = CommitId::from_hex(text)) {
    AECOS_TRY_ASSIGN(const git::Commit commit, project.repository.read_commit(*id));
    return commit.id;
  }
  const std::string ref = std::string(heads) + text;
  if (!git::is_well_formed_ref(ref)) return Error{ErrorCode::invalid_input, "no commit and no branch: " + text};
  AECOS_TRY_ASSIGN(const auto found, project.repository.read_ref(ref));
  if (!found) return Error{ErrorCode::not_found, "there is no branch " + text};
  return *found;
}

Result<Response> list_commits(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const Projects::Entry entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(OpenProject project, hub.projects.open(entry.row.name));
  AECOS_TRY_ASSIGN(const std::size_t limit, limit_of(request, 50));
  AECOS_TRY_ASSIGN(const CommitId from,
                   commit_of(project, request.query_value("from").value_or(entry.standing->shared_branch)));
  std::vector<git::Commit> commits;
  git::HistoryQuery query{{from}, {}, request.query_value("path").value_or("")};
  AECOS_TRY_ASSIGN(query.first_parent, truth_of(request, "first-parent"));
  AECOS_TRY(project.repository.walk(query, [&](const git::Commit& commit) {
    commits.push_back(commit);
    return commits.size() <= limit;
  }));
  std::string next;
  if (commits.size() > limit) {
    next = commits.back().id.hex();
    commits.pop_back();
  }
  text::JsonWriter json;
  json.begin_object().key("commits").begin_array();
  for (const git::Commit& commit : commits) {
    json.begin_object().member("id", commit.id.hex()).member("subject", revision::subject_of(commit.message));
    json.member("author", commit.author.name).key("parents").begin_array();
    for (const CommitId parent : commit.parents) json.value(parent.hex());
    json.end_array();
    member_time_of(json, commit);
    json.end_object();
  }
  json.end_array().key("next");
  next.empty() ? json.null() : json.value(next);
  json.end_object();
  return json_answer(200, std::move(json));
}

Result<Response> show_changes(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const Projects::Entry entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(OpenProject project, hub.projects.open(entry.row.name));
  const auto from_text = request.query_value("from"), to_text = request.query_value("to");
  if (!from_text || !to_text) return Error{ErrorCode::invalid_input, "from and to: two commits or branches are wanted"};
  AECOS_TRY_ASSIGN(const CommitId from, commit_of(project, *from_text));
  AECOS_TRY_ASSIGN(const CommitId to, commit_of(project, *to_text));
  AECOS_TRY_ASSIGN(const TreeId before, project.library().tree_of(from));
  AECOS_TRY_ASSIGN(const TreeId after, project.library().tree_of(to));
  AECOS_TRY_ASSIGN(const auto files, revision::difference(project.repository, before, after));
  const auto changes = revision::changes_of(project.library(), files, {256U << 20U, 500});
  text::JsonWriter json;
  json.begin_object().member("from", from.hex()).member("to", to.hex());
  json.member("summary", diff::summarise(changes, 300)).key("files").begin_array();
  for (const diff::FileChanges& file : changes) revision::write(json, file);
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

Result<std::string> no_blob(std::string_view) { return std::string(); }

Result<Response> list_conflicts(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const Projects::Entry entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(OpenProject project, hub.projects.open(entry.row.name));
  text::JsonWriter json;
  json.begin_object()
      .member("commit", entry.standing->head ? entry.standing->head.hex() : "")
      .key("conflicts")
      .begin_array();
  AECOS_TRY_ASSIGN(const TreeId tree, project.library().tree_of(entry.standing->head));
  if (tree) {
    AECOS_TRY_ASSIGN(const auto folder, project.repository.find_entry(tree, revision::records_folder));
    if (folder && folder->is_folder()) {
      AECOS_TRY_ASSIGN(const std::vector<TreeEntry> entries, project.repository.read_tree(folder->tree_id()));
      for (const TreeEntry& each : entries) {
        if (!each.is_regular()) continue;
        AECOS_TRY_ASSIGN(const std::string bytes, project.repository.read_blob(each.id));
        // Written anew: a record that somebody wrote by hand may have more in it, and of other kinds.
        const auto record = revision::parse_record(bytes);
        const auto text = record ? revision::to_json(*record, no_blob) : record.error();
        if (text) json.raw(*text);
      }
    }
  }
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

// For those who follow the shared branch: quicker than git, which they ask where this has nothing.
Result<Response> catch_up(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const Projects::Entry entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  const auto have = CommitId::from_hex(request.query_value("have").value_or(""));
  if (!have) return Error{ErrorCode::invalid_input, "have: the id of a commit is wanted, 40 hex digits"};
  CatchUp::Bytes bytes;
  if (entry.standing->head) {
    AECOS_TRY_ASSIGN(bytes, hub.catch_up.from(entry.row.name, *have, entry.standing->head));
  }
  if (!bytes)
    return Error{ErrorCode::changed_meanwhile, "fetch with git: it is much, or the commit is not in the branch"};
  ++hub.metrics.fetches;
  return Response{200, {{"Content-Type", "application/octet-stream"}}, *bytes};
}

}  // namespace

void add_project_routes(http::Router& router, Hub& hub) {
  router.add("GET", "/api/v1/projects",
             with_caller(hub, [&hub](const Caller& c, const Request&) { return list_projects(hub, c); }));
  const auto add = [&](const char* method, const char* path,
                       Result<Response> (*answer)(Hub&, const Caller&, const Request&)) {
    router.add(method, std::string("/api/v1/projects") + path,
               with_caller(hub, [&hub, answer](const Caller& c, const Request& r) { return answer(hub, c, r); }));
  };
  add("POST", "", make_project);
  add("GET", "/{}", show_project);
  add("PATCH", "/{}", change_project);
  add("GET", "/{}/members", list_members);
  add("PUT", "/{}/members/{}", set_member);
  add("DELETE", "/{}/members/{}", set_member);
  add("GET", "/{}/branches", list_branches);
  add("GET", "/{}/commits", list_commits);
  add("GET", "/{}/objects", catch_up);
  add("GET", "/{}/changes", show_changes);
  add("GET", "/{}/conflicts", list_conflicts);
}

}  // namespace aecos::hub
