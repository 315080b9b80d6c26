#pragma once
// Requests and answers of the API, without what they are about.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/server.h"
#include "hub/hub.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::hub {

http::Response json_answer(int status, text::JsonWriter json);
// RFC 9457: {"type":"about:blank","title":"Not Found","status":404,"detail":"…"}
http::Response problem(int status, const std::string& detail);
http::Response problem(const Error& error);
int http_status(ErrorCode code);

// Who asks: by header, or by the session's cookie (then a request that changes something must carry X-Aecos-Csrf, whose
// value is any text: a page of another site cannot send it).
Result<Caller> caller_of(Hub& hub, const http::Request& request);

// A handler that is only reached by whoever has shown who they are. Errors become problems.
using ApiHandler = std::function<Result<http::Response>(const Caller&, const http::Request&)>;
http::Handler with_caller(Hub& hub, ApiHandler handler);

// The body as a JSON object with no members but these. invalid_input otherwise.
class Body {
 public:
  static Result<Body> read(const http::Request& request, std::initializer_list<std::string_view> members);
  [[nodiscard]] bool has(const char* name) const { return bool(document_.root()[name]); }
  // Errors: invalid_input, another kind of value, or (text, required) none.
  Result<std::string> text(const char* name, const std::string& otherwise = "") const;
  Result<std::string> required(const char* name) const;
  Result<std::int64_t> number(const char* name, std::int64_t otherwise) const;
  Result<bool> truth(const char* name, bool otherwise) const;
  Result<std::vector<std::string>> texts(const char* name) const;

 private:
  explicit Body(text::JsonDocument document) : document_(std::move(document)) {}
  text::JsonDocument document_;
};

// ?limit=: 1 to 1000, else invalid_input.
Result<std::size_t> limit_of(const http::Request& request, std::size_t otherwise = 100);
Result<std::uint64_t> number_in(std::string_view text, const char* what);

// "" for 0.
std::string time_text(std::int64_t time_us);
void member_time(text::JsonWriter& json, std::string_view name, std::int64_t time_us);  // Null for 0.

}  // namespace aecos::hub
