// The input is the bytes of a connection: a head, then the body it announces, then whatever. What is after a line
// "%%%%" is a stream of server-sent events.

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "base/utf8.h"
#include "http/body_decoder_internal.h"
#include "http/client.h"
#include "http/request_head_internal.h"
#include "http/router_internal.h"
#include "parts.h"

namespace {

using aecos::fuzz::require;
namespace http = aecos::http;

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

void require_sound(const http::RequestHead& head) {
  require(head.path.starts_with('/') && aecos::is_utf8(head.path) && !has_control(head.path), "a path is clean");
  const std::string path = head.path + "/";
  for (const char* bad : {"//", "/./", "/../"})
    require(head.path == "/" || path.find(bad) == std::string::npos, "a path leads nowhere else");
  require(
      std::count(head.path.begin(), head.path.end(), '/') <= std::count(head.target.begin(), head.target.end(), '/'),
      "no segment becomes two");
  for (const auto& [name, value] : head.headers) {
    std::string line = value;
    std::replace(line.begin(), line.end(), '\t', ' ');
    require(!name.empty() && !has_control(name) && !has_control(line), "headers are clean");
  }
  require(!(head.is_chunked && (head.headers.has("Content-Length") || head.is_1_0)), "a body has one length");
}

struct Decoded {
  std::string body = {};
  std::size_t taken = 0;
  bool is_complete = false, is_broken = false;
  bool operator==(const Decoded&) const = default;
};

Decoded decode(const http::RequestHead& head, std::string_view wire, std::size_t piece_size) {
  http::BodyDecoder decoder(head);
  Decoded decoded;
  while (decoded.taken < wire.size() && !decoder.is_complete() && !decoder.is_broken()) {
    std::string_view piece = wire.substr(decoded.taken, piece_size);
    const std::size_t offered = piece.size();
    decoded.body += decoder.next(piece);
    decoded.taken += offered - piece.size();
  }
  decoded.is_complete = decoder.is_complete();
  decoded.is_broken = decoder.is_broken();
  return decoded;
}

std::vector<std::string> events_of(std::string_view bytes, std::size_t piece_size) {
  http::ServerEventReader reader;
  std::vector<std::string> events;
  const auto each = [&](const http::ServerEvent& event) {
    require(event.data.find('\r') == std::string::npos && event.id.find('\0') == std::string::npos, "events are clean");
    events.push_back(event.id + "|" + event.type + "|" + event.data);
  };
  for (std::size_t at = 0; at < bytes.size(); at += piece_size) reader.add(bytes.substr(at, piece_size), each);
  return events;
}

void read_request(std::string_view bytes) {
  constexpr std::size_t size_max = 4096;
  http::HeadScanner whole_scanner(size_max), scanner(size_max);
  const auto found = whole_scanner.scan(bytes);
  auto slowly_found = scanner.scan(bytes.substr(0, 0));
  for (std::size_t size = 1; size <= bytes.size() && slowly_found.index() == 0; ++size)
    slowly_found = scanner.scan(bytes.substr(0, size));
  require(found.index() == slowly_found.index(), "a head is found however it comes");
  const auto* size = std::get_if<std::size_t>(&found);
  if (!size) return;
  require(*size <= bytes.size() && *size == std::get<std::size_t>(slowly_found), "a head ends at one place");
  const auto parsed = http::parse_head(bytes.substr(0, *size));
  const auto* head = std::get_if<http::RequestHead>(&parsed);
  if (!head) {
    require(std::get<http::Refusal>(parsed).status >= 400, "a refusal is an error");
    return;
  }
  require_sound(*head);
  http::RouteTable table;
  for (const char* pattern : {"/", "/a/{}", "/a/b", "/{}/{}/c", "/b/{*}"}) table.add("GET", {pattern, http::Handler()});
  (void)table.find(head->method, head->path);
  const Decoded decoded = decode(*head, bytes.substr(*size), bytes.size());
  for (const std::size_t piece : {1U, 2U, 5U})
    require(decode(*head, bytes.substr(*size), piece) == decoded, "a body is the same however it comes");
  require(head->is_chunked || decoded.body.size() <= head->content_length, "a body is not longer than announced");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parts = aecos::fuzz::parts_of(aecos::fuzz::text_of(data, size), 2);
  read_request(parts[0]);
  const auto events = events_of(parts[1], parts[1].size() + 1);
  for (const std::size_t piece : {1U, 2U, 3U}) require(events_of(parts[1], piece) == events, "events are the same");
  return 0;
}
