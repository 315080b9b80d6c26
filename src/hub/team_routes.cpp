// Locks, change requests and checks.

#include "hub/answer.h"
#include "hub/routes.h"
#include "hub/to_json.h"

namespace aecos::hub {
namespace {

using http::Request;
using http::Response;
using Need = Projects::Need;

Response lock_answer(int status, const store::Lock& lock) {
  text::JsonWriter json;
  write(json, lock);
  return json_answer(status, std::move(json));
}

Result<Response> list_locks(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(const std::vector<store::Lock> locks, hub.locks.list(entry.row.name));
  text::JsonWriter json;
  json.begin_object().key("locks").begin_array();
  for (const store::Lock& lock : locks) write(json, lock);
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

Result<Response> make_lock(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::write));
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"kind", "target", "propertySet", "reason", "branch",
                                                         "elementName", "elementClass", "leaseMinutes"}));
  Locks::Wish wish;
  AECOS_TRY_ASSIGN(wish.kind, body.required("kind"));
  AECOS_TRY_ASSIGN(wish.target, body.required("target"));
  AECOS_TRY_ASSIGN(wish.property_set, body.text("propertySet"));
  AECOS_TRY_ASSIGN(wish.reason, body.text("reason"));
  AECOS_TRY_ASSIGN(wish.branch, body.text("branch"));
  AECOS_TRY_ASSIGN(wish.element_name, body.text("elementName"));
  AECOS_TRY_ASSIGN(wish.element_class, body.text("elementClass"));
  AECOS_TRY_ASSIGN(const std::int64_t minutes, body.number("leaseMinutes", 0));
  if (minutes < 0 || minutes > 525'600) return Error{ErrorCode::invalid_input, "leaseMinutes: up to a year is wanted"};
  wish.lease_s = minutes * 60;
  AECOS_TRY_ASSIGN(const Locks::Taken taken, hub.locks.acquire(entry, wish));
  if (taken.lock.holder == caller.login()) return lock_answer(taken.is_new ? 201 : 200, taken.lock);
  return lock_answer(409, taken.lock);
}

Result<Response> show_lock(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(const store::Lock lock, hub.locks.find(entry.row.name, request.parameters.at(1)));
  return lock_answer(200, lock);
}

Result<Response> release_lock(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::write));
  AECOS_TRY_ASSIGN(const bool force, truth_of(request, "force"));
  AECOS_TRY_ASSIGN(const store::Lock lock, hub.locks.release(entry, request.parameters.at(1), force,
                                                             request.query_value("reason").value_or("")));
  return lock_answer(200, lock);
}

Result<Response> beat_lock(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::write));
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"leaseMinutes"}));
  AECOS_TRY_ASSIGN(const std::int64_t minutes, body.number("leaseMinutes", 0));
  if (minutes < 0 || minutes > 525'600) return Error{ErrorCode::invalid_input, "leaseMinutes: up to a year is wanted"};
  AECOS_TRY_ASSIGN(const store::Lock lock, hub.locks.heartbeat(entry, request.parameters.at(1), minutes * 60));
  return lock_answer(200, lock);
}

Result<Response> ask_for_lock(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::write));
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"message"}));
  AECOS_TRY_ASSIGN(const std::string message, body.text("message"));
  AECOS_TRY_ASSIGN(const store::Lock lock, hub.locks.ask(entry, request.parameters.at(1), message));
  return lock_answer(200, lock);
}

Result<Response> hand_lock_over(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::write));
  AECOS_TRY_ASSIGN(const store::Lock lock, hub.locks.hand_over(entry, request.parameters.at(1)));
  return lock_answer(200, lock);
}

// --- change requests

void write_state(text::JsonWriter& json, const ChangeRequests::State& state) {
  json.member("sourceCommit", state.source ? state.source.hex() : "");
  json.member("targetCommit", state.target ? state.target.hex() : "").key("approvals").begin_array();
  for (const store::Approval& approval : state.approvals) write(json, approval);
  json.end_array().key("checks").begin_array();
  for (const store::Check& check : state.checks) write(json, check);
  json.end_array().key("missing").begin_array();
  for (const std::vector<std::string>* const list : {&state.missing, &state.foreseen})
    for (const std::string& what : *list) json.value(what);
  json.end_array();
}

Result<Response> request_answer(Hub& hub, int status, const Projects::Entry& entry,
                                const store::ChangeRequest& request) {
  AECOS_TRY_ASSIGN(const ChangeRequests::State state, hub.change_requests.state(entry, request));
  text::JsonWriter json;
  json.begin_object().key("changeRequest");
  write(json, request);
  write_state(json, state);
  json.end_object();
  return json_answer(status, std::move(json));
}

Result<Response> list_requests(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(const std::size_t limit, limit_of(request));
  AECOS_TRY_ASSIGN(const std::string state, word_of(request, "state", {"open", "merged", "closed"}));
  AECOS_TRY_ASSIGN(const std::uint64_t before, number_in(request.query_value("cursor").value_or("0"), "cursor"));
  std::vector<store::ChangeRequest> requests;
  const Result<> done = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(requests, tables.change_requests(entry.row.name, state, before, limit));
    return {};
  });
  AECOS_TRY(done);
  text::JsonWriter json;
  json.begin_object().key("changeRequests").begin_array();
  for (const store::ChangeRequest& each : requests) write(json, each);
  json.end_array().key("next");
  requests.size() == limit ? json.value(std::to_string(requests.back().number)) : json.null();
  json.end_object();
  return json_answer(200, std::move(json));
}

