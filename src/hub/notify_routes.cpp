// Who is told of what: channels, what they did not take, watches, secrets, and the inbox.

#include "hub/answer.h"
#include "hub/routes.h"

namespace aecos::hub {
namespace {

using http::Request;
using http::Response;
using Need = Projects::Need;

constexpr std::size_t failed_max = 1000;

// --- channels

// The name in the address; settings have no others.
Result<std::string> name_in(const Request& request, const char* what) {
  const std::string& name = request.parameters.at(1);
  if (!routing::is_name(name))
    return Error{ErrorCode::invalid_input, std::string(what) + ": letters, digits, - and _ are wanted"};
  return name;
}

struct ChannelCounts {
  std::size_t waiting = 0, failed = 0;
  std::string last_error;
};

Result<ChannelCounts> count(store::Tables& tables, const std::string& project, const std::string& channel) {
  ChannelCounts counts;
  AECOS_TRY_ASSIGN(const auto rows, tables.deliveries(project, channel, "", 0, failed_max));
  for (const store::Delivery& row : rows) {
    ++(row.state == "failed" ? counts.failed : counts.waiting);
    if (!row.error.empty()) counts.last_error = row.error;
  }
  return counts;
}

Result<Response> list_channels(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  text::JsonWriter json;
  const Result<> done = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    json = text::JsonWriter();
    AECOS_TRY_ASSIGN(const auto states, tables.channel_states(entry.row.name));
    json.begin_object().key("channels").begin_array();
    const auto& settings = entry.standing->notify;
    for (std::size_t k = 0; settings && k < settings->channels.size(); ++k) {
      const routing::Channel& channel = settings->channels[k];
      AECOS_TRY_ASSIGN(const ChannelCounts counts, count(tables, entry.row.name, channel.name));
      std::string disabled;
      for (const store::ChannelState& state : states) {
        if (state.channel == channel.name) disabled = state.disabled;
      }
      json.begin_object().member("name", channel.name).member("kind", channel.kind);
      json.member("waiting", counts.waiting).member("failed", counts.failed);
      json.member("disabled", disabled).member("lastError", counts.last_error).end_object();
    }
    json.end_array().member("fault", entry.standing->notify_fault).end_object();
    return {};
  });
  AECOS_TRY(done);
  return json_answer(200, std::move(json));
}

Result<Response> list_failed(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(const std::string channel, name_in(request, "channel"));
  AECOS_TRY_ASSIGN(const std::uint64_t after, number_in(request.query_value("after").value_or("0"), "after"));
  AECOS_TRY_ASSIGN(const std::size_t limit, limit_of(request));
  std::vector<store::Delivery> rows;
  const Result<> done = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(rows, tables.deliveries(entry.row.name, channel, "failed", after, limit));
    return {};
  });
  AECOS_TRY(done);
  text::JsonWriter json;
  json.begin_object().key("failed").begin_array();
  for (const store::Delivery& row : rows) {
    json.begin_object().member("event", row.sequence).member("attempts", row.attempts).member("error", row.error);
    member_time(json, "since", row.created_us);
    json.end_object();
  }
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

Result<Response> replay(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::manage));
  AECOS_TRY_ASSIGN(const std::string channel, name_in(request, "channel"));
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"event"}));
  AECOS_TRY_ASSIGN(const std::int64_t sequence, body.number("event", 0));
  if (sequence < 0) return Error{ErrorCode::invalid_input, "event: the number of an event is wanted"};
  AECOS_TRY_ASSIGN(const std::size_t replayed,
                   hub.notifier.replay(entry.row.name, channel, static_cast<std::uint64_t>(sequence)));
  text::JsonWriter json;
  json.begin_object().member("replayed", replayed).end_object();
  return json_answer(200, std::move(json));
}

std::string_view word_for(notify::Outcome::Verdict verdict) {
  switch (verdict) {
    case notify::Outcome::Verdict::delivered:
      return "delivered";
    case notify::Outcome::Verdict::again:
      return "again";
    case notify::Outcome::Verdict::refused:
      return "refused";
    case notify::Outcome::Verdict::gone:
      return "gone";
  }
  return "";
}

Result<Response> test(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::manage));
  AECOS_TRY_ASSIGN(const std::string channel, name_in(request, "channel"));
  AECOS_TRY(Body::read(request, {}));
  AECOS_TRY_ASSIGN(const notify::Outcome outcome, hub.notifier.test(entry.row.name, channel, caller.login()));
  text::JsonWriter json;
  json.begin_object().member("result", word_for(outcome.verdict)).member("why", outcome.why).end_object();
  return json_answer(200, std::move(json));
}

