// Speckle's own protocol, for its clients: what a project looks like, to be read. docs/VISUALISE.md.

#include <algorithm>
#include <memory>

#include "http/gzip.h"
#include "hub/answer.h"
#include "hub/routes.h"
#include "hub/view_ids.h"
#include "speckle/server.h"

namespace aecos::hub {
namespace {

using http::Conversation;
using http::Request;
using http::Response;
using speckle::ObjectId;

constexpr std::size_t body_max = 128U << 20U, ids_max = 2'000'000, piece_max = 256U << 10U;
constexpr std::int64_t first_wait_ms = 20'000;  // For a view that is being made.

// All of it only reads, so that a session's cookie is enough, whatever the method.
Result<Caller> reader_of(Hub& hub, const Request& request) {
  Request as_read = request;
  as_read.method = "GET";
  as_read.body.clear();
  return caller_of(hub, as_read);
}

// The project behind an id of Speckle's, as far as the caller may read it.
Result<Projects::Entry> enter(Hub& hub, const Caller& caller, const std::string& id) {
  AECOS_TRY_ASSIGN(const std::vector<store::Project> projects, hub.projects.visible(caller));
  for (const store::Project& project : projects)
    if (project_id(project.name) == id) return hub.projects.enter(caller, project.name, Projects::Need::read);
  return Error{ErrorCode::not_found, "Project not found"};
}

class HubLibrary final : public speckle::Library {
 public:
  HubLibrary(Hub& hub, const Caller& caller) : hub_(hub), caller_(caller) {}

  speckle::Person person() override {
    return {speckle::short_id("user/" + caller_.login()),
            caller_.user.name.empty() ? caller_.login() : caller_.user.name, caller_.user.email,
            caller_.is_administrator()};
  }

  Result<std::vector<speckle::Project>> projects() override {
    AECOS_TRY_ASSIGN(const std::vector<store::Project> visible, hub_.projects.visible(caller_));
    std::vector<speckle::Project> all;
    for (const store::Project& row : visible) {
      AECOS_TRY_ASSIGN(const Projects::Entry entry, hub_.projects.enter(caller_, row.name, Projects::Need::read));
      all.push_back(told(entry));
    }
    return all;
  }

  Result<speckle::Project> project(const std::string& id) override {
    AECOS_TRY_ASSIGN(const Projects::Entry entry, enter(hub_, caller_, id));
    return told(entry);
  }

  Result<std::vector<speckle::Version>> versions(const speckle::Project& project) override {
    AECOS_TRY_ASSIGN(const Projects::Entry entry, enter(hub_, caller_, project.id));
    const ViewState state = hub_.views.want(entry.row.name, first_wait_ms);
    const auto objects = hub_.views.objects(entry.row.name);
    std::vector<speckle::Version> all;
    if (!objects && state.kind == ViewState::Kind::failed) return Error{ErrorCode::unavailable, state.why};
    if (!objects) return all;
    for (const ViewVersion& each : objects->versions())
      all.push_back({version_id(each), each.object, each.message, each.author, os::to_utc_text(each.time_us)});
    return all;
  }

 private:
  static speckle::Project told(const Projects::Entry& entry) {
    const std::string& name = entry.row.name;
    const std::string created = os::to_utc_text(entry.row.created_us);
    return {project_id(name),
            model_id(name),
            entry.row.title.empty() ? name : entry.row.title,
            name,
            entry.standing->shared_branch,
            entry.access.manage  ? "stream:owner"
            : entry.access.write ? "stream:contributor"
                                 : "stream:reviewer",
            created,
            created};
  }

