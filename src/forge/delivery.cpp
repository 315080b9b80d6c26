#include "forge/delivery.h"

#include <algorithm>

#include "base/sha256.h"
#include "forge/delivery_internal.h"

namespace aecos::forge {
namespace {

constexpr std::size_t id_max = 200, event_max = 60;

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += {digits[byte >> 4U], digits[byte & 15U]};
  }
  return hex;
}

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= id_max && std::all_of(id.begin(), id.end(), [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
  });
}

Result<> verify(Kind kind, const Incoming& incoming) {
  if (incoming.secret.empty()) return Error{ErrorCode::denied, "there is no secret to check deliveries with"};
  switch (kind) {
    case Kind::github:
      return verify_github(incoming);
    case Kind::gitlab:
      return verify_gitlab(incoming);
    case Kind::gitea:
      return verify_gitea(incoming);
  }
  return Error{ErrorCode::denied, "no forge that is known"};
}

// In GitLab the id of the one delivery, not of what happened, which may have led to several.
std::string_view id_of(Kind kind, const http::Headers& headers) {
  if (kind == Kind::github) return headers.get("X-GitHub-Delivery");
  if (kind == Kind::gitea) return headers.get("X-Gitea-Delivery");
  for (const char* name : {"webhook-id", "Idempotency-Key", "X-Gitlab-Event-UUID"}) {
    if (headers.has(name)) return headers.get(name);
  }
  return "";
}

std::string_view event_of(Kind kind, const http::Headers& headers) {
  return headers.get(kind == Kind::github  ? "X-GitHub-Event"
                     : kind == Kind::gitea ? "X-Gitea-Event"
                                           : "X-Gitlab-Event");
}

}  // namespace

Result<> verify_hex(const Incoming& incoming, std::string_view signature, std::string_view prefix) {
  if (signature.empty()) return Error{ErrorCode::denied, "it is not signed"};
  const std::string wanted = std::string(prefix) + to_hex(hmac_sha256(incoming.secret, incoming.body));
  if (is_same_secret(wanted, signature)) return {};
  return Error{ErrorCode::denied, "its signature is not made with the secret that is known here"};
}

std::uint64_t number_of(text::JsonNode node) {
  const auto number = node.as_int().value_or(0);
  return number > 0 ? static_cast<std::uint64_t>(number) : 0;
}

void read_push(text::JsonNode root, Delivery& delivery) {
  delivery.branch = branch_of(root["ref"]);
  if (delivery.branch.empty()) return;  // A tag.
  delivery.what = Delivery::What::push;
  delivery.before = commit_of(root["before"]);
  delivery.after = commit_of(root["after"]);
}

void read_pull_request(text::JsonNode pull, Delivery& delivery) {
  delivery.number = number_of(pull["number"]);
  delivery.title = line_of(pull["title"]);
  delivery.author = line_of(pull["user"]["login"]);
  delivery.url = link_of(pull["html_url"]);
  delivery.branch = line_of(pull["head"]["ref"]);
  delivery.target = line_of(pull["base"]["ref"]);
  delivery.before = commit_of(pull["base"]["sha"]);
  delivery.after = commit_of(pull["head"]["sha"]);
  delivery.time_us = time_of(pull["updated_at"]);
  const bool is_closed = pull["state"].as_string() == "closed";
  delivery.state = pull["merged"].as_bool().value_or(false) ? "merged" : is_closed ? "closed" : "open";
}

Result<Delivery> read_delivery(Kind kind, const http::Headers& headers, std::string_view body,
                               const std::string& secret, std::int64_t now_s) {
  AECOS_TRY(verify(kind, {headers, body, secret, now_s}));
  Delivery delivery;
  delivery.id = id_of(kind, headers);
  delivery.event = event_of(kind, headers);
  const std::string name(name_of(kind));
  if (!is_id(delivery.id))
    return Error{ErrorCode::invalid_input, "the delivery has no id, which every one of " + name + "'s has"};
  if (delivery.event.empty() || cut(delivery.event, event_max) != delivery.event)
    return Error{ErrorCode::invalid_input, "the delivery does not say which event it is of"};
  const auto document = text::parse_json(body);
  if (!document || !document->root().is_object())
    return Error{ErrorCode::invalid_input, "the delivery's body is no JSON object; choose application/json in " + name};
  if (kind == Kind::github) read_github(document->root(), delivery);
  if (kind == Kind::gitlab) read_gitlab(document->root(), delivery);
  if (kind == Kind::gitea) read_gitea(document->root(), delivery);
  const bool needs_number = delivery.what == Delivery::What::pull_request || delivery.what == Delivery::What::review;
  if (needs_number && delivery.number == 0)
    return Error{ErrorCode::invalid_input, "the delivery is of a pull request and does not say of which"};
  return delivery;
}

}  // namespace aecos::forge
