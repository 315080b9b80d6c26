// What a project looks like: how far it is made, and what it is loaded by. The objects themselves are read as
// Speckle's.

#include "hub/answer.h"
#include "hub/routes.h"
#include "hub/view_ids.h"

namespace aecos::hub {
namespace {

using http::Request;
using http::Response;
using Need = Projects::Need;

constexpr std::int64_t wait_max_s = 30;

const char* word_for(ViewState::Kind kind) {
  switch (kind) {
    case ViewState::Kind::off:
      return "off";
    case ViewState::Kind::working:
      return "working";
    case ViewState::Kind::ready:
      return "ready";
    case ViewState::Kind::failed:
      break;
  }
  return "failed";
}

void write(text::JsonWriter& json, const ViewVersion& version) {
  json.begin_object().member("id", version_id(version)).member("commit", version.commit);
  json.member("object", version.object).member("message", version.message).member("author", version.author);
  member_time(json, "time", version.time_us);
  json.member("elements", version.elements).member("withoutShape", version.without_shape).end_object();
}

Response answer(Hub& hub, const std::string& project, const ViewState& state) {
  text::JsonWriter json;
  json.begin_object().member("state", word_for(state.kind)).member("why", state.why);
  json.member("link", hub.views.hub_url() + "/projects/" + project + "/view");
  json.member("projectId", project_id(project)).member("modelId", model_id(project)).key("version");
  if (state.shown)
    write(json, *state.shown);
  else
    json.null();
  json.key("parts").begin_array();
  for (const ViewPart& part : state.parts) {
    json.begin_object().member("key", part.key).member("name", part.name).member("object", part.object);
    json.member("elements", part.elements).end_object();
  }
  json.end_array().member("done", state.done).member("total", state.total).key("leftOut").begin_array();
  for (const std::string& line : state.left_out) json.value(line);
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

Result<Response> show_view(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  return answer(hub, entry.row.name, hub.views.state(entry.row.name));
}

Result<Response> want_view(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"waitSeconds"}));
  AECOS_TRY_ASSIGN(const std::int64_t wait_s, body.number("waitSeconds", 0));
  if (wait_s < 0 || wait_s > wait_max_s)
    return Error{ErrorCode::invalid_input, "waitSeconds: 0 to " + std::to_string(wait_max_s) + " is wanted"};
  return answer(hub, entry.row.name, hub.views.want(entry.row.name, wait_s * 1000));
}

}  // namespace

void add_view_routes(http::Router& router, Hub& hub) {
  http::RouteOptions slow;
  slow.lane = http::Lane::slow;
  router.add("GET", "/api/v1/projects/{}/view",
             with_caller(hub, [&hub](const Caller& c, const Request& r) { return show_view(hub, c, r); }));
  router.add("PUT", "/api/v1/projects/{}/view",
             with_caller(hub, [&hub](const Caller& c, const Request& r) { return want_view(hub, c, r); }), slow);
}

}  // namespace aecos::hub
