// What happened, what happens, and who is there.

#include "hub/answer.h"
#include "hub/routes.h"
#include "hub/to_json.h"

namespace aecos::hub {
namespace {

using http::Request;
using http::Response;
using Need = Projects::Need;

constexpr std::size_t line_max = 500;

Result<Response> list_events(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  store::EventQuery query;
  query.project = entry.row.name;
  AECOS_TRY_ASSIGN(query.limit, limit_of(request));
  AECOS_TRY_ASSIGN(query.after, number_in(request.query_value("after").value_or("0"), "after"));
  query.type = request.query_value("type").value_or("");
  query.element = request.query_value("element").value_or("");
  query.actor = request.query_value("actor").value_or("");
  AECOS_TRY_ASSIGN(const std::string order, word_of(request, "order", {"newest", "oldest"}));
  query.newest_first = order == "newest";
  std::vector<store::Event> events;
  const Result<> done = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(events, tables.events(query));
    return {};
  });
  AECOS_TRY(done);
  text::JsonWriter json;
  json.begin_object().key("events").begin_array();
  for (const store::Event& event : events) json.raw(event.json);
  json.end_array().key("next");
  events.size() == query.limit ? json.value(events.back().sequence) : json.null();
  json.end_object();
  return json_answer(200, std::move(json));
}

struct Listening {
  std::mutex mutex;
  std::uint64_t id = 0;
  bool closed = false;
};

http::EventAnswer open_stream(Hub& hub, const Request& request) {
  http::EventAnswer answer;
  const auto caller = caller_of(hub, request);
  if (!caller) {
    answer.response =
        caller.error().code == ErrorCode::denied ? problem(401, caller.error().message) : problem(caller.error());
    return answer;
  }
  const auto entry = hub.projects.enter(*caller, request.parameters.at(0), Need::read);
  if (!entry) {
    answer.response = problem(entry.error());
    return answer;
  }
  std::string last(request.headers.get("Last-Event-ID"));
  if (last.empty()) last = request.query_value("after").value_or(std::to_string(entry->row.last_sequence));
  const auto after = number_in(last, "Last-Event-ID");
  if (!after) {
    answer.response = problem(after.error());
    return answer;
  }
  const std::string project = entry->row.name;
  auto listening = std::make_shared<Listening>();
  const std::string hello = "{\"sequence\":" + std::to_string(entry->row.last_sequence) + ",\"head\":\"" +
                            (entry->standing->head ? entry->standing->head.hex() : "") + "\"}";
  answer.opened = [&hub, project, listening, hello, from = *after](std::shared_ptr<http::EventStream> stream) {
    stream->send(std::make_shared<const std::string>("retry: 1000\n" + frame_of("hello", hello, 0)));
    const auto id = hub.events.subscribe(project, from, [stream](const Frame& frame) { return stream->send(frame); });
    if (!id) return stream->close();
    const std::lock_guard lock(listening->mutex);
    listening->id = *id;
    if (listening->closed) hub.events.unsubscribe(project, *id);
  };
  answer.closed = [&hub, project, listening] {
    const std::lock_guard lock(listening->mutex);
    listening->closed = true;
    if (listening->id != 0) hub.events.unsubscribe(project, listening->id);
  };
  return answer;
}

Result<Response> list_present(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  text::JsonWriter json;
  json.begin_object().key("present").begin_array();
  for (const Present& present : hub.presence.list(entry.row.name)) write(json, present);
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

Result<Response> set_present(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"client", "branch", "path", "element", "state"}));
  Present present;
  present.login = caller.login();
  AECOS_TRY_ASSIGN(present.client, body.line("client", line_max));
  AECOS_TRY_ASSIGN(present.branch, body.line("branch", line_max));
  AECOS_TRY_ASSIGN(present.path, body.line("path", line_max));
  AECOS_TRY_ASSIGN(present.element, body.line("element", line_max));
  AECOS_TRY_ASSIGN(present.state, body.line("state", line_max));
  if (present.state == "gone") {
    hub.presence.leave(entry.row.name, present.login, present.client);
  } else {
    hub.presence.set(entry.row.name, std::move(present));
  }
  return Response{204};
}

Result<Response> verify_audit(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(const std::vector<event::Fault> faults, hub.audit.verify(entry.row.name));
  text::JsonWriter json;
  json.begin_object().member("sequence", entry.row.last_sequence).member("hash", entry.row.last_hash);
  json.member("written", entry.row.audit_sequence).key("faults").begin_array();
  for (const event::Fault& fault : faults) {
    json.begin_object().member("seq", fault.sequence).member("what", fault.what).end_object();
  }
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

}  // namespace

void add_event_routes(http::Router& router, Hub& hub) {
  router.add_events("/api/v1/projects/{}/stream", [&hub](const Request& request) { return open_stream(hub, request); });
  using Answer = Result<Response> (*)(Hub&, const Caller&, const Request&);
  const auto add = [&](const char* method, const char* path, Answer answer) {
    router.add(method, std::string("/api/v1/projects/{}/") + path,
               with_caller(hub, [&hub, answer](const Caller& c, const Request& r) { return answer(hub, c, r); }));
  };
  add("GET", "events", list_events);
  add("GET", "presence", list_present);
  add("PUT", "presence", set_present);
  add("GET", "audit", verify_audit);
}

}  // namespace aecos::hub
