#include <algorithm>

#include "git/hosting.h"
#include "http/gzip.h"
#include "hub/answer.h"
#include "hub/routes.h"

namespace aecos::hub {
namespace {

// What is wanted in a fetch, of most and of a few at a time: a partial clone may want every file by its id.
constexpr std::uint64_t wants_max = 4U << 20U, large_wants_max = 64U << 20U;

const http::Headers no_cache{{"Cache-Control", "no-cache, max-age=0, must-revalidate"}, {"Pragma", "no-cache"}};

http::Headers typed(const std::string& type) {
  http::Headers headers = no_cache;
  headers.set("Content-Type", type);
  return headers;
}

http::Response plain(int status, const std::string& text) {
  http::Response response{status, typed("text/plain; charset=utf-8"), text + "\n"};
  if (status == 401) response.headers.add("WWW-Authenticate", "Basic realm=\"aecos\", charset=\"UTF-8\"");
  return response;
}

http::Response plain(const Error& error) {
  return plain(error.code == ErrorCode::denied ? 403 : http_status(error.code), message_for_clients(error));
}

struct Guest {
  Caller caller;
  Projects::Entry entry;
};

// Whoever may read may come in; what may be written is judged for each ref. The first parameter is "PROJECT.git".
struct Door {
  std::optional<Guest> guest;
  http::Response refusal;
};
Door enter(Hub& hub, const http::Request& request, Projects::Need need) {
  Door door;
  std::string name = request.parameters.at(0);
  if (!name.ends_with(".git")) {
    door.refusal = plain(404, "a repository's address ends in .git");
    return door;
  }
  name.resize(name.size() - 4);
  auto caller = caller_of(hub, request);
  if (!caller) {
    door.refusal =
        caller.error().code == ErrorCode::denied ? plain(401, caller.error().message) : plain(caller.error());
    return door;
  }
  auto entry = hub.projects.enter(*caller, name, need);
  if (!entry) {
    door.refusal = plain(entry.error());
    return door;
  }
  door.guest = Guest{*std::move(caller), *std::move(entry)};
  return door;
}

os::Command upload_pack(Hub& hub, const std::string& folder, const http::Request& request,
                        std::vector<std::string> options) {
  os::Command command;
  command.argv = {"git", "upload-pack", "--stateless-rpc", "--strict", "--timeout=600"};
  command.argv.insert(command.argv.end(), options.begin(), options.end());
  command.argv.push_back(folder);
  command.clean_environment = true;
  command.environment = git::server_environment(hub.parts.config.git_home());
  const std::string_view protocol = request.headers.get("Git-Protocol");
  if (git::is_protocol_header(protocol)) command.environment["GIT_PROTOCOL"] = std::string(protocol);
  return command;
}

http::Response info_refs(Hub& hub, const http::Request& request) {
  const std::string service = request.query_value("service").value_or("");
  if (service != "git-upload-pack" && service != "git-receive-pack")
    return plain(403, "only git's smart protocol is spoken here");
  const bool push = service == "git-receive-pack";
  Door door = enter(hub, request, push ? Projects::Need::write : Projects::Need::read);
  if (!door.guest) return door.refusal;
  const std::string type = "application/x-" + service + "-advertisement";
  const std::string folder = hub.projects.folder(door.guest->entry.row.name);
  if (push) {
    auto project = hub.projects.open(door.guest->entry.row.name);
    if (!project) return plain(project.error());
    auto text = git::receive_advertisement(project->repository,
                                           [](const std::string& ref) { return ref.starts_with("refs/aecos/"); });
    if (!text) return plain(text.error());
    return {200, typed(type), git::service_line(service) + *text};
  }
  if (request.headers.get("Git-Protocol").find("version=2") != std::string_view::npos)
    return {200, typed(type), git::service_line(service) + git::upload_advertisement_v2()};
  auto said = hub.parts.processes.run(upload_pack(hub, folder, request, {"--http-backend-info-refs"}));
  if (!said || !said->ok()) return plain(500, "the repository cannot be read");
  return {200, typed(type), git::service_line(service) + said->output};
}

// False: answered already.
bool is_of_type(const http::Request& request, http::Conversation& conversation, const std::string& type) {
  if (http::media_type(request.headers.get("Content-Type")) == type) return true;
  static_cast<void>(conversation.respond(plain(415, "a body of type " + type + " is wanted")));
  return false;
}

// The body of a fetch. `large`: is taken where it is of more than the usual size.
Result<std::string> read_wants(Hub& hub, const http::Request& request, PacedConversation& conversation,
                               Transfers::Ticket& large) {
  std::string body, piece(64U << 10U, '\0');
  std::uint64_t most = wants_max;
  const auto grow = [&]() -> Result<> {
    if (most == large_wants_max) return Error{ErrorCode::invalid_input, "the request is too large"};
    AECOS_TRY_ASSIGN(large, hub.projects.transfers().begin_large());
    most = large_wants_max;
    return {};
  };
  while (true) {
    AECOS_TRY_ASSIGN(const std::size_t count, conversation.read(piece));
    if (count == 0) break;
    if (body.size() + count > most) AECOS_TRY(grow());
    body.append(piece, 0, count);
  }
  const std::string_view encoding = request.headers.get("Content-Encoding");
  if (encoding.empty()) return body;
  if (encoding != "gzip") return Error{ErrorCode::invalid_input, "only gzip can be unpacked"};
  auto unpacked = http::gunzip(body, most);
  if (unpacked || most == large_wants_max) return unpacked;
  AECOS_TRY(grow());
  return http::gunzip(body, most);
}

http::Response unavailable(const Error& error) {
  http::Response response = plain(error);
  if (error.code == ErrorCode::unavailable) response.headers.add("Retry-After", "10");
  return response;
}

void fetch(Hub& hub, const http::Request& request, http::Conversation& conversation) {
  Door door = enter(hub, request, Projects::Need::read);
  if (!door.guest) return static_cast<void>(conversation.respond(door.refusal));
  if (!is_of_type(request, conversation, "application/x-git-upload-pack-request")) return;
  const auto ticket = hub.projects.transfers().begin(door.guest->caller.login());
  if (!ticket) return static_cast<void>(conversation.respond(unavailable(ticket.error())));
  PacedConversation paced(conversation, hub.parts.clock);
  Transfers::Ticket large;
  auto body = read_wants(hub, request, paced, large);
  if (!body && body.error().code == ErrorCode::unavailable)
    return static_cast<void>(conversation.respond(unavailable(body.error())));
  if (!body) return static_cast<void>(conversation.respond(plain(400, body.error().message)));
  ++hub.metrics.fetches;
  // Who asks for the trail has all of it.
  if (body->find("ref-prefix " + std::string(audit_ref)) != std::string::npos)
    static_cast<void>(hub.audit.write(door.guest->entry.row.name));
  os::Command command = upload_pack(hub, hub.projects.folder(door.guest->entry.row.name), request, {});
  command.input = *std::move(body);
  command.is_cancelled = [&] { return conversation.is_gone(); };
  bool begun = false;
  command.on_output = [&](std::string_view bytes) {
    if (!begun && !conversation.begin(200, typed("application/x-git-upload-pack-result"))) return false;
    begun = true;
    return bool(paced.write(bytes));
  };
  const auto finished = hub.parts.processes.run(command);
  if (begun) {
    // What git could not finish is cut off, so that the client sees that it is not whole.
    if (!finished || !finished->ok()) throw std::runtime_error("git upload-pack did not finish");
    return;
  }
  if (finished && finished->ok())
    return static_cast<void>(conversation.respond({200, typed("application/x-git-upload-pack-result"), ""}));
  static_cast<void>(
      conversation.respond(plain(finished && !finished->cancelled ? 400 : 500, "git could not answer that")));
}

std::string last_words(const Pushed& pushed) {
  std::string text;
  for (const std::string& line : pushed.lines) text += line + "\n";
  return text;
}

void push(Hub& hub, const http::Request& request, http::Conversation& conversation) {
  Door door = enter(hub, request, Projects::Need::write);
  if (!door.guest) return static_cast<void>(conversation.respond(door.refusal));
  if (!is_of_type(request, conversation, "application/x-git-receive-pack-request")) return;
  if (!request.headers.get("Content-Encoding").empty())
    return static_cast<void>(conversation.respond(plain(415, "packs are compressed as they are")));
  const auto ticket = hub.projects.transfers().begin(door.guest->caller.login());
  if (!ticket) return static_cast<void>(conversation.respond(unavailable(ticket.error())));
  PacedConversation paced(conversation, hub.parts.clock);
  git::ByteReader reader([&](std::span<char> into) { return paced.read(into); });
  auto wish = git::read_receive_request(reader);
  if (!wish) return static_cast<void>(conversation.respond(plain(400, wish.error().message)));
  const std::string type = "application/x-git-receive-pack-result";
  if (wish->commands.empty()) return static_cast<void>(conversation.respond({200, typed(type), ""}));
  ++hub.metrics.pushes;
  const Pushed pushed = hub.receiver.receive(door.guest->caller, door.guest->entry, *wish, reader,
                                             [&] { return conversation.is_gone(); });
  const bool refused =
      std::any_of(pushed.refs.begin(), pushed.refs.end(), [](const auto& ref) { return !ref.problem.empty(); });
  if (refused) ++hub.metrics.refused_pushes;
  std::string answer = git::receive_progress(*wish, last_words(pushed));
  answer += git::receive_report(*wish, pushed.problem, pushed.refs);
  static_cast<void>(conversation.respond({200, typed(type), std::move(answer)}));
}

}  // namespace

void add_git_routes(http::Router& router, Hub& hub) {
  http::RouteOptions slow;
  slow.lane = http::Lane::slow;
  router.add(
      "GET", "/{}/info/refs", [&hub](const http::Request& request) { return info_refs(hub, request); }, slow);
  router.add_stream(
      "POST", "/{}/git-upload-pack",
      [&hub](const http::Request& request, http::Conversation& conversation) { fetch(hub, request, conversation); },
      slow);
  router.add_stream(
      "POST", "/{}/git-receive-pack",
      [&hub](const http::Request& request, http::Conversation& conversation) { push(hub, request, conversation); },
      slow);
}

}  // namespace aecos::hub
