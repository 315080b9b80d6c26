// What GitHub's webhooks send: docs.github.com, "Webhook events and payloads".

#include <algorithm>
#include <array>

#include "forge/delivery_internal.h"

namespace aecos::forge {
namespace {

using What = Delivery::What;

constexpr std::array updates{"synchronize", "edited", "ready_for_review", "converted_to_draft"};

void read_request(text::JsonNode root, const std::string& action, Delivery& delivery) {
  read_pull_request(root["pull_request"], delivery);
  if (action == "opened" || action == "reopened") delivery.action = "opened";
  if (std::find(updates.begin(), updates.end(), action) != updates.end()) delivery.action = "updated";
  if (action == "closed") delivery.action = delivery.state;
  if (!delivery.action.empty()) delivery.what = What::pull_request;
}

void read_review(text::JsonNode root, const std::string& action, Delivery& delivery) {
  if (action != "submitted" && action != "dismissed") return;
  read_pull_request(root["pull_request"], delivery);
  const text::JsonNode review = root["review"];
  const std::string state = in_lower_case(string_of(review["state"]));
  delivery.what = What::review;
  delivery.member = line_of(review["user"]["login"]);
  delivery.time_us = time_of(review["submitted_at"]);
  delivery.action = state == "approved"            ? "approved"
                    : state == "changes_requested" ? "changes-requested"
                    : state == "dismissed"         ? "dismissed"
                                                   : "commented";
}

std::string full_name(text::JsonNode root, text::JsonNode part) {
  const std::string organization = line_of(root["organization"]["login"]), name = line_of(part);
  return organization + (organization.empty() || name.empty() ? "" : "/") + name;
}

void read_team(text::JsonNode root, const std::string& action, Delivery& delivery) {
  if (delivery.event == "membership" && (action == "added" || action == "removed")) {
    delivery.what = What::team;
    delivery.action = action;
    delivery.team = full_name(root, root["team"]["slug"]);
    delivery.member = line_of(root["member"]["login"]);
  }
  if (delivery.event == "team" && (action == "created" || action == "deleted" || action == "edited")) {
    delivery.what = What::team;
    delivery.action = "changed";
    delivery.team = full_name(root, root["team"]["slug"]);
  }
  if (delivery.event == "organization" && action == "member_removed") {
    delivery.what = What::team;
    delivery.action = "removed";
    delivery.team = full_name(root, {});
    delivery.member = line_of(root["membership"]["user"]["login"]);
  }
}

}  // namespace

Result<> verify_github(const Incoming& incoming) {
  return verify_hex(incoming, incoming.headers.get("X-Hub-Signature-256"), "sha256=");
}

void read_github(text::JsonNode root, Delivery& delivery) {
  const std::string action = string_of(root["action"]);
  if (delivery.event == "push") {
    read_push(root, delivery);
    delivery.time_us = time_of(root["repository"]["pushed_at"]);
    delivery.url = link_of(root["compare"]);
  }
  if (delivery.event == "pull_request") read_request(root, action, delivery);
  if (delivery.event == "pull_request_review") read_review(root, action, delivery);
  read_team(root, action, delivery);
  delivery.repository = line_of(root["repository"]["full_name"]);
  delivery.actor = line_of(root["sender"]["login"]);
}

}  // namespace aecos::forge
