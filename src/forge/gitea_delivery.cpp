// What Gitea's webhooks send. They also have GitHub's headers, which say the same in GitHub's words and are not asked.

#include "forge/delivery_internal.h"

namespace aecos::forge {
namespace {

using What = Delivery::What;

void read_request(text::JsonNode root, Delivery& delivery) {
  read_pull_request(root["pull_request"], delivery);
  const std::string action = string_of(root["action"]);
  if (action == "opened" || action == "reopened") delivery.action = "opened";
  if (action == "synchronized" || action == "edited") delivery.action = "updated";
  if (action == "closed") delivery.action = delivery.state;
  if (!delivery.action.empty()) delivery.what = What::pull_request;
}

// "pull_request_approved", "pull_request_rejected", "pull_request_comment"; in newer versions with "review" in them.
std::string verdict_of(const std::string& event) {
  if (event.ends_with("_approved")) return "approved";
  if (event.ends_with("_rejected")) return "changes-requested";
  return event == "pull_request_comment" || event == "pull_request_review_comment" ? "commented" : "";
}

}  // namespace

Result<> verify_gitea(const Incoming& incoming) {
  return verify_hex(incoming, incoming.headers.get("X-Gitea-Signature"), "");
}

void read_gitea(text::JsonNode root, Delivery& delivery) {
  const std::string verdict = verdict_of(delivery.event);
  delivery.actor = line_of(root["sender"]["login"]);
  if (delivery.event == "push") {
    read_push(root, delivery);
    delivery.url = link_of(root["compare_url"]);
  } else if (delivery.event == "pull_request" || delivery.event == "pull_request_sync") {
    read_request(root, delivery);
  } else if (!verdict.empty() && root["pull_request"].is_object()) {
    read_pull_request(root["pull_request"], delivery);
    delivery.what = What::review;
    delivery.action = verdict;
    delivery.member = delivery.actor;
  }
  delivery.repository = line_of(root["repository"]["full_name"]);
}

}  // namespace aecos::forge
