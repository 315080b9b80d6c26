#include "sync/hub_link.h"

#include <algorithm>

#include "base/percent.h"

namespace aecos::sync {
namespace {

constexpr std::int64_t silence_max_ms = 60'000;  // A hub says something every 15 seconds.

ErrorCode code_of(int status) {
  if (status == 401 || status == 403) return ErrorCode::denied;
  if (status == 404) return ErrorCode::not_found;
  if (status == 409) return ErrorCode::changed_meanwhile;
  return status >= 500 || status == 429 ? ErrorCode::unavailable : ErrorCode::invalid_input;
}

Error error_of(const http::Response& response, const std::string& base) {
  std::string detail;
  if (const auto document = text::parse_json(response.body))
    detail = document->root()["detail"].as_string().value_or(std::string_view());
  if (detail.empty()) detail = base + " answered with status " + std::to_string(response.status);
  if (response.status == 401) detail += "; run aecos login";
  return {code_of(response.status), detail};
}

std::string decoded(std::string_view text) {
  std::string out;
  return http::percent_decode(text, false, out) ? out : std::string(text);
}

std::string line_of(const std::string& text, std::string_view key) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    if (line.starts_with(key)) return std::string(line.substr(key.size()));
    at = end + 1;
  }
  return "";
}

}  // namespace

std::optional<HubAddress> hub_address(const std::string& url) {
  const std::size_t colon = url.find("://");
  if (!url.starts_with("http://") && !url.starts_with("https://")) return std::nullopt;
  const std::string scheme = url.substr(0, colon + 3);
  std::string rest = url.substr(colon + 3);
  while (rest.ends_with('/')) rest.pop_back();
  const std::size_t slash = rest.rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  HubAddress address;
  address.project = rest.substr(slash + 1);
  if (address.project.ends_with(".git")) address.project.resize(address.project.size() - 4);
  std::string host = rest.substr(0, slash);
  const std::size_t at = host.substr(0, host.find('/')).rfind('@');
  if (at != std::string::npos) {
    const std::string who = host.substr(0, at);
    const std::size_t between = who.find(':');
    address.user = decoded(who.substr(0, between));
    if (between != std::string::npos) address.secret = decoded(who.substr(between + 1));
    host = host.substr(at + 1);
  }
  address.base = scheme + host;
  if (address.project.empty() || host.empty()) return std::nullopt;
  return address;
}

std::string without_secret(const std::string& url) {
  const std::size_t start = url.find("://");
  if (start == std::string::npos) return url;
  const std::size_t end = std::min(url.find('/', start + 3), url.size());
  const std::size_t at = url.substr(0, end).rfind('@');
  return at == std::string::npos || at < start ? url : url.substr(0, start + 3) + url.substr(at + 1);
}

bool is_hub(http::Client& client, const HubAddress& address) {
  http::Call call;
  call.url = address.base + "/api/v1";
  call.timeout_ms = 10'000;
  call.response_max = 64U << 10U;
  const auto response = client.send(call);
  if (!response || response->status != 200) return false;
  const auto document = text::parse_json(response->body);
  return document && document->root()["name"].as_string() == "aecos hub";
}

HubAddress with_credentials(git::Program& program, HubAddress address) {
  if (!address.secret.empty()) return address;
  const std::size_t colon = address.base.find("://");
  const std::size_t slash = address.base.find('/', colon + 3);
  std::string question = "protocol=" + address.base.substr(0, colon) + "\nhost=" +
                         address.base.substr(colon + 3, slash == std::string::npos ? slash : slash - colon - 3) + "\n";
  if (!address.user.empty()) question += "username=" + address.user + "\n";
  const auto told = program.try_run({"-c", "core.askPass=", "credential", "fill"}, question + "\n");
  if (!told || !told->ok()) return address;
  address.user = line_of(told->output, "username=");
  address.secret = line_of(told->output, "password=");
  return address;
}

std::string login_at(http::Client& client, const HubAddress& address) {
  http::Call call;
  call.url = address.base + "/api/v1/user";
  call.headers.add("Authorization", "Bearer " + address.secret);
  const auto response = client.send(call);
  if (!response || response->status != 200) return "";
  const auto document = text::parse_json(response->body);
  return document ? std::string(document->root()["login"].as_string().value_or(std::string_view())) : "";
}

Result<std::optional<HubLink>> HubLink::open(Workspace& workspace, std::unique_ptr<http::Client> client) {
  AECOS_TRY_ASSIGN(const auto hub, workspace.repository.config("aecos.hub"));
  AECOS_TRY_ASSIGN(const auto url, workspace.repository.config("remote." + workspace.project.remote + ".url"));
  if (!hub || hub->empty() || !url) return std::optional<HubLink>();
  auto address = hub_address(*url);
  if (!address) return std::optional<HubLink>();
  return std::optional(HubLink(with_credentials(workspace.program, *std::move(address)), std::move(client)));
}

http::Call HubLink::call_of(const std::string& method, const std::string& path) const {
  http::Call call;
  call.method = method;
  call.url = address_.base + "/api/v1/projects/" + percent_encode(address_.project) + path;
  if (!address_.secret.empty()) call.headers.add("Authorization", "Bearer " + address_.secret);
  call.timeout_ms = timeout_ms_;
  return call;
}

Result<std::optional<std::string>> HubLink::objects_since(CommitId commit) {
  AECOS_TRY_ASSIGN(http::Response response, client_->send(call_of("GET", "/objects?have=" + commit.hex())));
  if (response.status != 200) return std::optional<std::string>();
  return std::optional(std::move(response.body));
}

Result<text::JsonDocument> HubLink::ask(const std::string& method, const std::string& path, const std::string& body) {
  http::Call call = call_of(method, path);
  if (!body.empty()) call.headers.add("Content-Type", "application/json");
  call.body = body;
  AECOS_TRY_ASSIGN(const http::Response response, client_->send(call));
  if (response.status >= 300) return error_of(response, address_.base);
  return text::parse_json(response.body.empty() ? "{}" : response.body);
}

Result<> HubLink::follow(std::optional<std::uint64_t> after,
                         const std::function<bool(const http::ServerEvent&)>& each) {
  http::Call call;
  call.url = address_.base + "/api/v1/projects/" + percent_encode(address_.project) + "/stream";
  call.headers.add("Accept", "text/event-stream");
  if (!address_.secret.empty()) call.headers.add("Authorization", "Bearer " + address_.secret);
  if (after) call.headers.add("Last-Event-ID", std::to_string(*after));
  call.timeout_ms = 0;
  call.silence_timeout_ms = silence_max_ms;
  http::ServerEventReader reader;
  bool more = true;
  const auto take = [&](std::string_view bytes) {
    reader.add(bytes, [&](const http::ServerEvent& event) { more = more && each(event); });
    return more;
  };
  AECOS_TRY_ASSIGN(const http::Response response, client_->stream(call, take));
  if (response.status >= 300) return error_of(response, address_.base);
  return {};
}

}  // namespace aecos::sync