Result<Response> preview(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(const std::uint64_t sequence, number_in(request.parameters.at(1), "event"));
  if (sequence == 0) return Error{ErrorCode::not_found, "there is no event 0"};
  AECOS_TRY_ASSIGN(const Notifier::Preview preview,
                   hub.notifier.preview(entry.row.name, sequence, request.query_value("channel").value_or("")));
  text::JsonWriter json;
  json.begin_object().member("kind", preview.kind).member("contentType", preview.content_type);
  json.key("routedTo").begin_array();
  for (const std::string& name : preview.routed_to) json.value(name);
  json.end_array().member("body", preview.body).end_object();
  return json_answer(200, std::move(json));
}

// --- secrets

Result<Response> list_secrets(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::manage));
  AECOS_TRY_ASSIGN(const auto secrets, hub.secrets.list(entry.row.name));
  text::JsonWriter json;
  json.begin_object().key("secrets").begin_array();
  for (const store::Secret& secret : secrets) {
    json.begin_object().member("name", secret.name).member("setBy", secret.set_by);
    member_time(json, "set", secret.set_us);
    json.end_object();
  }
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

// Who changed it and when is in the trail; the secret is nowhere but in the table.
Result<> tell(Hub& hub, const std::string& project, const Caller& caller, const std::string& name, const char* what) {
  event::Draft draft = hub.events.draft(project, "secret.changed", caller.login());
  draft.subject = name;
  draft.summary = "The secret " + name + " was " + what;
  const auto told = hub.events.commit({draft});
  return told ? Result<>() : Result<>(told.error());
}

Result<Response> set_secret(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::manage));
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"value"}));
  AECOS_TRY_ASSIGN(const std::string value, body.required("value"));
  AECOS_TRY_ASSIGN(const std::string name, name_in(request, "secret"));
  AECOS_TRY(hub.secrets.set(entry.row.name, name, value, caller.login()));
  AECOS_TRY(tell(hub, entry.row.name, caller, name, "set"));
  return Response{204};
}

Result<Response> remove_secret(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::manage));
  AECOS_TRY_ASSIGN(const std::string name, name_in(request, "secret"));
  AECOS_TRY(hub.secrets.remove(entry.row.name, name));
  AECOS_TRY(tell(hub, entry.row.name, caller, name, "removed"));
  return Response{204};
}

// --- watches: everybody's own

void write(text::JsonWriter& json, const store::Watch& watch) {
  json.begin_object().member("kind", watch.kind).member("target", watch.target);
  member_time(json, "since", watch.since_us);
  json.end_object();
}

Result<Response> list_watches(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  std::vector<store::Watch> watches;
  const Result<> done = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(watches, tables.watches(entry.row.name));
    return {};
  });
  AECOS_TRY(done);
  text::JsonWriter json;
  json.begin_object().key("watches").begin_array();
  for (const store::Watch& watch : watches) {
    if (watch.login == caller.login()) write(json, watch);
  }
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

Result<store::Watch> watch_of(const Caller& caller, const Request& request, const Projects::Entry& entry) {
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"kind", "target"}));
  store::Watch watch;
  watch.project = entry.row.name;
  watch.login = caller.login();
  constexpr std::size_t target_max = 200, global_id_size = 22;
  AECOS_TRY_ASSIGN(watch.kind, body.required("kind"));
  AECOS_TRY_ASSIGN(watch.target, body.required_line("target", target_max));
  if (watch.kind != "element" && watch.kind != "property")
    return Error{ErrorCode::invalid_input, "kind: element or property is wanted"};
  constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$";
  const bool is_global_id =
      watch.target.size() == global_id_size && watch.target.find_first_not_of(letters) == std::string::npos;
  if (watch.kind == "element" && !is_global_id)
    return Error{ErrorCode::invalid_input, "target: a GlobalId (22 characters) is wanted"};
  return watch;
}

Result<Response> add_watch(Hub& hub, const Caller& caller, const Request& request) {
  constexpr std::size_t watches_max = 1000;
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(store::Watch watch, watch_of(caller, request, entry));
  watch.since_us = hub.parts.clock.now_us();
  const Result<> done = hub.parts.store.write([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(const auto watches, tables.watches(watch.project));
    const auto own = std::count_if(watches.begin(), watches.end(),
                                   [&](const store::Watch& each) { return each.login == watch.login; });
    if (static_cast<std::size_t>(own) >= watches_max)
      return Error{ErrorCode::invalid_input, "nobody can watch more than 1000 things; take some away"};
    return tables.set_watch(watch);
  });
  AECOS_TRY(done);
  text::JsonWriter json;
  write(json, watch);
  return json_answer(201, std::move(json));
}

