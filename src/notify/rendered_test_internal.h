#pragma once
// What targets are sent of a story, for tests.

#include <stdexcept>
#include <string>

#include "base/utf8.h"
#include "notify/channel.h"
#include "notify/text_internal.h"
#include "text/json.h"

namespace aecos::notify {

inline std::string body_of(const Target& target, const event::Story& story) {
  const auto call = render(target, story, {.id = "1"});
  if (!call) throw std::runtime_error(call.error().message);
  return call->body;
}

inline text::JsonDocument json_of(const Target& target, const event::Story& story) {
  const std::string body = body_of(target, story);
  auto json = text::parse_json(body);
  if (!json || !is_utf8(body)) throw std::runtime_error("not JSON: " + body);
  return std::move(*json);
}

// As the services count.
inline std::size_t length(text::JsonNode text) { return utf16_length(text.as_string().value_or("")); }

}  // namespace aecos::notify
