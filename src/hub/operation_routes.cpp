#include <memory>
#include <mutex>
#include <optional>

#include "hub/answer.h"
#include "hub/backup.h"
#include "hub/routes.h"
#include "os/path.h"

namespace aecos::hub {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t path_max = 4096, projects_max = 100'000;

struct State {
  std::vector<Error> faults;           // In what every project needs.
  std::uint64_t damaged_projects = 0;  // Of which not even the shared branch can be read.
};

// Whether the hub can do its work: read and write the database, write files, read what people share.
State state_of(Hub& hub) {
  State state;
  std::vector<Error>& faults = state.faults;
  const Result<> written = hub.parts.store.write(
      [&](store::Tables& tables) { return tables.set_setting("last-look", std::to_string(hub.parts.clock.now_us())); });
  if (!written) faults.push_back({ErrorCode::unavailable, "database: " + written.error().message});
  const std::string probe = os::join(hub.parts.config.data, "probe");
  if (const auto file = hub.parts.files.write(probe, "1"); !file)
    faults.push_back({ErrorCode::unavailable, "data folder: " + file.error().message});
  std::vector<store::Project> projects;
  const Result<> read = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(projects, tables.projects("", projects_max));
    return {};
  });
  if (!read && written) faults.push_back({ErrorCode::unavailable, "database: " + read.error().message});
  for (const store::Project& project : projects) {
    if (!hub.projects.look(project.name)) ++state.damaged_projects;
  }
  return state;
}

// Anybody may ask, and looking costs a write: it is done once a second.
class Look {
 public:
  State now(Hub& hub) {
    const std::lock_guard lock(mutex_);
    const std::int64_t now_us = hub.parts.clock.monotonic_us();
    if (looked_us_ && now_us - *looked_us_ < every_us) return state_;
    state_ = state_of(hub);
    looked_us_ = hub.parts.clock.monotonic_us();
    return state_;
  }

 private:
  static constexpr std::int64_t every_us = 1'000'000;
  std::mutex mutex_;
  std::optional<std::int64_t> looked_us_;
  State state_;
};

Response ready(const State& state) {
  text::JsonWriter json;
  json.begin_object().member("ready", state.faults.empty()).key("faults").begin_array();
  for (const Error& fault : state.faults) json.value(message_for_clients(fault));
  json.end_array().member("damagedProjects", state.damaged_projects).end_object();
  // The others' projects are served all the same.
  return json_answer(state.faults.empty() ? 200 : 503, std::move(json));
}

void add_metric(std::string& text, const char* name, const char* type, const char* help, std::uint64_t value) {
  text += std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " " + type + "\n" + name + " " +
          std::to_string(value) + "\n";
}

// Prometheus' text format, version 0.0.4.
Response metrics(Hub& hub, const http::Server::Counts& counts) {
  const Metrics& m = hub.metrics;
  std::string text;
  add_metric(text, "aecos_requests_total", "counter", "Requests answered.", m.requests);
  const Notifier::Counts told = hub.notifier.counts();
  add_metric(text, "aecos_messages_delivered_total", "counter", "Events that a channel took.", told.delivered);
  add_metric(text, "aecos_message_failures_total", "counter", "Attempts that are made again.", told.attempts_failed);
  add_metric(text, "aecos_messages_given_up_total", "counter", "Events that a channel did not take.", told.given_up);
  add_metric(text, "aecos_failed_requests_total", "counter", "Requests answered with a status of 500 or more.",
             m.failed_requests);
  add_metric(text, "aecos_request_microseconds_total", "counter", "Time spent on requests.", m.request_us);
  add_metric(text, "aecos_received_bytes_total", "counter", "Bytes received.", m.received_bytes);
  add_metric(text, "aecos_sent_bytes_total", "counter", "Bytes sent.", m.sent_bytes);
  add_metric(text, "aecos_pushes_total", "counter", "Pushes received.", m.pushes);
  add_metric(text, "aecos_refused_pushes_total", "counter", "Pushes of which a ref was refused.", m.refused_pushes);
  add_metric(text, "aecos_fetches_total", "counter", "Fetches answered.", m.fetches);
  add_metric(text, "aecos_event_frames_total", "counter", "Events sent to listeners.", hub.events.sent());
  add_metric(text, "aecos_connections", "gauge", "Open connections.", counts.connections);
  add_metric(text, "aecos_streams", "gauge", "Open event streams.", counts.streams);
  add_metric(text, "aecos_requests_waiting", "gauge", "Requests that wait for a thread.", counts.requests_waiting);
  return {200, {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}, text};
}

Response about() {
  text::JsonWriter json;
  json.begin_object().member("name", "aecos hub").member("api", 1).end_object();
  return json_answer(200, std::move(json));
}

// --- for administrators

Result<Response> back_up(Hub& hub, const Caller& caller, const Request& request) {
  if (!caller.is_administrator()) return Error{ErrorCode::denied, "this is for administrators"};
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"path"}));
  AECOS_TRY_ASSIGN(const std::string path, body.required_line("path", path_max));
  if (caller.token.kind != "control" || !os::is_absolute(path))
    return Error{ErrorCode::denied, "backups are written by aecos hub backup, on the machine of the hub"};
  AECOS_TRY_ASSIGN(const BackedUp done, back_up_hub(hub, path));
  text::JsonWriter json;
  json.begin_object().member("path", path).member("projects", done.projects).member("files", done.files);
  json.member("bytes", done.bytes).end_object();
  return json_answer(201, std::move(json));
}

Result<Response> check(Hub& hub, const Caller& caller) {
  if (!caller.is_administrator()) return Error{ErrorCode::denied, "this is for administrators"};
  AECOS_TRY_ASSIGN(const std::vector<std::string> faults, check_hub(hub));
  text::JsonWriter json;
  json.begin_object().key("faults").begin_array();
  for (const std::string& fault : faults) json.value(fault);
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

}  // namespace

void add_operation_routes(http::Router& router, Hub& hub, std::function<http::Server::Counts()> counts) {
  router.add("GET", "/healthz", [](const Request&) -> Response {
    return {200, {{"Content-Type", "text/plain"}}, "ok\n"};
  });
  router.add("GET", "/readyz",
             [&hub, look = std::make_shared<Look>()](const Request&) { return ready(look->now(hub)); });
  router.add("GET", "/metrics", [&hub, counts](const Request&) { return metrics(hub, counts()); });
  router.add("GET", "/api/v1", [](const Request&) { return about(); });
  http::RouteOptions slow;
  slow.lane = http::Lane::slow;
  router.add("POST", "/api/v1/operations/backup",
             with_caller(hub, [&hub](const Caller& c, const Request& r) { return back_up(hub, c, r); }), slow);
  router.add("POST", "/api/v1/operations/check",
             with_caller(hub, [&hub](const Caller& c, const Request&) { return check(hub, c); }), slow);
}

}  // namespace aecos::hub