  Hub& hub_;
  const Caller& caller_;
};

// Pages of anybody's may ask, with a token that they were given: no answer is had with the cookie of a session from
// elsewhere, as browsers let no page read one that allows everybody.
void allow_pages(http::Headers& headers) { headers.set("Access-Control-Allow-Origin", "*"); }

constexpr std::size_t gzip_min = 1024;  // Bytes; what is shorter is sent as it is.

// As whoever asked can read it soonest.
Response sent(const Request& request, Response response) {
  allow_pages(response.headers);
  response.headers.set("Vary", "Accept-Encoding");
  if (response.body.size() < gzip_min || !http::accepts_gzip(request.headers)) return response;
  http::Gzip gzip;
  std::string body = gzip.add(response.body);
  response.body = body + gzip.finish();
  response.headers.set("Content-Encoding", "gzip");
  return response;
}

// A body of unknown length.
class PackedBody {
 public:
  PackedBody(const Request& request, Conversation& conversation) : conversation_(conversation) {
    if (http::accepts_gzip(request.headers)) gzip_ = std::make_unique<http::Gzip>();
  }
  bool begin(const std::string& type) {
    http::Headers headers{{"Content-Type", type}, {"Cache-Control", "no-store"}, {"Vary", "Accept-Encoding"}};
    allow_pages(headers);
    if (gzip_) headers.set("Content-Encoding", "gzip");
    return static_cast<bool>(conversation_.begin(200, headers));
  }
  bool write(const std::string& piece) {
    if (!gzip_) return static_cast<bool>(conversation_.write(piece));
    const std::string packed = gzip_->add(piece);
    return packed.empty() || conversation_.write(packed);
  }
  void finish() {
    if (gzip_) static_cast<void>(conversation_.write(gzip_->finish()));
  }

