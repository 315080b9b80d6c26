// Webhooks of a project's forge, and its open pull requests.

#include "hub/answer.h"
#include "hub/routes.h"

namespace aecos::hub {
namespace {

using http::Request;
using http::Response;
using Need = Projects::Need;

constexpr std::uint64_t delivery_max = 8U << 20U;  // Bytes; anybody can send one.

Response received_answer(const Forges::Received& received) {
  text::JsonWriter json;
  json.begin_object().member("taken", received.is_new).member("note", received.note).key("event");
  received.sequence == 0 ? json.null() : json.value(received.sequence);
  json.end_object();
  return json_answer(received.is_new ? 202 : 200, std::move(json));
}

Response receive(Hub& hub, const Request& request) {
  const auto received = hub.forges.receive(request.parameters.at(0), request.headers, request.body);
  if (received) return received_answer(*received);
  return received.error().code == ErrorCode::denied ? problem(401, received.error().message)
                                                    : problem(received.error());
}

void write(text::JsonWriter& json, const forge::PullRequest& pull) {
  json.begin_object().member("number", pull.number).member("title", pull.title).member("author", pull.author);
  json.member("source", pull.source).member("target", pull.target).member("commit", pull.commit);
  json.member("url", pull.url).member("draft", pull.is_draft).member("checks", pull.checks);
  json.member("approvals", pull.approvals).member("objections", pull.objections);
  member_time(json, "updated", pull.updated_us);
  json.end_object();
}

Result<Response> list_pull_requests(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(const forge::Settings settings, hub.forges.settings(entry.row.name));
  AECOS_TRY_ASSIGN(const Forges::Listed listed, hub.forges.pull_requests(entry.row.name, settings));
  text::JsonWriter json;
  json.begin_object().member("forge", forge::to_string(settings.kind)).member("repository", settings.repository);
  json.key("pullRequests").begin_array();
  for (const forge::PullRequest& pull : listed.requests) write(json, pull);
  json.end_array().member("fault", listed.fault);
  member_time(json, "asked", listed.asked_us);
  json.end_object();
  return json_answer(200, std::move(json));
}

Result<Response> list_members(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::manage));
  const std::string team = request.query_value("team").value_or("");
  if (team.empty()) return Error{ErrorCode::invalid_input, "team: the name of a team is wanted"};
  AECOS_TRY_ASSIGN(const forge::Settings settings, hub.forges.settings(entry.row.name));
  AECOS_TRY_ASSIGN(const std::vector<std::string> members, hub.forges.members(entry.row.name, settings, team));
  text::JsonWriter json;
  json.begin_object().member("forge", forge::to_string(settings.kind)).member("team", team);
  json.key("members").begin_array();
  for (const std::string& login : members) json.value(login);
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

}  // namespace

void add_forge_routes(http::Router& router, Hub& hub) {
  http::RouteOptions options;
  options.body_max = delivery_max;
  options.lane = http::Lane::slow;
  router.add(
      "POST", "/api/v1/projects/{}/forge", [&hub](const Request& request) { return receive(hub, request); }, options);
  router.add("GET", "/api/v1/projects/{}/pull-requests",
             with_caller(hub, [&hub](const Caller& caller, const Request& request) {
               return list_pull_requests(hub, caller, request);
             }));
  router.add("GET", "/api/v1/projects/{}/team-members",
             with_caller(hub, [&hub](const Caller& caller, const Request& request) {
               return list_members(hub, caller, request);
             }));
}

}  // namespace aecos::hub