Result<Response> remove_watch(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(const store::Watch watch, watch_of(caller, request, entry));
  AECOS_TRY(hub.parts.store.write([&](store::Tables& tables) { return tables.remove_watch(watch); }));
  return Response{204};
}

// --- inbox

Result<Response> show_inbox(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const bool unread, truth_of(request, "unread"));
  AECOS_TRY_ASSIGN(const std::size_t limit, limit_of(request));
  AECOS_TRY_ASSIGN(const std::uint64_t before, number_in(request.query_value("before").value_or("0"), "before"));
  const std::string project = request.parameters.empty() ? "" : request.parameters.at(0);
  if (!project.empty()) AECOS_TRY(hub.projects.enter(caller, project, Need::read));
  AECOS_TRY_ASSIGN(const std::vector<store::Project> visible, hub.projects.visible(caller));
  std::set<std::string> names;
  for (const store::Project& each : visible) names.insert(each.name);
  std::vector<store::InboxItem> items;
  text::JsonWriter json;
  const Result<> done = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    json = text::JsonWriter();
    json.begin_object().key("items").begin_array();
    AECOS_TRY_ASSIGN(items, tables.inbox(caller.login(), project, unread, static_cast<std::int64_t>(before), limit));
    for (const store::InboxItem& item : items) {
      if (!names.contains(item.project)) continue;  // Somebody took their access away.
      store::EventQuery query;
      query.project = item.project;
      query.after = item.sequence - 1;
      query.limit = 1;
      AECOS_TRY_ASSIGN(const auto events, tables.events(query));
      if (events.empty()) continue;
      json.begin_object().member("project", item.project).member("reason", item.reason);
      member_time(json, "read", item.read_us);
      json.key("event").raw(events.front().json);
      json.end_object();
    }
    return {};
  });
  AECOS_TRY(done);
  json.end_array().key("next");
  items.size() == limit ? json.value(items.back().time_us) : json.null();
  json.end_object();
  return json_answer(200, std::move(json));
}

Result<Response> mark_read(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const auto entry, hub.projects.enter(caller, request.parameters.at(0), Need::read));
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"upTo"}));
  AECOS_TRY_ASSIGN(const std::int64_t up_to, body.number("upTo", static_cast<std::int64_t>(entry.row.last_sequence)));
  if (up_to < 0) return Error{ErrorCode::invalid_input, "upTo: the number of an event is wanted"};
  AECOS_TRY(hub.parts.store.write([&](store::Tables& tables) {
    return tables.mark_read(caller.login(), entry.row.name, static_cast<std::uint64_t>(up_to),
                            hub.parts.clock.now_us());
  }));
  return Response{204};
}

using Answer = Result<Response> (*)(Hub&, const Caller&, const Request&);

void add(http::Router& router, Hub& hub, const char* method, const char* path, Answer answer) {
  router.add(method, std::string("/api/v1/projects/{}") + path,
             with_caller(hub, [&hub, answer](const Caller& caller, const Request& request) {
               return answer(hub, caller, request);
             }));
}

}  // namespace

void add_notify_routes(http::Router& router, Hub& hub) {
  add(router, hub, "GET", "/channels", list_channels);
  add(router, hub, "GET", "/channels/{}/failed", list_failed);
  add(router, hub, "POST", "/channels/{}/replay", replay);
  add(router, hub, "POST", "/channels/{}/test", test);
  add(router, hub, "GET", "/events/{}/preview", preview);
  add(router, hub, "GET", "/secrets", list_secrets);
  add(router, hub, "PUT", "/secrets/{}", set_secret);
  add(router, hub, "DELETE", "/secrets/{}", remove_secret);
  add(router, hub, "GET", "/watches", list_watches);
  add(router, hub, "POST", "/watches", add_watch);
  add(router, hub, "POST", "/watches/remove", remove_watch);
  add(router, hub, "GET", "/inbox", show_inbox);
  add(router, hub, "POST", "/inbox/read", mark_read);
  router.add("GET", "/api/v1/inbox", with_caller(hub, [&hub](const Caller& caller, const Request& request) {
               return show_inbox(hub, caller, request);
             }));
}

}  // namespace aecos::hub