 private:
  Conversation& conversation_;
  std::unique_ptr<http::Gzip> gzip_;
};

Response answer_graphql(Hub& hub, const Request& request) {
  const auto caller = reader_of(hub, request);
  if (!caller) return problem(caller.error().code == ErrorCode::denied ? 401 : 503, caller.error().message);
  if (http::media_type(request.headers.get("Content-Type")) != "application/json")
    return problem(415, "a body of type application/json is wanted");
  const auto wish = speckle::graphql::read_request(request.body);
  if (!wish) return problem(400, wish.error().message);
  HubLibrary library(hub, *caller);
  return {200,
          {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
          speckle::graphql::execute(*wish, speckle::query_root(library, hub.views.hub_url(), "3.0.0"), nullptr)};
}

Response plain(int status, const std::string& text) {
  Response response{
      status, {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}}, text + "\n"};
  allow_pages(response.headers);
  return response;
}

// What a browser asks before it lets a page of somebody else's ask.
Response answer_preflight(const Request&) {
  return {204,
          {{"Access-Control-Allow-Origin", "*"},
           {"Access-Control-Allow-Methods", "GET, POST"},
           {"Access-Control-Allow-Headers", "Authorization, Content-Type, Accept"},
           {"Access-Control-Max-Age", "86400"}},
          ""};
}

// What a request is answered from; null: it was refused, and told so.
std::shared_ptr<const ViewObjects> objects_for(Hub& hub, const Request& request, Conversation& conversation) {
  const auto caller = reader_of(hub, request);
  if (!caller) {
    static_cast<void>(conversation.respond(plain(401, caller.error().message)));
    return nullptr;
  }
  const auto entry = enter(hub, *caller, request.parameters.at(0));
  auto objects = entry ? hub.views.objects(entry->row.name) : nullptr;
  if (!objects)
    static_cast<void>(
        conversation.respond(plain(404, entry ? "nothing was made to be shown yet" : entry.error().message)));
  return objects;
}

// Which members of objects are wanted.
struct Mask {
  std::vector<std::string> names;
  bool excludes = true;
};

std::string masked(const std::string& line, const Mask& mask) {
  constexpr std::size_t json_at = ObjectId{}.digits.size() + 1;
  const auto document = text::parse_json(std::string_view(line).substr(json_at));
  if (!document) return line;
  text::JsonWriter json;
  json.begin_object();
  for (const text::JsonNode member : document->root()) {
    const bool is_named = std::find(mask.names.begin(), mask.names.end(), member.key()) != mask.names.end();
    const bool is_needed = member.key() == "id" || member.key() == "speckle_type";
    if (is_needed || is_named != mask.excludes) json.key_raw(member.key_raw()).value(member);
  }
  json.end_object();
  return line.substr(0, json_at) + std::move(json).take() + "\n";
}

// "ID\tJSON\n" of each that is there, in pieces of some size.
void send_lines(const ViewObjects& objects, const std::vector<ObjectId>& ids, const Mask& mask, PackedBody body) {
  if (!body.begin("text/plain; charset=utf-8")) return;
  std::string piece;
  for (const ObjectId& id : ids) {
    const auto line = objects.line(id);
    if (!line) continue;
    piece += mask.names.empty() && mask.excludes ? *line : masked(*line, mask);
    if (piece.size() < piece_max) continue;
    if (!body.write(piece)) return;
    piece.clear();
  }
  if (piece.empty() || body.write(piece)) body.finish();
}

void get_single(Hub& hub, const Request& request, Conversation& conversation) {
  const auto objects = objects_for(hub, request, conversation);
  if (!objects) return;
  const auto id = speckle::to_object_id(request.parameters.at(1));
  const auto json = id ? objects->json(*id) : Result<std::string>(Error{ErrorCode::not_found, "Failed to find object"});
  if (!json) return static_cast<void>(conversation.respond(plain(404, json.error().message)));
  // An id never stands for anything else.
  static_cast<void>(conversation.respond(
      sent(request, {200,
                     {{"Content-Type", "application/json"}, {"Cache-Control", "private, max-age=31536000, immutable"}},
                     *json})));
}

void get_with_children(Hub& hub, const Request& request, Conversation& conversation) {
  const auto objects = objects_for(hub, request, conversation);
  if (!objects) return;
  const auto id = speckle::to_object_id(request.parameters.at(1));
  const auto root =
      id ? objects->reference(*id) : Result<speckle::Reference>(Error{ErrorCode::not_found, "Failed to find object"});
  if (!root) return static_cast<void>(conversation.respond(plain(404, root.error().message)));
  std::vector<ObjectId> ids{*id};
  for (const auto& [below, depth] : root->closure) ids.push_back(below);
  if (request.headers.get("Accept") == "text/plain") return send_lines(*objects, ids, {}, {request, conversation});
  PackedBody body(request, conversation);
  if (!body.begin("application/json")) return;
  std::string between = "[";
  for (const ObjectId& each : ids) {
    const auto json = objects->json(each);
    if (json && !body.write(std::exchange(between, ",") + *json)) return;
  }
  if (body.write(between == "[" ? "[]" : "]")) body.finish();
}

Result<std::string> read_body(Conversation& conversation) {
  std::string body;
  std::vector<char> piece(64U << 10U);
  while (true) {
    AECOS_TRY_ASSIGN(const std::size_t count, conversation.read(piece));
    if (count == 0) return body;
    body.append(piece.data(), count);
    if (body.size() > body_max) return Error{ErrorCode::invalid_input, "the request is too long"};
  }
}

// The member "objects" of a JSON body or of a form: itself JSON, in a text.
Result<std::string> member_objects(const Request& request, const std::string& body) {
  if (http::media_type(request.headers.get("Content-Type")) != "application/x-www-form-urlencoded") {
    AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(body));
    const text::JsonNode node = document.root()["objects"];
    if (!node.is_string()) return Error{ErrorCode::invalid_input, "objects: a text with a list of ids is wanted"};
    return std::string(*node.as_string());
  }
  constexpr std::string_view name = "objects=";
  std::string_view form = body;
  while (!form.empty() && !form.starts_with(name))
    form.remove_prefix(std::min(form.size(), form.find('&') + (form.find('&') == std::string_view::npos ? 0 : 1)));
  std::string decoded;
  if (!form.starts_with(name) ||
      !http::percent_decode(form.substr(name.size(), form.find('&') - name.size()), true, decoded))
    return Error{ErrorCode::invalid_input, "objects: a list of ids is wanted"};
  return decoded;
}

Result<std::vector<ObjectId>> read_ids(text::JsonNode list) {
  if (!list.is_array() || list.size() > ids_max) return Error{ErrorCode::invalid_input, "a list of ids is wanted"};
  std::vector<ObjectId> ids;
  for (const text::JsonNode node : list) {
    const auto id = speckle::to_object_id(node.as_string().value_or(""));
    if (!id) return Error{ErrorCode::invalid_input, "an id that is none: " + std::string(node.raw().substr(0, 40))};
    ids.push_back(*id);
  }
  return ids;
}

Result<std::vector<ObjectId>> ids_of(const Request& request, Conversation& conversation) {
  AECOS_TRY_ASSIGN(const std::string body, read_body(conversation));
  AECOS_TRY_ASSIGN(const std::string list, member_objects(request, body));
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(list));
  return read_ids(document.root());
}

