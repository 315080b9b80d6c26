#include "speckle/server.h"

#include <algorithm>

#include "base/sha256.h"
#include "text/json_writer.h"

namespace aecos::speckle {
namespace {

using graphql::Arguments;
using graphql::Field;
using graphql::list;
using graphql::Node;
using graphql::NodePtr;
using graphql::object;
using graphql::scalar;
using graphql::text;
using graphql::Value;

const Field null = scalar("null");

NodePtr make(std::string type, std::map<std::string, Field> fields) {
  return std::make_shared<const Node>(Node{std::move(type), std::move(fields)});
}

NodePtr person_node(const Person& person, const char* type) {
  return make(type, {{"id", text(person.id)},
                     {"name", text(person.name)},
                     {"email", text(person.email)},
                     {"bio", null},
                     {"company", null},
                     {"avatar", null},
                     {"verified", scalar("true")},
                     {"role", text(person.is_administrator ? "server:admin" : "server:user")}});
}

NodePtr author_node(const std::string& name) {
  return name.empty() ? nullptr : person_node({short_id("author/" + name), name, "", false}, "LimitedUser");
}

NodePtr permission(bool is_authorized) {
  return make("PermissionCheckResult",
              {{"authorized", scalar(is_authorized ? "true" : "false")},
               {"code", text(is_authorized ? "OK" : "FORBIDDEN")},
               {"message", text(is_authorized ? "OK" : "What is here comes from git, by aecos sync.")}});
}

// The names are the answers' own: what may be read, and nothing else.
NodePtr permissions(const char* type, std::initializer_list<const char*> no, std::initializer_list<const char*> yes) {
  std::map<std::string, Field> fields;
  for (const char* name : no) fields[name] = object(permission(false));
  for (const char* name : yes) fields[name] = object(permission(true));
  return make(type, std::move(fields));
}

// A page of a list; the cursor is the position behind it.
NodePtr collection(const char* type, const std::vector<NodePtr>& nodes, const Arguments& arguments) {
  constexpr std::int64_t limit_max = 1000;
  const auto limit = static_cast<std::size_t>(std::clamp<std::int64_t>(arguments.number("limit", 25), 0, limit_max));
  std::size_t from = 0;
  for (const char c : arguments.text("cursor")) {
    if (c < '0' || c > '9' || from > nodes.size()) break;
    from = from * 10 + static_cast<std::size_t>(c - '0');
  }
  from = std::min(from, nodes.size());
  const std::size_t end = std::min(nodes.size(), from + limit);
  const auto at = [&](std::size_t position) { return nodes.begin() + static_cast<std::ptrdiff_t>(position); };
  return make(type, {{"items", list({at(from), at(end)})},
                     {"totalCount", scalar(std::to_string(nodes.size()))},
                     {"cursor", end < nodes.size() ? text(std::to_string(end)) : null}});
}

NodePtr version_node(const Version& version, const std::string& url, const Project& project) {
  return make("Version", {{"id", text(version.id)},
                          {"referencedObject", text(version.object)},
                          {"message", text(version.message)},
                          {"sourceApplication", text("aecos")},
                          {"createdAt", text(version.created)},
                          {"previewUrl", text(url + "/preview/" + project.id + "/commits/" + version.id)},
                          {"authorUser", object(author_node(version.author))},
                          {"authorName", text(version.author)},
                          {"parents", scalar("[]")}});
}

// The same under the names that older clients have for it.
NodePtr commit_node(const Version& version) {
  return make("Commit", {{"id", text(version.id)},
                         {"referencedObject", text(version.object)},
                         {"message", text(version.message)},
                         {"sourceApplication", text("aecos")},
                         {"createdAt", text(version.created)},
                         {"authorName", text(version.author)}});
}

class Teller {
 public:
  Teller(Library& library, std::string url) : library_(library), url_(std::move(url)) {}

  Field version_of(const Project& project) const {
    return [this, project](const Arguments& arguments) -> Result<Value> {
      AECOS_TRY_ASSIGN(const Version found, find_version(project, arguments.text("id")));
      return Value(version_node(found, url_, project));
    };
  }

  Field versions_of(const Project& project) const {
    return [this, project](const Arguments& arguments) -> Result<Value> {
      AECOS_TRY_ASSIGN(const std::vector<Version> versions, library_.versions(project));
      std::vector<NodePtr> nodes;
      for (const Version& version : versions) nodes.push_back(version_node(version, url_, project));
      return Value(collection("VersionCollection", nodes, arguments));
    };
  }

  NodePtr model_node(const Project& project) const {
    return make("Model",
                {{"id", text(project.model_id)},
                 {"name", text(project.model_name)},
                 {"displayName", text(project.model_name)},
                 {"description", null},
                 {"previewUrl", null},
                 {"createdAt", text(project.created)},
                 {"updatedAt", text(project.updated)},
                 {"author", null},
                 {"version", version_of(project)},
                 {"versions", versions_of(project)},
                 {"permissions",
                  object(permissions("ModelPermissionChecks",
                                     {"canUpdate", "canDelete", "canCreateVersion", "canCreateIngestion"}, {}))}});
  }

