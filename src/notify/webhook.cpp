// Any program's webhook: the sealed event itself, a CloudEvents 1.0 message in the structured mode, signed as Standard
// Webhooks 1.0 says.

#include "base/sha256.h"
#include "notify/channels_internal.h"
#include "notify/judge_internal.h"

namespace aecos::notify {
namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t key_min = 16;  // Bytes.

Result<std::string> signatures_of(const Target& target, const std::string& signed_text) {
  std::string signatures;
  for (const std::string& secret : target.secrets) {
    AECOS_TRY_ASSIGN(const std::string key, webhook_key(secret));
    signatures += (signatures.empty() ? "v1," : " v1,") + http::base64_encode(hmac_sha256(key, signed_text));
  }
  return signatures;
}

}  // namespace

Result<std::string> webhook_key(const std::string& secret) {
  if (!secret.starts_with(prefix)) {
    if (secret.empty()) return Error{ErrorCode::invalid_input, "webhook: an empty signing secret"};
    return secret;
  }
  std::string key;
  if (!http::base64_decode(std::string_view(secret).substr(prefix.size()), key) || key.size() < key_min)
    return Error{ErrorCode::invalid_input, "webhook: after whsec_ a secret has base64 of 16 bytes or more"};
  return key;
}

Result<http::Call> render_webhook(const Target& target, const Sending& sending) {
  if (sending.event_json.empty()) return Error{ErrorCode::invalid_input, "webhook: no event to send"};
  http::Call call = json_call(target.url, std::string(sending.event_json));
  call.headers.set("Content-Type", "application/cloudevents+json; charset=utf-8");
  const std::string timestamp = std::to_string(sending.time_ms / 1000);
  call.headers.add("webhook-id", sending.id);
  call.headers.add("webhook-timestamp", timestamp);
  AECOS_TRY_ASSIGN(const std::string signatures, signatures_of(target, sending.id + "." + timestamp + "." + call.body));
  if (!signatures.empty()) call.headers.add("webhook-signature", signatures);
  return call;
}

// As Standard Webhooks says, only 410 ends it: whatever else a receiver answers may be a mistake that is put right.
Outcome judge_webhook(const Target& target, const http::Response& response) {
  if (response.status / 100 == 2) return {};
  Outcome outcome = again(target, response);
  if (response.status == 410) outcome.verdict = Outcome::Verdict::gone;
  if (response.status == 413) outcome.verdict = Outcome::Verdict::refused;  // It does not get smaller.
  outcome.is_rate_limit =
      response.status == 429 ||
      ((response.status == 502 || response.status == 503 || response.status == 504) && outcome.retry_after_ms > 0);
  return outcome;
}

}  // namespace aecos::notify