void get_objects(Hub& hub, const Request& request, Conversation& conversation) {
  const auto objects = objects_for(hub, request, conversation);
  if (!objects) return;
  const auto ids = ids_of(request, conversation);
  if (!ids) return static_cast<void>(conversation.respond(plain(400, ids.error().message)));
  send_lines(*objects, *ids, {}, {request, conversation});
}

void diff(Hub& hub, const Request& request, Conversation& conversation) {
  const auto objects = objects_for(hub, request, conversation);
  if (!objects) return;
  const auto ids = ids_of(request, conversation);
  if (!ids) return static_cast<void>(conversation.respond(plain(400, ids.error().message)));
  text::JsonWriter json;
  json.begin_object();
  for (const ObjectId& id : *ids) json.member(id.text(), objects->has(id));
  json.end_object();
  static_cast<void>(conversation.respond(sent(request, json_answer(200, std::move(json)))));
}

Result<Mask> read_mask(text::JsonNode node) {
  Mask mask;
  if (!node || node.is_null()) return mask;
  mask.excludes = !node["include"];
  const text::JsonNode list = node[mask.excludes ? "exclude" : "include"];
  if (!list.is_array() || node.size() != 1)
    return Error{ErrorCode::invalid_input, "attributeMask: either include or exclude is wanted"};
  for (const text::JsonNode name : list) mask.names.emplace_back(name.as_string().value_or(""));
  return mask;
}

void stream_objects(Hub& hub, const Request& request, Conversation& conversation) {
  const auto objects = objects_for(hub, request, conversation);
  if (!objects) return;
  const auto refuse = [&](const Error& error) { static_cast<void>(conversation.respond(plain(400, error.message))); };
  const auto body = read_body(conversation);
  if (!body) return refuse(body.error());
  const auto document = text::parse_json(*body);
  if (!document) return refuse(document.error());
  const auto ids = read_ids(document->root()["objectIds"]);
  if (!ids) return refuse(ids.error());
  const auto mask = read_mask(document->root()["attributeMask"]);
  if (!mask) return refuse(mask.error());
  send_lines(*objects, *ids, *mask, {request, conversation});
}

}  // namespace

void add_speckle_routes(http::Router& router, Hub& hub) {
  http::RouteOptions slow;
  slow.lane = http::Lane::slow;
  router.add(
      "POST", "/graphql", [&hub](const Request& request) { return sent(request, answer_graphql(hub, request)); }, slow);
  for (const char* path : {"/graphql", "/objects/{}/{}/single", "/objects/{}/{}", "/api/getobjects/{}", "/api/diff/{}",
                           "/api/v2/projects/{}/object-stream/"})
    router.add("OPTIONS", path, answer_preflight);
  using Answer = void (*)(Hub&, const Request&, Conversation&);
  const auto add = [&](const char* method, const char* path, Answer answer) {
    router.add_stream(
        method, path, [&hub, answer](const Request& r, Conversation& c) { answer(hub, r, c); }, slow);
  };
  add("GET", "/objects/{}/{}/single", get_single);
  add("GET", "/objects/{}/{}", get_with_children);
  add("POST", "/api/getobjects/{}", get_objects);
  add("POST", "/api/diff/{}", diff);
  add("POST", "/api/v2/projects/{}/object-stream/", stream_objects);
}

}  // namespace aecos::hub
