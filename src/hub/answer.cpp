#include "hub/answer.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace aecos::hub {
namespace {

std::string cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    std::string_view pair = header.substr(0, end);
    header.remove_prefix(std::min(header.size(), end + 1));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(name) && pair.size() > name.size() && pair[name.size()] == '=')
      return std::string(pair.substr(name.size() + 1));
  }
  return "";
}

Error wrong(const char* name, const std::string& wanted) {
  return {ErrorCode::invalid_input, std::string(name) + ": " + wanted + " is wanted"};
}

bool is_without_control(std::string_view text, std::size_t characters_max, std::string_view allowed) {
  if (!is_utf8(text)) return false;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++characters) {
    const char32_t code = next_utf8(text, at);
    const bool is_control = code < 0x20 || (code >= 0x7F && code < 0xA0);
    if (is_control && allowed.find(static_cast<char>(code)) == std::string_view::npos) return false;
  }
  return characters <= characters_max;
}

// Values of a model are told as its file has them, in whatever encoding that was written.
std::string as_utf8(std::string text) {
  if (is_utf8(text)) return text;
  std::string repaired;
  for (std::size_t at = 0; at < text.size();) append_utf8(repaired, next_utf8(text, at));
  return repaired;
}

http::Response answered(const http::Request& request, const std::function<Result<http::Response>()>& answer) {
  if (!request.body.empty() && http::media_type(request.headers.get("Content-Type")) != "application/json")
    return problem(415, "a body of type application/json is wanted");
  auto done = answer();
  return done ? *std::move(done) : problem(done.error());
}

}  // namespace

http::Response json_answer(int status, text::JsonWriter json) {
  return {
      status, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, as_utf8(std::move(json).take())};
}

http::Response problem(int status, const std::string& detail) {
  text::JsonWriter json;
  json.begin_object().member("type", "about:blank").member("title", http::reason_of(status)).member("status", status);
  json.member("detail", detail).end_object();
  http::Response response{
      status, {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}}, std::move(json).take()};
  // Not Basic, which is understood too: a browser would ask its user, over the page that has asked already.
  if (status == 401) response.headers.add("WWW-Authenticate", "Bearer realm=\"aecos\"");
  return response;
}

int http_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::invalid_input:
      return 422;
    case ErrorCode::changed_meanwhile:
      return 409;
    case ErrorCode::denied:
      return 403;
    case ErrorCode::unavailable:
      return 503;
  }
  return 500;
}

http::Response problem(const Error& error) { return problem(http_status(error.code), message_for_clients(error)); }

std::string message_for_clients(const Error& error) {
  if (error.code != ErrorCode::unavailable) return error.message;
  std::string text;
  for (std::size_t at = 0; at < error.message.size();) {
    const std::size_t end = std::min(error.message.find_first_of(" '\"", at), error.message.size());
    const std::string_view word = std::string_view(error.message).substr(at, end - at);
    text += word.starts_with('/') ? word.substr(word.find_last_of('/') + 1) : word;
    if (end < error.message.size()) text += error.message[end];
    at = end + 1;
  }
  return text;
}

Result<Caller> caller_of(Hub& hub, const http::Request& request) {
  const std::string_view authorization = request.headers.get("Authorization");
  if (!authorization.empty()) return hub.accounts.by_header(authorization);
  const std::string secret = cookie(request.headers.get("Cookie"), "aecos_session");
  if (secret.empty()) return Error{ErrorCode::denied, "sign in: no token was sent"};
  const bool changes = request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS";
  if (changes && !request.headers.has("X-Aecos-Csrf"))
    return Error{ErrorCode::denied, "a request with a session's cookie needs the header X-Aecos-Csrf"};
  return hub.accounts.by_secret(secret);
}

http::Handler with_caller(Hub& hub, ApiHandler handler) {
  return [&hub, handler = std::move(handler)](const http::Request& request) -> http::Response {
    const auto caller = caller_of(hub, request);
    if (!caller && caller.error().code == ErrorCode::denied) return problem(401, caller.error().message);
    if (!caller) return problem(caller.error());
    return answered(request, [&] { return handler(*caller, request); });
  };
}

http::Handler open_to_all(OpenHandler handler) {
  return [handler = std::move(handler)](const http::Request& request) {
    return answered(request, [&] { return handler(request); });
  };
}

bool is_line(std::string_view text, std::size_t characters_max) { return is_without_control(text, characters_max, ""); }

bool is_text(std::string_view text, std::size_t characters_max) {
  return is_without_control(text, characters_max, "\t\n\r");
}

