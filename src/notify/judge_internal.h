#pragma once
// What all services' answers have in common.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "notify/channel.h"

namespace aecos::notify {

// What Retry-After says, in seconds or as a date (against the answer's own Date); at most a day. Absent: nothing.
std::optional<std::int64_t> retry_after_ms(const http::Headers& headers);

// "429: …" with the beginning of the answer's text; what of the target's address is secret is left out of it.
std::string why_of(const Target& target, const http::Response& response);

// As most services mean it: 2xx is delivered; 408, 425, 429, 3xx and 5xx again; 401, 403, 404 and 410 gone; other 4xx
// refused.
Outcome judge_status(const Target& target, const http::Response& response);

// With the wait that the answer asks for.
Outcome again(const Target& target, const http::Response& response);

}  // namespace aecos::notify