  Field model_of(const Project& project) const {
    return [this, project](const Arguments& arguments) -> Result<Value> {
      const std::string id = arguments.text("id"), name = arguments.text("name");
      if (id != project.model_id && (name.empty() || name != project.model_name))
        return Error{ErrorCode::not_found, "Model not found"};
      return Value(model_node(project));
    };
  }

  NodePtr project_node(const Project& project) const {
    const Field models = [this, project](const Arguments& arguments) -> Result<Value> {
      return Value(collection("ModelCollection", {model_node(project)}, arguments));
    };
    return make("Project",
                {{"id", text(project.id)},
                 {"name", text(project.name)},
                 {"description", text(project.description)},
                 {"visibility", text("PRIVATE")},
                 {"allowPublicComments", scalar("false")},
                 {"role", text(project.role)},
                 {"createdAt", text(project.created)},
                 {"updatedAt", text(project.updated)},
                 {"sourceApps", scalar("[\"aecos\"]")},
                 {"workspaceId", null},
                 {"team", scalar("[]")},
                 {"invitedTeam", null},
                 {"models", models},
                 {"model", model_of(project)},
                 {"modelByName", model_of(project)},
                 {"version", version_of(project)},
                 {"permissions", object(permissions("ProjectPermissionChecks",
                                                    {"canCreateModel", "canDelete", "canPublish"}, {"canLoad"}))}});
  }

  NodePtr stream_node(const Project& project) const {
    const Field commit = [this, project](const Arguments& arguments) -> Result<Value> {
      AECOS_TRY_ASSIGN(const Version found, find_version(project, arguments.text("id")));
      return Value(commit_node(found));
    };
    return make("Stream", {{"id", text(project.id)}, {"name", text(project.name)}, {"commit", commit}});
  }

  Result<Project> project(const Arguments& arguments) const { return library_.project(arguments.text("id")); }

  Field projects() const {
    return [this](const Arguments& arguments) -> Result<Value> {
      AECOS_TRY_ASSIGN(const std::vector<Project> all, library_.projects());
      std::vector<NodePtr> nodes;
      for (const Project& each : all) nodes.push_back(project_node(each));
      return Value(collection("ProjectCollection", nodes, arguments));
    };
  }

 private:
  Result<Version> find_version(const Project& project, const std::string& id) const {
    AECOS_TRY_ASSIGN(const std::vector<Version> versions, library_.versions(project));
    const auto found = std::find_if(versions.begin(), versions.end(), [&](const Version& v) { return v.id == id; });
    if (found == versions.end()) return Error{ErrorCode::not_found, "Version not found"};
    return *found;
  }

  Library& library_;
  std::string url_;
};

NodePtr server_node(const std::string& url, const std::string& version) {
  const NodePtr workspaces = make("ServerWorkspacesInfo", {{"workspacesEnabled", scalar("false")}});
  return make("ServerInfo", {{"name", text("aecos hub")},
                             {"company", null},
                             {"description", text("Building models in git")},
                             {"adminContact", null},
                             {"canonicalUrl", text(url)},
                             {"version", text(version)},
                             {"scopes", list({})},
                             {"authStrategies", list({})},
                             {"migration", null},
                             {"workspaces", object(workspaces)}});
}

}  // namespace

NodePtr query_root(Library& library, const std::string& url, const std::string& program_version) {
  const auto teller = std::make_shared<const Teller>(library, url);
  const Field active_user = [&library, teller](const Arguments&) -> Result<Value> {
    Node node = *person_node(library.person(), "User");
    node.fields["projects"] = teller->projects();
    node.fields["projectInvites"] = list({});
    node.fields["activeWorkspace"] = null;
    node.fields["permissions"] = object(permissions("RootPermissionChecks", {"canCreatePersonalProject"}, {}));
    return Value(std::make_shared<const Node>(std::move(node)));
  };
  const Field project = [teller](const Arguments& arguments) -> Result<Value> {
    AECOS_TRY_ASSIGN(const Project found, teller->project(arguments));
    return Value(teller->project_node(found));
  };
  const Field stream = [teller](const Arguments& arguments) -> Result<Value> {
    AECOS_TRY_ASSIGN(const Project found, teller->project(arguments));
    return Value(teller->stream_node(found));
  };
  return make("Query", {{"serverInfo", object(server_node(url, program_version))},
                        {"activeUser", active_user},
                        {"project", project},
                        {"stream", stream}});
}

std::string short_id(std::string_view name) {
  constexpr std::size_t length = 10;
  return sha256_hex(name).substr(0, length);
}

}  // namespace aecos::speckle