Result<Body> Body::read(const http::Request& request, std::initializer_list<std::string_view> members) {
  AECOS_TRY_ASSIGN(text::JsonDocument document, text::parse_json(request.body.empty() ? "{}" : request.body));
  const text::JsonNode root = document.root();
  if (!root.is_object()) return Error{ErrorCode::invalid_input, "the body must be a JSON object"};
  for (const text::JsonNode member : root) {
    if (std::find(members.begin(), members.end(), member.key()) == members.end())
      return Error{ErrorCode::invalid_input, "the body has an unknown member \"" + std::string(member.key()) + "\""};
  }
  return Body(std::move(document));
}

Result<std::string> Body::text(const char* name, const std::string& otherwise) const {
  const text::JsonNode node = document_.root()[name];
  if (!node) return otherwise;
  const auto value = node.as_string();
  if (!value) return wrong(name, "a text");
  if (!is_utf8(*value)) return wrong(name, "a text of whole characters (UTF-8)");
  if (value->find('\0') != std::string_view::npos) return wrong(name, "a text without NUL");
  return std::string(*value);
}

Result<std::string> Body::line(const char* name, std::size_t characters_max, const std::string& otherwise) const {
  if (!has(name)) return otherwise;
  AECOS_TRY_ASSIGN(std::string value, text(name));
  if (!is_line(value, characters_max))
    return wrong(name, "one line of up to " + std::to_string(characters_max) + " characters");
  return value;
}

Result<std::string> Body::required(const char* name) const {
  AECOS_TRY_ASSIGN(std::string value, text(name));
  if (value.empty()) return wrong(name, "a text");
  return value;
}

Result<std::string> Body::required_line(const char* name, std::size_t characters_max) const {
  AECOS_TRY(required(name));
  return line(name, characters_max);
}

Result<std::int64_t> Body::number(const char* name, std::int64_t otherwise) const {
  const text::JsonNode node = document_.root()[name];
  if (!node) return otherwise;
  if (!node.as_int()) return wrong(name, "a whole number");
  return *node.as_int();
}

Result<bool> Body::truth(const char* name, bool otherwise) const {
  const text::JsonNode node = document_.root()[name];
  if (!node) return otherwise;
  if (!node.as_bool()) return wrong(name, "true or false");
  return *node.as_bool();
}

Result<std::vector<std::string>> Body::texts(const char* name) const {
  std::vector<std::string> values;
  const text::JsonNode node = document_.root()[name];
  if (!node) return values;
  if (!node.is_array()) return wrong(name, "a list of texts");
  for (const text::JsonNode each : node) {
    if (!each.is_string()) return wrong(name, "a list of texts");
    values.emplace_back(*each.as_string());
  }
  return values;
}

Result<std::uint64_t> number_in(std::string_view text, const char* what) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number >= (1ULL << 53U))
    return Error{ErrorCode::invalid_input, std::string(what) + ": a whole number is wanted"};
  return number;
}

Result<std::size_t> limit_of(const http::Request& request, std::size_t otherwise) {
  const auto text = request.query_value("limit");
  if (!text) return otherwise;
  AECOS_TRY_ASSIGN(const std::uint64_t number, number_in(*text, "limit"));
  if (number < 1 || number > 1000) return Error{ErrorCode::invalid_input, "limit: 1 to 1000 is wanted"};
  return static_cast<std::size_t>(number);
}

Result<bool> truth_of(const http::Request& request, const char* name) {
  const auto word = word_of(request, name, {"true", "false"});
  if (!word) return word.error();
  return *word == "true";
}

Result<std::string> word_of(const http::Request& request, const char* name,
                            std::initializer_list<std::string_view> words) {
  const auto text = request.query_value(name);
  if (!text) return std::string();
  if (std::find(words.begin(), words.end(), *text) != words.end()) return *text;
  std::string wanted;
  for (const std::string_view word : words) wanted += (wanted.empty() ? "" : " or ") + std::string(word);
  return wrong(name, wanted);
}

void member_time(text::JsonWriter& json, std::string_view name, std::int64_t time_us) {
  json.key(name);
  if (time_us == 0) {
    json.null();
  } else {
    json.value(os::to_utc_text(time_us));
  }
}

std::string address_of(Hub& hub, const http::Request& request) {
  if (!hub.parts.config.url.empty()) return hub.parts.config.url;
  const bool tls = !hub.parts.config.certificate.empty();
  return std::string(tls ? "https://" : "http://") + std::string(request.headers.get("Host"));
}

}  // namespace aecos::hub
