#pragma once
// The first lines of an answer. Pure, but for the date.

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

#include "http/message.h"

namespace aecos::http {

// What the server says itself of how the body travels; headers of those names are dropped.
struct Framing {
  std::optional<std::uint64_t> content_length = {};
  bool is_chunked = false;
  bool keeps_open = true;
};

// Throws std::invalid_argument for what would not be one answer: line breaks in a header, a status out of range.
void check_response(int status, const Headers& headers);
std::string response_head(int status, const Headers& headers, const Framing& framing, std::time_t now);
// 204, 304.
bool is_without_body(int status);
// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(std::time_t time);

}  // namespace aecos::http
