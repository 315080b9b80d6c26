#include "speckle/client.h"

#include <algorithm>
#include <vector>

#include "base/sha256.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::speckle {
namespace {

constexpr std::size_t batch_bytes = 4U << 20U, batch_ids = 10'000;
constexpr std::int64_t timeout_ms = 300'000;

Error refused(const Server& server, const http::Response& response, const std::string& what) {
  const ErrorCode code = response.status == 401 || response.status == 403 ? ErrorCode::denied
                         : response.status == 404                         ? ErrorCode::not_found
                         : response.status >= 500                         ? ErrorCode::unavailable
                                                                          : ErrorCode::invalid_input;
  constexpr std::size_t shown_max = 200;
  const std::string first = response.body.substr(0, std::min(response.body.find('\n'), shown_max));
  return {code,
          server.url + ": " + what + ": " + std::to_string(response.status) +
              (code == ErrorCode::denied ? " (is the token right, and may its owner write there?)" : " " + first)};
}

http::Call call_to(const Server& server, const std::string& method, const std::string& path) {
  http::Call call;
  call.method = method;
  call.url = server.url + path;
  call.timeout_ms = timeout_ms;
  call.response_max = std::uint64_t{4} << 30U;
  call.headers.add("Authorization", "Bearer " + server.token);
  return call;
}

// The "data" of the answer.
Result<text::JsonDocument> ask(http::Client& client, const Server& server, const std::string& query,
                               const std::string& variables) {
  http::Call call = call_to(server, "POST", "/graphql");
  call.headers.add("Content-Type", "application/json");
  text::JsonWriter json;
  json.begin_object().member("query", query).key("variables").raw(variables).end_object();
  call.body = std::move(json).take();
  AECOS_TRY_ASSIGN(const http::Response response, client.send(call));
  auto answer = text::parse_json(response.body);
  if (!answer && response.status == 200)
    return Error{ErrorCode::invalid_input, server.url + " does not answer as a Speckle server does"};
  if (!answer) return refused(server, response, "it does not answer");
  const text::JsonNode wrong = answer->root()["errors"][0];
  if (wrong) {
    const auto code = wrong["extensions"]["code"].as_string().value_or("");
    const bool is_denied = code == "FORBIDDEN" || code == "UNAUTHORIZED_ACCESS_ERROR" || code == "UNAUTHENTICATED";
    return Error{is_denied ? ErrorCode::denied : ErrorCode::invalid_input,
                 server.url + ": " + std::string(wrong["message"].as_string().value_or("it refused"))};
  }
  if (response.status != 200) return refused(server, response, "it refused");
  return answer;
}

std::string word(text::JsonNode node) { return std::string(node.as_string().value_or("")); }

bool is_short_id(const std::string& text) {
  constexpr std::size_t length = 10;
  return text.size() == length && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Result<std::string> find_project(http::Client& client, const Server& server, const std::string& name) {
  text::JsonWriter variables;
  variables.begin_object().key("filter").begin_object().member("search", name).end_object().end_object();
  AECOS_TRY_ASSIGN(const auto answer,
                   ask(client, server,
                       "query Mine($filter: UserProjectsFilter) { activeUser { projects(limit: 100, filter: $filter) { "
                       "items { id name } } } }",
                       std::move(variables).take()));
  const text::JsonNode user = answer.root()["data"]["activeUser"];
  if (!user.is_object()) return Error{ErrorCode::denied, server.url + ": the token lets nobody in"};
  for (const text::JsonNode project : user["projects"]["items"])
    if (word(project["name"]) == name) return word(project["id"]);
  text::JsonWriter input;
  input.begin_object().key("input").begin_object().member("name", name).member("visibility", "PRIVATE");
  input.end_object().end_object();
  AECOS_TRY_ASSIGN(const auto made, ask(client, server,
                                        "mutation Make($input: ProjectCreateInput) { projectMutations { create(input: "
                                        "$input) { id } } }",
                                        std::move(input).take()));
  return word(made.root()["data"]["projectMutations"]["create"]["id"]);
}

Result<std::string> find_model(http::Client& client, const Server& server, const std::string& project,
                               const std::string& name) {
  text::JsonWriter variables;
  variables.begin_object().member("project", project).key("filter").begin_object().member("search", name).end_object();
  variables.end_object();
  AECOS_TRY_ASSIGN(const auto answer,
                   ask(client, server,
                       "query Models($project: String!, $filter: ProjectModelsFilter) { project(id: $project) { "
                       "models(limit: 100, filter: $filter) { items { id name } } } }",
                       std::move(variables).take()));
  for (const text::JsonNode model : answer.root()["data"]["project"]["models"]["items"])
    if (word(model["name"]) == name) return word(model["id"]);
  text::JsonWriter input;
  input.begin_object().key("input").begin_object().member("projectId", project).member("name", name).end_object();
  input.end_object();
  AECOS_TRY_ASSIGN(const auto made,
                   ask(client, server,
                       "mutation Make($input: CreateModelInput!) { modelMutations { create(input: $input) { id } } }",
                       std::move(input).take()));
  return word(made.root()["data"]["modelMutations"]["create"]["id"]);
}

// Those of the ids that the server does not have.
Result<std::vector<ObjectId>> missing(http::Client& client, const Server& server, const std::string& project,
                                      const Objects& objects) {
  std::vector<ObjectId> found;
  for (auto at = objects.begin(); at != objects.end();) {
    text::JsonWriter list;
    list.begin_array();
    for (std::size_t count = 0; at != objects.end() && count < batch_ids; ++at, ++count) list.value(at->first.text());
    list.end_array();
    http::Call call = call_to(server, "POST", "/api/diff/" + project);
    call.headers.add("Content-Type", "application/json");
    text::JsonWriter body;
    body.begin_object().member("objects", std::move(list).take()).end_object();
    call.body = std::move(body).take();
    AECOS_TRY_ASSIGN(const http::Response response, client.send(call));
    if (response.status != 200) return refused(server, response, "what it has is not told");
    AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(response.body));
    for (const text::JsonNode node : document.root()) {
      const auto id = to_object_id(node.key());
      if (id && objects.contains(*id) && !node.as_bool().value_or(false)) found.push_back(*id);
    }
  }
  return found;
}

Result<> upload(http::Client& client, const Server& server, const std::string& project, const std::string& list) {
  const std::string boundary = "aecos-" + sha256_hex(list).substr(0, 32);
  http::Call call = call_to(server, "POST", "/objects/" + project);
  call.headers.add("Content-Type", "multipart/form-data; boundary=" + boundary);
  call.body = "--" + boundary +
              "\r\nContent-Disposition: form-data; name=\"batch-0\"; filename=\"batch-0\"\r\n"
              "Content-Type: application/json\r\n\r\n" +
              list + "\r\n--" + boundary + "--\r\n";
  AECOS_TRY_ASSIGN(const http::Response response, client.send(call));
  if (response.status != 200 && response.status != 201) return refused(server, response, "objects are not taken");
  return {};
}

}  // namespace

