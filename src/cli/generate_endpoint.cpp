// A specification from a model behind an endpoint that speaks OpenAI's chat completions.

#include "cli/generate_files.h"
#include "generate/vocabulary.h"
#include "http/client.h"
#include "os/path.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

constexpr std::string_view settings_path = ".aecos/generate.json";
constexpr const char* key_variable = "AECOS_GENERATE_KEY";
constexpr std::size_t answer_max = 1U << 20U;

bool is_this_machine(std::string_view url) {
  for (const std::string_view start : {"http://127.0.0.1:", "http://127.0.0.1/",
                                       "http://localhost:", "http://localhost/", "http://[::1]:", "http://[::1]/"})
    if (url.starts_with(start)) return true;
  return false;
}

std::string instructions(const generate::Context& project) {
  std::string text =
      "You turn one sentence of design talk into the specification of building elements that the JSON schema "
      "describes. "
      "Give only what the sentence says, in metres and degrees; leave out what it does not say. Kinds:";
  for (const generate::Kind& kind : generate::vocabulary().kinds) text += " " + kind.name + " (" + kind.ifc_class + ")";
  text +=
      ". A door, window or opening in a wall of the same sentence has the host \"#1\", the number of that wall's "
      "element. "
      "Storeys of the project:";
  for (const generate::Storey& storey : project.storeys) text += " \"" + storey.name + "\"";
  return text + ".";
}

std::string request_body(const GenerateEndpoint& endpoint, const std::string& words, const generate::Context& project) {
  text::JsonWriter json;
  json.begin_object().member("model", endpoint.model).member("temperature", 0).member("seed", 1);
  json.key("messages").begin_array();
  json.begin_object().member("role", "system").member("content", instructions(project)).end_object();
  json.begin_object().member("role", "user").member("content", words).end_object();
  json.end_array().key("response_format").begin_object().member("type", "json_schema");
  json.key("json_schema").begin_object().member("name", "element_specification").key("schema");
  const auto schema = text::parse_json(generate::specification_schema());
  json.value(schema->root()).end_object().end_object().end_object();
  return std::move(json).take();
}

}  // namespace

Result<GenerateEndpoint> read_endpoint(Context& context, const sync::Workspace& workspace) {
  const std::string path(settings_path);
  auto bytes = context.files.read(workspace.full(path));
  if (!bytes)
    return Error{ErrorCode::invalid_input, path + ": it does not name an endpoint; docs/GENERATE.md says how it does"};
  auto document = text::parse_json(*bytes);
  if (!document) return Error{ErrorCode::invalid_input, at_file(path, document.error().message)};
  const text::JsonNode root = document->root();
  GenerateEndpoint endpoint;
  endpoint.url = root["endpoint"].as_string().value_or("");
  endpoint.model = root["model"].as_string().value_or("");
  endpoint.timeout_s = root["timeoutSeconds"].as_int().value_or(60);
  if (endpoint.url.empty() || endpoint.model.empty() || endpoint.timeout_s < 1 || endpoint.timeout_s > 600)
    return Error{ErrorCode::invalid_input,
                 path + ": it has an \"endpoint\" and a \"model\", and \"timeoutSeconds\" from 1 to 600"};
  if (!endpoint.url.starts_with("https://") && !is_this_machine(endpoint.url))
    return Error{ErrorCode::invalid_input, path + ": the endpoint must be https, or on this machine"};
  return endpoint;
}

Result<generate::Specification> ask_endpoint(Context& context, const GenerateEndpoint& endpoint,
                                             const std::string& words, const generate::Context& project) {
  http::Call call;
  call.method = "POST";
  call.url = endpoint.url;
  call.headers.add("Content-Type", "application/json");
  const std::string key = context.environment.variable(key_variable).value_or("");
  if (!key.empty()) call.headers.add("Authorization", "Bearer " + key);
  call.body = request_body(endpoint, words, project);
  call.timeout_ms = endpoint.timeout_s * 1000;
  call.response_max = answer_max;
  context.terminal.progress("asking " + endpoint.url);
  AECOS_TRY_ASSIGN(const http::Response response, http::make_client()->send(call));
  context.terminal.clear_progress();
  if (response.status != 200)
    return Error{
        response.status == 401 || response.status == 403 ? ErrorCode::denied : ErrorCode::unavailable,
        endpoint.url + " answered " + std::to_string(response.status) + "; its key is read from " + key_variable};
  const auto answer = text::parse_json(response.body);
  const auto content = answer ? answer->find("/choices/0/message/content").as_string() : std::nullopt;
  if (!content) return Error{ErrorCode::invalid_input, endpoint.url + ": the answer has no message"};
  auto specification = generate::from_json(*content);
  if (!specification)
    return Error{ErrorCode::invalid_input,
                 endpoint.url + ": its specification is not valid: " + specification.error().message};
  return specification;
}

}  // namespace aecos::cli
