// What GitLab's webhooks send: docs.gitlab.com, "Webhook events". Signed ones are Standard Webhooks 1.0.

#include <algorithm>
#include <charconv>

#include "base/sha256.h"
#include "forge/delivery_internal.h"

namespace aecos::forge {
namespace {

using What = Delivery::What;

constexpr std::string_view signing_prefix = "whsec_";
constexpr std::int64_t tolerance_s = 300;  // Between the two clocks, and for the way.

Error unsigned_delivery() { return {ErrorCode::denied, "it is not signed"}; }
Error wrong_signature() { return {ErrorCode::denied, "its signature is not made with the secret that is known here"}; }

// "v1,BASE64 v1,BASE64": one for each secret that the sender has.
bool has_signature(std::string_view signatures, const std::string& wanted) {
  bool found = false;
  while (!signatures.empty()) {
    const std::size_t end = std::min(signatures.find(' '), signatures.size());
    found |= is_same_secret(wanted, signatures.substr(0, end));
    signatures.remove_prefix(std::min(signatures.size(), end + 1));
  }
  return found;
}

Result<> verify_standard(const Incoming& incoming) {
  const std::string_view stamp = incoming.headers.get("webhook-timestamp");
  std::int64_t sent_s = 0;
  const auto read = std::from_chars(stamp.data(), stamp.data() + stamp.size(), sent_s);
  if (stamp.empty() || read.ec != std::errc() || read.ptr != stamp.data() + stamp.size()) return wrong_signature();
  std::string key = incoming.secret;
  if (key.starts_with(signing_prefix) &&
      !http::base64_decode(std::string_view(incoming.secret).substr(signing_prefix.size()), key))
    return Error{ErrorCode::denied, "the secret that is known here is not base64 after whsec_"};
  const std::string text =
      std::string(incoming.headers.get("webhook-id")) + "." + std::string(stamp) + "." + std::string(incoming.body);
  if (!has_signature(incoming.headers.get("webhook-signature"), "v1," + http::base64_encode(hmac_sha256(key, text))))
    return wrong_signature();
  const bool is_now = sent_s > incoming.now_s - tolerance_s && sent_s < incoming.now_s + tolerance_s;
  return is_now ? Result<>() : Error{ErrorCode::denied, "it was signed at another time than now"};
}

std::string action_of(const std::string& action) {
  if (action == "open" || action == "reopen") return "opened";
  if (action == "update") return "updated";
  if (action == "merge") return "merged";
  return action == "close" ? "closed" : "";
}

std::string verdict_of(const std::string& action) {
  if (action == "approved" || action == "approval") return "approved";
  return action == "unapproved" || action == "unapproval" ? "dismissed" : "";
}

void read_request(text::JsonNode root, Delivery& delivery) {
  const text::JsonNode about = root["object_attributes"];
  const std::string action = string_of(about["action"]), verdict = verdict_of(action);
  delivery.action = verdict.empty() ? action_of(action) : verdict;
  if (delivery.action.empty()) return;
  delivery.what = verdict.empty() ? What::pull_request : What::review;
  delivery.number = number_of(about["iid"]);
  delivery.title = line_of(about["title"]);
  delivery.url = link_of(about["url"]);
  delivery.branch = line_of(about["source_branch"]);
  delivery.target = line_of(about["target_branch"]);
  delivery.after = commit_of(about["last_commit"]["id"]);
  delivery.time_us = time_of(about["updated_at"]);
  const std::string state = string_of(about["state"]);
  delivery.state = state == "merged" || state == "closed" ? state : "open";
  if (action == "open") delivery.author = delivery.actor;  // Others are named by a number alone.
  if (!verdict.empty()) delivery.member = delivery.actor;
}

void read_member(text::JsonNode root, Delivery& delivery) {
  const std::string name = string_of(root["event_name"]);
  if (name != "user_add_to_group" && name != "user_remove_from_group" && name != "user_update_for_group") return;
  delivery.what = What::team;
  delivery.action = name == "user_add_to_group" ? "added" : name == "user_remove_from_group" ? "removed" : "changed";
  delivery.team = line_of(root["group_path"]);
  delivery.member = line_of(root["user_username"]);
  delivery.time_us = time_of(root["updated_at"]);
}

}  // namespace

// A signing token ("whsec_…") is never sent, so whatever comes in the open is not it. The other kind of secret is sent
// as it is, beside the signature with the signing token, if there is one, which is not known here then.
Result<> verify_gitlab(const Incoming& incoming) {
  const std::string_view token = incoming.headers.get("X-Gitlab-Token");
  const bool is_signed = incoming.headers.has("webhook-signature");
  if (incoming.secret.starts_with(signing_prefix) || token.empty())
    return is_signed ? verify_standard(incoming) : Result<>(unsigned_delivery());
  return is_same_secret(incoming.secret, token) ? Result<>() : Result<>(wrong_signature());
}

void read_gitlab(text::JsonNode root, Delivery& delivery) {
  const std::string kind = string_of(root["object_kind"]);
  delivery.actor = line_of(root["user"]["username"]);
  if (delivery.actor.empty()) delivery.actor = line_of(root["user_username"]);
  if (kind == "push") {
    read_push(root, delivery);
    delivery.url = link_of(root["project"]["web_url"]);
  }
  if (kind == "merge_request") read_request(root, delivery);
  if (delivery.event == "Member Hook") read_member(root, delivery);
  if (delivery.what == What::team) delivery.actor.clear();  // Not told; user_username is whom it is about.
  delivery.repository = line_of(root["project"]["path_with_namespace"]);
}

}  // namespace aecos::forge