Result<Objects> receive(http::Client& client, const Server& server, const std::string& project_id,
                        const ObjectId& root) {
  http::Call call = call_to(server, "GET", "/objects/" + project_id + "/" + std::string(root.text()));
  call.headers.add("Accept", "text/plain");
  AECOS_TRY_ASSIGN(const http::Response response, client.send(call));
  if (response.status != 200) return refused(server, response, "the model cannot be received");
  Objects objects;
  std::string_view rest = response.body;
  constexpr std::size_t id_size = ObjectId{}.digits.size();
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto id = to_object_id(line.substr(0, id_size));
    if (!id || line.size() < id_size + 2 || line[id_size] != '\t')
      return Error{ErrorCode::invalid_input, server.url + " does not answer as a Speckle server does"};
    objects.emplace(*id, line.substr(id_size + 1));
  }
  const auto found = objects.find(root);
  if (found == objects.end())
    return Error{ErrorCode::invalid_input, server.url + " does not give what it was asked for"};
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(found->second));
  for (const text::JsonNode below : document.root()["__closure"]) {
    const auto id = to_object_id(below.key());
    if (!id || !objects.contains(*id))
      return Error{ErrorCode::invalid_input, server.url + " does not give all of the model"};
  }
  return objects;
}

Result<Sent> send(http::Client& client, const Server& server, const Sending& sending, const Objects& objects,
                  const std::function<void(std::size_t done, std::size_t all)>& told) {
  Sent sent;
  if (is_short_id(sending.project)) {
    sent.project_id = sending.project;
  } else {
    AECOS_TRY_ASSIGN(sent.project_id, find_project(client, server, sending.project));
  }
  AECOS_TRY_ASSIGN(sent.model_id, find_model(client, server, sent.project_id, sending.model));
  AECOS_TRY_ASSIGN(const std::vector<ObjectId> wanted, missing(client, server, sent.project_id, objects));
  for (std::size_t at = 0; at < wanted.size();) {
    std::string list = "[";
    for (; at < wanted.size() && list.size() < batch_bytes; ++at)
      list += (list.size() > 1 ? "," : "") + objects.at(wanted[at]);
    AECOS_TRY(upload(client, server, sent.project_id, list + "]"));
    told(at, wanted.size());
  }
  sent.objects = wanted.size();
  text::JsonWriter input;
  input.begin_object().key("input").begin_object().member("projectId", sent.project_id);
  input.member("modelId", sent.model_id).member("objectId", sending.root.text()).member("message", sending.message);
  input.member("sourceApplication", "aecos").member("totalChildrenCount", objects.size() - 1);
  input.end_object().end_object();
  AECOS_TRY_ASSIGN(
      const auto made,
      ask(client, server,
          "mutation Make($input: CreateVersionInput!) { versionMutations { create(input: $input) { id } } }",
          std::move(input).take()));
  sent.version_id = word(made.root()["data"]["versionMutations"]["create"]["id"]);
  if (sent.version_id.empty())
    return Error{ErrorCode::invalid_input, server.url + " does not say which version it made"};
  sent.link = server.url + "/projects/" + sent.project_id + "/models/" + sent.model_id + "@" + sent.version_id;
  return sent;
}

}  // namespace aecos::speckle
