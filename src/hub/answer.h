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
// What clients are told of an error: not where things lie on the hub's machine.
std::string message_for_clients(const Error& error);
int http_status(ErrorCode code);

// Who asks: by header, or by the session's cookie (then a request that changes something must carry X-Aecos-Csrf, whose
// value is any text: a page of another site cannot send it).
Result<Caller> caller_of(Hub& hub, const http::Request& request);

// A handler that is only reached by whoever has shown who they are. Errors become problems, and so does a body that is
// not of type application/json: a page of another site can send none that is, without being asked.
using ApiHandler = std::function<Result<http::Response>(const Caller&, const http::Request&)>;
http::Handler with_caller(Hub& hub, ApiHandler handler);
// The same for anybody at all.
using OpenHandler = std::function<Result<http::Response>(const http::Request&)>;
http::Handler open_to_all(OpenHandler handler);

// UTF-8 of up to so many characters (code points), none of them a control character; a text may have tabs and line
// ends.
bool is_line(std::string_view text, std::size_t characters_max);
bool is_text(std::string_view text, std::size_t characters_max);

// The body as a JSON object with no members but these. invalid_input otherwise.
class Body {
 public:
  static Result<Body> read(const http::Request& request, std::initializer_list<std::string_view> members);
  [[nodiscard]] bool has(const char* name) const { return bool(document_.root()[name]); }
  // Errors: invalid_input, another kind of value. Texts are UTF-8 and without NUL; required: not empty.
  Result<std::string> text(const char* name, const std::string& otherwise = "") const;
  Result<std::string> required(const char* name) const;
  Result<std::string> line(const char* name, std::size_t characters_max, const std::string& otherwise = "") const;
  Result<std::string> required_line(const char* name, std::size_t characters_max) const;
  Result<std::int64_t> number(const char* name, std::int64_t otherwise) const;
  Result<bool> truth(const char* name, bool otherwise) const;
  Result<std::vector<std::string>> texts(const char* name) const;

 private:
  explicit Body(text::JsonDocument document) : document_(std::move(document)) {}
  text::JsonDocument document_;
};

// Parts of the query; invalid_input where they are not of that kind. ?limit=: 1 to 1000. Truth: false where it is not
// given. A word: one of these; empty where it is not given.
Result<std::size_t> limit_of(const http::Request& request, std::size_t otherwise = 100);
Result<bool> truth_of(const http::Request& request, const char* name);
Result<std::string> word_of(const http::Request& request, const char* name,
                            std::initializer_list<std::string_view> words);
// Below 2^53, so that every reader of JSON has it exactly.
Result<std::uint64_t> number_in(std::string_view text, const char* what);

void member_time(text::JsonWriter& json, std::string_view name, std::int64_t time_us);  // Null for 0.

// How whoever asks gets to the hub: "https://hub.example.org".
std::string address_of(Hub& hub, const http::Request& request);

}  // namespace aecos::hub