Result<Response> open_request(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::write));
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"title", "text", "source", "target"}));
  store::ChangeRequest wish;
  AECOS_TRY_ASSIGN(wish.title, body.required("title"));
  AECOS_TRY_ASSIGN(wish.text, body.text("text"));
  AECOS_TRY_ASSIGN(wish.source, body.required("source"));
  AECOS_TRY_ASSIGN(wish.target, body.text("target", entry.standing->shared_branch));
  AECOS_TRY_ASSIGN(const store::ChangeRequest made, hub.change_requests.open(entry, wish));
  return request_answer(hub, 201, entry, made);
}

Result<std::uint64_t> number_of(const Request& request) { return number_in(request.parameters.at(1), "number"); }

Result<Response> show_request(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(const std::uint64_t number, number_of(request));
  AECOS_TRY_ASSIGN(const store::ChangeRequest found, hub.change_requests.find(entry.row.name, number));
  return request_answer(hub, 200, entry, found);
}

Result<Response> approve_request(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::write));
  AECOS_TRY_ASSIGN(const std::uint64_t number, number_of(request));
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"verdict", "text"}));
  AECOS_TRY_ASSIGN(const std::string verdict, body.text("verdict", "approved"));
  AECOS_TRY_ASSIGN(const std::string text, body.text("text"));
  AECOS_TRY_ASSIGN(const store::Approval approval, hub.change_requests.approve(entry, number, verdict, text));
  text::JsonWriter json;
  write(json, approval);
  return json_answer(201, std::move(json));
}

Result<Response> merge_request(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::write));
  AECOS_TRY_ASSIGN(const std::uint64_t number, number_of(request));
  AECOS_TRY_ASSIGN(const store::ChangeRequest merged, hub.change_requests.merge(entry, caller, number));
  return request_answer(hub, 200, entry, merged);
}

Result<Response> close_request(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::write));
  AECOS_TRY_ASSIGN(const std::uint64_t number, number_of(request));
  AECOS_TRY_ASSIGN(const store::ChangeRequest closed, hub.change_requests.close(entry, number));
  return request_answer(hub, 200, entry, closed);
}

Result<Response> report_check(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::write));
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"commit", "name", "state", "summary", "url"}));
  store::Check check;
  AECOS_TRY_ASSIGN(check.commit, body.required("commit"));
  AECOS_TRY_ASSIGN(check.name, body.required("name"));
  AECOS_TRY_ASSIGN(check.state, body.required("state"));
  AECOS_TRY_ASSIGN(check.summary, body.text("summary"));
  AECOS_TRY_ASSIGN(check.url, body.text("url"));
  AECOS_TRY_ASSIGN(const store::Check made, hub.change_requests.report(entry, check));
  text::JsonWriter json;
  write(json, made);
  return json_answer(201, std::move(json));
}

Result<Response> list_checks(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  const auto commit = CommitId::from_hex(request.parameters.at(1));
  if (!commit) return Error{ErrorCode::invalid_input, "commit: 40 hex digits are wanted"};
  std::vector<store::Check> checks;
  const Result<> done = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(checks, tables.checks(entry.row.name, commit->hex()));
    return {};
  });
  AECOS_TRY(done);
  text::JsonWriter json;
  json.begin_object().key("checks").begin_array();
  for (const store::Check& check : checks) write(json, check);
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

using Answer = Result<Response> (*)(Hub&, const Caller&, const Request&);
void add(http::Router& router, Hub& hub, const char* method, const char* path, Answer answer) {
  router.add(method, std::string("/api/v1/projects/{}/") + path,
             with_caller(hub, [&hub, answer](const Caller& c, const Request& r) { return answer(hub, c, r); }));
}

}  // namespace

void add_lock_routes(http::Router& router, Hub& hub) {
  add(router, hub, "GET", "locks", list_locks);
  add(router, hub, "POST", "locks", make_lock);
  add(router, hub, "GET", "locks/{}", show_lock);
  add(router, hub, "DELETE", "locks/{}", release_lock);
  add(router, hub, "POST", "locks/{}/heartbeat", beat_lock);
  add(router, hub, "POST", "locks/{}/request", ask_for_lock);
  add(router, hub, "POST", "locks/{}/hand-over", hand_lock_over);
}

void add_change_request_routes(http::Router& router, Hub& hub) {
  add(router, hub, "GET", "change-requests", list_requests);
  add(router, hub, "POST", "change-requests", open_request);
  add(router, hub, "GET", "change-requests/{}", show_request);
  add(router, hub, "POST", "change-requests/{}/approvals", approve_request);
  add(router, hub, "POST", "change-requests/{}/merge", merge_request);
  add(router, hub, "POST", "change-requests/{}/close", close_request);
  add(router, hub, "POST", "checks", report_check);
  add(router, hub, "GET", "checks/{}", list_checks);
}

}  // namespace aecos::hub
