#include <algorithm>

#include "git/program.h"
#include "hub/answer.h"
#include "hub/routes.h"
#include "os/path.h"

namespace aecos::hub {
namespace {

constexpr const char* lfs_type = "application/vnd.git-lfs+json";
constexpr std::size_t objects_max = 1000;
constexpr std::size_t page = 100;

http::Response lfs_answer(int status, text::JsonWriter json) {
  return {status, {{"Content-Type", lfs_type}, {"Cache-Control", "no-store"}}, std::move(json).take()};
}

http::Response lfs_problem(int status, const std::string& message) {
  text::JsonWriter json;
  json.begin_object().member("message", message).end_object();
  http::Response response = lfs_answer(status, std::move(json));
  // Not WWW-Authenticate alone: a browser would ask its user.
  if (status == 401) {
    response.headers.add("LFS-Authenticate", "Basic realm=\"aecos\"");
    response.headers.add("WWW-Authenticate", "Basic realm=\"aecos\", charset=\"UTF-8\"");
  }
  return response;
}

http::Response lfs_problem(const Error& error) {
  return lfs_problem(http_status(error.code), message_for_clients(error));
}

bool is_oid(std::string_view oid) {
  return oid.size() == 64 && oid.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

struct Guest {
  Caller caller;
  Projects::Entry entry;
};

// Sets `refusal` where nobody comes in.
std::optional<Guest> enter(Hub& hub, const http::Request& request, Projects::Need need, http::Response& refusal) {
  std::string name = request.parameters.at(0);
  if (!name.ends_with(".git")) {
    refusal = lfs_problem(404, "a repository's address ends in .git");
    return std::nullopt;
  }
  name.resize(name.size() - 4);
  auto caller = caller_of(hub, request);
  if (!caller) {
    refusal = caller.error().code == ErrorCode::denied ? lfs_problem(401, caller.error().message)
                                                       : lfs_problem(caller.error());
    return std::nullopt;
  }
  auto entry = hub.projects.enter(*caller, name, need);
  if (!entry) {
    refusal = lfs_problem(entry.error());
    return std::nullopt;
  }
  return Guest{*std::move(caller), *std::move(entry)};
}

LargeObjects objects_of(Hub& hub, const std::string& project) {
  return {hub.parts.files, hub.parts.random, os::join(hub.parts.config.large_objects(), project)};
}

void write_action(text::JsonWriter& json, const char* name, const std::string& href, const http::Request& request) {
  json.key(name).begin_object().member("href", href).member("expires_in", 3600);
  const std::string_view authorization = request.headers.get("Authorization");
  if (!authorization.empty()) json.key("header").begin_object().member("Authorization", authorization).end_object();
  json.end_object();
}

void write_error(text::JsonWriter& json, int code, const std::string& message) {
  json.key("error").begin_object().member("code", code).member("message", message).end_object();
}

http::Response batch(Hub& hub, const http::Request& request) {
  auto document = text::parse_json(request.body);
  if (!document) return lfs_problem(422, document.error().message);
  const text::JsonNode root = document->root(), wanted = root["objects"];
  const std::string operation(root["operation"].as_string().value_or(std::string_view()));
  if (operation != "upload" && operation != "download")
    return lfs_problem(422, "operation: upload or download is wanted");
  if (!wanted.is_array() || wanted.size() > objects_max)
    return lfs_problem(422, "objects: a list of up to 1000 is wanted");
  if (root["hash_algo"] && root["hash_algo"].as_string() != "sha256") return lfs_problem(409, "only sha256 is known");
  const bool upload = operation == "upload";
  http::Response refusal;
  const auto guest = enter(hub, request, upload ? Projects::Need::write : Projects::Need::read, refusal);
  if (!guest) return refusal;
  const std::string& project = guest->entry.row.name;
  const LargeObjects objects = objects_of(hub, project);
  const std::string base = address_of(hub, request) + "/" + project + ".git/info/lfs/objects/";
  text::JsonWriter json;
  json.begin_object().member("transfer", "basic").member("hash_algo", "sha256").key("objects").begin_array();
  for (const text::JsonNode node : wanted) {
    const std::string oid(node["oid"].as_string().value_or(std::string_view()));
    const std::int64_t size = node["size"].as_int().value_or(-1);
    json.begin_object().member("oid", oid).member("size", size);
    const bool sound = is_oid(oid) && size >= 0;
    const bool there = sound && objects.has(oid, static_cast<std::uint64_t>(size));
    if (!sound) {
      write_error(json, 422, "an oid of 64 hex digits and a size are wanted");
    } else if (upload && static_cast<std::uint64_t>(size) > hub.parts.config.large_object_max) {
      write_error(json, 422, "larger than this hub takes");
    } else if (!upload && !there) {
      write_error(json, 404, "the object was not uploaded");
    } else if (!there || !upload) {
      json.member("authenticated", true).key("actions").begin_object();
      write_action(json, upload ? "upload" : "download", base + oid + (upload ? "?size=" + std::to_string(size) : ""),
                   request);
      if (upload) write_action(json, "verify", base + "verify", request);
      json.end_object();
    }
    json.end_object();
  }
  json.end_array().end_object();
  return lfs_answer(200, std::move(json));
}

http::Response verify(Hub& hub, const http::Request& request) {
  http::Response refusal;
  const auto guest = enter(hub, request, Projects::Need::read, refusal);
  if (!guest) return refusal;
  auto document = text::parse_json(request.body);
  if (!document) return lfs_problem(422, document.error().message);
  const std::string oid(document->root()["oid"].as_string().value_or(std::string_view()));
  const std::int64_t size = document->root()["size"].as_int().value_or(-1);
  const bool there =
      is_oid(oid) && size >= 0 && objects_of(hub, guest->entry.row.name).has(oid, static_cast<std::uint64_t>(size));
  if (!there) return lfs_problem(404, "the object is not here");
  text::JsonWriter json;
  json.begin_object().end_object();
  return lfs_answer(200, std::move(json));
}

void upload(Hub& hub, const http::Request& request, http::Conversation& conversation) {
  http::Response refusal;
  const auto guest = enter(hub, request, Projects::Need::write, refusal);
  if (!guest) return static_cast<void>(conversation.respond(refusal));
  const std::string& oid = request.parameters.at(1);
  const auto size_text = request.query_value("size").value_or(std::string(request.headers.get("Content-Length")));
  const auto size = number_in(size_text, "size");
  if (!is_oid(oid) || !size || *size > hub.parts.config.large_object_max)
    return static_cast<void>(
        conversation.respond(lfs_problem(422, "an oid of 64 hex digits and a size that is allowed are wanted")));
  const auto ticket = hub.projects.transfers().begin(guest->caller.login());
  if (!ticket) return static_cast<void>(conversation.respond(lfs_problem(ticket.error())));
  PacedConversation paced(conversation, hub.parts.clock);
  LargeObjects objects = objects_of(hub, guest->entry.row.name);
  // Whoever may write uploads the bytes themselves, also of what is here: knowing a hash is not having the content.
  const Result<> taken = objects.take(oid, *size, [&](std::span<char> into) { return paced.read(into); });
  if (!taken) return static_cast<void>(conversation.respond(lfs_problem(taken.error())));
  const store::LargeObject row{guest->entry.row.name, oid, *size, guest->caller.login(), hub.parts.clock.now_us()};
  const Result<> noted = hub.parts.store.write([&](store::Tables& tables) { return tables.add_large_object(row); });
  static_cast<void>(conversation.respond(noted ? http::Response{200} : lfs_problem(noted.error())));
}

// "bytes=100-" of a transfer that is taken up again; absent: the whole.
std::optional<std::uint64_t> start_of(const http::Request& request, std::uint64_t size) {
  std::string_view range = request.headers.get("Range");
  if (!range.starts_with("bytes=") || !range.ends_with('-')) {
    const std::size_t dash = range.find('-');
    if (!range.starts_with("bytes=") || dash == std::string_view::npos) return std::nullopt;
    const auto last = number_in(range.substr(dash + 1), "range");
    if (!last || *last + 1 != size) return std::nullopt;
    range = range.substr(0, dash + 1);
  }
  const auto start = number_in(range.substr(6, range.size() - 7), "range");
  if (!start || *start >= size) return std::nullopt;
  return *start;
}

void download(Hub& hub, const http::Request& request, http::Conversation& conversation) {
  http::Response refusal;
  const auto guest = enter(hub, request, Projects::Need::read, refusal);
  if (!guest) return static_cast<void>(conversation.respond(refusal));
  const std::string& oid = request.parameters.at(1);
  const LargeObjects objects = objects_of(hub, guest->entry.row.name);
  const auto file = is_oid(oid) ? hub.parts.files.map(objects.path_of(oid)) : Error{ErrorCode::not_found, ""};
  if (!file) return static_cast<void>(conversation.respond(lfs_problem(404, "the object is not here")));
  const auto ticket = hub.projects.transfers().begin(guest->caller.login());
  if (!ticket) return static_cast<void>(conversation.respond(lfs_problem(ticket.error())));
  PacedConversation paced(conversation, hub.parts.clock);
  std::string_view bytes = file->bytes();
  http::Headers headers{{"Content-Type", "application/octet-stream"}};
  const auto start = start_of(request, bytes.size());
  if (start) {
    headers.add("Content-Range", "bytes " + std::to_string(*start) + "-" + std::to_string(bytes.size() - 1) + "/" +
                                     std::to_string(bytes.size()));
    bytes.remove_prefix(*start);
  }
  headers.add("Content-Length", std::to_string(bytes.size()));
  if (!conversation.begin(start ? 206 : 200, headers)) return;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, 256U << 10U);
    if (!paced.write(piece)) return;
    bytes.remove_prefix(piece.size());
  }
}

// --- locks, as git lfs has them: on paths

void write_lock(text::JsonWriter& json, const store::Lock& lock) {
  std::string when = os::to_utc_text(lock.acquired_us / 1'000'000 * 1'000'000);
  when = when.substr(0, 19) + "Z";
  json.begin_object().member("id", lock.id).member("path", lock.target).member("locked_at", when);
  json.key("owner").begin_object().member("name", lock.holder).end_object().end_object();
}

http::Response lock_answer(int status, const store::Lock& lock, const std::string& message = "") {
  text::JsonWriter json;
  json.begin_object().key("lock");
  write_lock(json, lock);
  if (!message.empty()) json.member("message", message);
  json.end_object();
  return lfs_answer(status, std::move(json));
}

http::Response make_lock(Hub& hub, const http::Request& request) {
  http::Response refusal;
  const auto guest = enter(hub, request, Projects::Need::write, refusal);
  if (!guest) return refusal;
  auto document = text::parse_json(request.body);
  if (!document) return lfs_problem(422, document.error().message);
  Locks::Wish wish;
  wish.kind = "path";
  wish.target = document->root()["path"].as_string().value_or(std::string_view());
  std::string_view ref = document->root()["ref"]["name"].as_string().value_or(std::string_view());
  if (ref.starts_with("refs/heads/")) ref.remove_prefix(11);
  wish.branch = ref;
  const auto taken = hub.locks.acquire(guest->entry, wish);
  if (!taken) return lfs_problem(taken.error());
  if (taken->is_new) return lock_answer(201, taken->lock);
  return lock_answer(409, taken->lock, taken->lock.target + " is locked by " + taken->lock.holder);
}

// One page of the path locks that fit, from the request's cursor on.
struct Page {
  std::vector<store::Lock> locks;
  std::string next;
};
Result<Page> page_of(Hub& hub, const std::string& project, const std::string& cursor, std::size_t limit,
                     const std::function<bool(const store::Lock&)>& fits) {
  AECOS_TRY_ASSIGN(std::vector<store::Lock> all, hub.locks.list(project));
  std::erase_if(all, [&](const store::Lock& lock) { return lock.kind != "path" || !fits(lock); });
  std::uint64_t start = 0;
  if (!cursor.empty()) {
    AECOS_TRY_ASSIGN(start, number_in(cursor, "cursor"));
  }
  Page found;
  for (std::size_t i = start; i < all.size() && found.locks.size() < limit; ++i) found.locks.push_back(all[i]);
  if (start + found.locks.size() < all.size()) found.next = std::to_string(start + found.locks.size());
  return found;
}

http::Response list_locks(Hub& hub, const http::Request& request) {
  http::Response refusal;
  const auto guest = enter(hub, request, Projects::Need::read, refusal);
  if (!guest) return refusal;
  const auto limit = limit_of(request, page);
  if (!limit) return lfs_problem(limit.error());
  const auto path = request.query_value("path"), id = request.query_value("id");
  const auto found =
      page_of(hub, guest->entry.row.name, request.query_value("cursor").value_or(""), *limit,
              [&](const store::Lock& lock) { return (!path || lock.target == *path) && (!id || lock.id == *id); });
  if (!found) return lfs_problem(found.error());
  text::JsonWriter json;
  json.begin_object().key("locks").begin_array();
  for (const store::Lock& lock : found->locks) write_lock(json, lock);
  json.end_array();
  if (!found->next.empty()) json.member("next_cursor", found->next);
  json.end_object();
  return lfs_answer(200, std::move(json));
}

http::Response verify_locks(Hub& hub, const http::Request& request) {
  http::Response refusal;
  const auto guest = enter(hub, request, Projects::Need::write, refusal);
  if (!guest) return refusal;
  auto document = text::parse_json(request.body.empty() ? "{}" : request.body);
  if (!document) return lfs_problem(422, document.error().message);
  const std::string cursor(document->root()["cursor"].as_string().value_or(std::string_view()));
  const auto limit = std::clamp<std::int64_t>(document->root()["limit"].as_int().value_or(page), 1, 1000);
  const auto found = page_of(hub, guest->entry.row.name, cursor, static_cast<std::size_t>(limit),
                             [](const store::Lock&) { return true; });
  if (!found) return lfs_problem(found.error());
  text::JsonWriter json;
  json.begin_object();
  for (const bool ours : {true, false}) {
    json.key(ours ? "ours" : "theirs").begin_array();
    for (const store::Lock& lock : found->locks) {
      if ((lock.holder == guest->caller.login()) == ours) write_lock(json, lock);
    }
    json.end_array();
  }
  if (!found->next.empty()) json.member("next_cursor", found->next);
  json.end_object();
  return lfs_answer(200, std::move(json));
}

http::Response unlock(Hub& hub, const http::Request& request) {
  http::Response refusal;
  const auto guest = enter(hub, request, Projects::Need::write, refusal);
  if (!guest) return refusal;
  auto document = text::parse_json(request.body.empty() ? "{}" : request.body);
  if (!document) return lfs_problem(422, document.error().message);
  const bool force = document->root()["force"].as_bool().value_or(false);
  const auto released = hub.locks.release(guest->entry, request.parameters.at(1), force, "");
  if (!released) return lfs_problem(released.error());
  return lock_answer(200, *released);
}

}  // namespace

void add_large_object_routes(http::Router& router, Hub& hub) {
  const std::string base = "/{}/info/lfs/";
  const auto add = [&](const char* method, const std::string& path,
                       http::Response (*answer)(Hub&, const http::Request&)) {
    router.add(method, base + path, [&hub, answer](const http::Request& request) { return answer(hub, request); });
  };
  add("POST", "objects/batch", batch);
  add("POST", "objects/verify", verify);
  add("POST", "locks", make_lock);
  add("GET", "locks", list_locks);
  add("POST", "locks/verify", verify_locks);
  add("POST", "locks/{}/unlock", unlock);
  http::RouteOptions slow;
  slow.lane = http::Lane::slow;
  router.add_stream(
      "PUT", base + "objects/{}",
      [&hub](const http::Request& request, http::Conversation& conversation) { upload(hub, request, conversation); },
      slow);
  router.add_stream(
      "GET", base + "objects/{}",
      [&hub](const http::Request& request, http::Conversation& conversation) { download(hub, request, conversation); },
      slow);
}

}  // namespace aecos::hub
