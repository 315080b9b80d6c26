#pragma once
// One forge's deliveries: how they are signed, and what is in them.

#include "forge/delivery.h"
#include "forge/text_internal.h"

namespace aecos::forge {

struct Incoming {
  const http::Headers& headers;
  std::string_view body;
  const std::string& secret;
  std::int64_t now_s;
};

// Errors as read_delivery has them.
Result<> verify_github(const Incoming& incoming);
Result<> verify_gitlab(const Incoming& incoming);
Result<> verify_gitea(const Incoming& incoming);

// Fills in what the body says; `delivery` has its id and event.
void read_github(text::JsonNode root, Delivery& delivery);
void read_gitlab(text::JsonNode root, Delivery& delivery);
void read_gitea(text::JsonNode root, Delivery& delivery);

// HMAC-SHA-256 as hex digits in `signature`, after `prefix`. denied: it is not.
Result<> verify_hex(const Incoming& incoming, std::string_view signature, std::string_view prefix);

std::uint64_t number_of(text::JsonNode node);  // 0: none.

// What GitHub and Gitea tell alike: a pull request's member "pull_request".
void read_pull_request(text::JsonNode pull, Delivery& delivery);
void read_push(text::JsonNode root, Delivery& delivery);

}  // namespace aecos::forge
