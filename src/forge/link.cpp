#include <algorithm>
#include <charconv>

#include "base/percent.h"
#include "forge/link_internal.h"

namespace aecos::forge {
namespace {

constexpr std::uint64_t response_max = 16U << 20U;  // Bytes.
constexpr std::size_t pages_max = 200, words_max = 200;
constexpr std::int64_t wait_max_s = 3600, wait_default_s = 60;

std::int64_t number_in(std::string_view text) {
  std::int64_t number = -1;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size() ? number : -1;
}

// GitLab has them without "X-".
std::string_view limit_header(const http::Headers& headers, const std::string& name) {
  return headers.has("X-" + name) ? headers.get("X-" + name) : headers.get(name);
}

bool is_limited(const http::Response& response) {
  if (response.status == 429) return true;
  const bool is_used_up = limit_header(response.headers, "RateLimit-Remaining") == "0";
  return response.status == 403 && (is_used_up || response.headers.has("Retry-After"));
}

bool is_last_page(const http::Headers& headers, std::size_t count) {
  if (headers.has("X-Next-Page")) return headers.get("X-Next-Page").empty();
  if (headers.has("Link")) return headers.get("Link").find("rel=\"next\"") == std::string_view::npos;
  return count < page_size;
}

// What the forge says itself: {"message": …}, {"error": …}, as a text or more.
std::string words_of(const http::Response& response) {
  const auto document = text::parse_json(response.body);
  if (!document) return "";
  const text::JsonNode root = document->root();
  for (const char* name : {"message", "error_description", "error"}) {
    if (const text::JsonNode said = root[name]) return said.is_string() ? string_of(said) : text::compact(said);
  }
  return "";
}

}  // namespace

std::int64_t wait_of(const http::Response& response, std::int64_t now_s) {
  if (const std::int64_t after_s = number_in(response.headers.get("Retry-After")); after_s >= 0)
    return std::clamp<std::int64_t>(after_s, 1, wait_max_s);
  const bool is_used_up = limit_header(response.headers, "RateLimit-Remaining") == "0";
  const std::int64_t until_s = number_in(limit_header(response.headers, "RateLimit-Reset"));
  if (is_used_up && until_s > now_s) return std::min(until_s - now_s, wait_max_s);
  return is_limited(response) ? wait_default_s : 0;
}

void take_worse(std::string& so_far, const std::string& state) {
  const auto rank = [](const std::string& word) {
    return word == "failed" ? 3 : word == "pending" ? 2 : word == "passed" ? 1 : 0;
  };
  if (rank(state) > rank(so_far)) so_far = state;
}

std::string part(std::string_view text) { return percent_encode(text); }

std::string Link::without_token(std::string text) const {
  if (access_.token.empty()) return text;
  for (std::size_t at = text.find(access_.token); at != std::string::npos; at = text.find(access_.token))
    text.replace(at, access_.token.size(), "…");
  return text;
}

void Link::note_limits(const http::Response& response) { wait_s_ = wait_of(response, access_.now_s); }

Error Link::error_of(const std::string& what, const http::Response& response) {
  const std::string name(name_of(access_.kind)), status = std::to_string(response.status);
  std::string said = cut(without_token(words_of(response)), words_max);
  if (!said.empty()) said = " (it says: " + said + ")";
  if (is_limited(response))
    return {ErrorCode::unavailable,
            name + " was asked too often; it can be asked again in " + std::to_string(wait_s_) + " s" + said};
  switch (response.status) {
    case 401:
      return {ErrorCode::denied, name + " does not accept the token: it has ended, or is another forge's" + said};
    case 403:
      return {ErrorCode::denied, name + ": the token may not " + what + said};
    case 404:
    case 410:
      return {ErrorCode::not_found, name + " has nothing there, or the token may not see it: " + what};
    case 301:
    case 302:
    case 307:
    case 308:
      return {ErrorCode::invalid_input,
              name + " has it elsewhere now: " + what + "; put its new name into " + std::string(settings_path)};
    default:
      break;
  }
  const bool is_theirs = response.status >= 500 || response.status < 400;
  return {is_theirs ? ErrorCode::unavailable : ErrorCode::invalid_input,
          name + " answers " + status + " to: " + what + said};
}

Result<http::Response> Link::ask(const std::string& method, const std::string& path, std::string body) {
  http::Call call;
  call.method = method;
  call.url = access_.api + path;
  call.headers = more_;
  call.headers.add("User-Agent", "aecos");
  if (!authorization_.empty()) call.headers.add("Authorization", authorization_);
  if (!body.empty()) call.headers.add("Content-Type", "application/json");
  call.body = std::move(body);
  call.timeout_ms = access_.timeout_ms;
  call.response_max = response_max;
  call.guard = access_.guard;
  const std::string what = method + " " + path;
  auto response = client_.send(call);
  if (!response)
    return Error{response.error().code,
                 std::string(name_of(access_.kind)) + ": " + without_token(response.error().message)};
  note_limits(*response);
  if (response->status / 100 == 2) return *std::move(response);
  return error_of(what, *response);
}

Result<text::JsonDocument> Link::send(const std::string& method, const std::string& path, std::string body) {
  AECOS_TRY_ASSIGN(const http::Response response, ask(method, path, std::move(body)));
  auto document = text::parse_json(response.body.empty() ? "null" : response.body);
  if (document) return *std::move(document);
  return Error{ErrorCode::unavailable, std::string(name_of(access_.kind)) + " answers " + method + " " + path +
                                           " with what is no JSON; is it the address of its API?"};
}

Result<text::JsonDocument> Link::get(const std::string& path) { return send("GET", path, ""); }

// Pages are counted here instead of following the links of the answer, which could lead the token anywhere.
Result<> Link::for_each(const std::string& path, const Each& each, const char* member) {
  const std::string size_name = access_.kind == Kind::gitea ? "limit=" : "per_page=";
  const std::string query = (path.find('?') == std::string::npos ? "?" : "&") + size_name + std::to_string(page_size);
  for (std::size_t page = 1; page <= pages_max; ++page) {
    AECOS_TRY_ASSIGN(const http::Response response, ask("GET", path + query + "&page=" + std::to_string(page), ""));
    const auto document = text::parse_json(response.body);
    const text::JsonNode list = !document                   ? text::JsonNode()
                                : std::string(member) == "" ? document->root()
                                                            : document->root()[member];
    if (!list.is_array())
      return Error{ErrorCode::unavailable, std::string(name_of(access_.kind)) + " answers GET " + path +
                                               " with what is no list; is it the address of its API?"};
    for (const text::JsonNode element : list) {
      if (!each(element)) return {};
    }
    if (is_last_page(response.headers, list.size())) return {};
  }
  return {};
}

std::unique_ptr<Forge> connect(Access access, http::Client& client) {
  switch (access.kind) {
    case Kind::github:
      return connect_github(std::move(access), client);
    case Kind::gitlab:
      return connect_gitlab(std::move(access), client);
    case Kind::gitea:
      return connect_gitea(std::move(access), client);
  }
  return nullptr;
}

}  // namespace aecos::forge
