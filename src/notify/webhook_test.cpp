#include <gtest/gtest.h>

#include "base/sha256.h"
#include "notify/channel.h"

namespace aecos::notify {
namespace {

const std::string event_json = R"({"specversion":"1.0","id":"01J","type":"lock.acquired","data":{"x":"ä"}})";
const std::string secret =
    "whs"
    "ec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const Sending with_event = {
    .id = "msg_p5jXN8AQM9LWM0D4loKWxJek", .time_ms = 1'614'265'330'999, .event_json = event_json};

Target webhook_to(std::vector<std::string> secrets) {
  return {.kind = Kind::webhook, .url = "https://receiver.example.org/hook", .secrets = std::move(secrets)};
}

TEST(Webhook, TheEventIsSentAsItWasSealed) {
  const auto call = render(webhook_to({}), {}, with_event);
  ASSERT_TRUE(call) << call.error().message;
  EXPECT_EQ(call->body, event_json);
  EXPECT_EQ(call->headers.get("Content-Type"), "application/cloudevents+json; charset=utf-8");
  EXPECT_EQ(call->headers.get("webhook-id"), with_event.id);
  EXPECT_EQ(call->headers.get("webhook-timestamp"), "1614265330");
  EXPECT_FALSE(call->headers.has("webhook-signature"));
}

// The example of the specification.
TEST(Webhook, TheSignatureIsThatOfStandardWebhooks) {
  Sending example = with_event;
  example.event_json = R"({"test": 2432232314})";
  const auto call = render(webhook_to({secret}), {}, example);
  ASSERT_TRUE(call) << call.error().message;
  EXPECT_EQ(call->headers.get("webhook-signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Webhook, EachSecretSigns) {
  const auto one = render(webhook_to({secret}), {}, with_event),
             other = render(webhook_to({"any text"}), {}, with_event);
  const auto both = render(webhook_to({secret, "any text"}), {}, with_event);
  ASSERT_TRUE(one && other && both);
  const std::string expected =
      std::string(one->headers.get("webhook-signature")) + " " + std::string(other->headers.get("webhook-signature"));
  EXPECT_EQ(both->headers.get("webhook-signature"), expected);
  EXPECT_EQ(other->headers.get("webhook-signature"),
            "v1," + http::base64_encode(hmac_sha256("any text", with_event.id + ".1614265330." + event_json)));
}

TEST(Webhook, WhatIsNoSecretIsAnErrorThatDoesNotSayIt) {
  for (const char* bad : {"", "whsec_", "whsec_****", "whsec_AAAA"}) {
    const auto checked = check(webhook_to({secret, bad}));
    ASSERT_FALSE(checked) << bad;
    EXPECT_EQ(checked.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(checked.error().message.find("AAAA"), std::string::npos);
  }
  EXPECT_FALSE(render(webhook_to({}), {}, {.id = "1"}));  // No event.
}

TEST(Webhook, AnAnswerMeansWhatStandardWebhooksMeansByIt) {
  using Verdict = Outcome::Verdict;
  const auto outcome = [](int status, http::Headers headers = {}) {
    return judge(webhook_to({}), {status, headers, ""});
  };
  for (const int status : {200, 201, 202, 204}) EXPECT_EQ(outcome(status).verdict, Verdict::delivered);
  for (const int status : {301, 302, 307, 400, 401, 403, 404, 408, 422, 429, 500, 502, 503, 504})
    EXPECT_EQ(outcome(status).verdict, Verdict::again) << status;
  EXPECT_EQ(outcome(410).verdict, Verdict::gone);
  EXPECT_EQ(outcome(413).verdict, Verdict::refused);
  EXPECT_EQ(outcome(503, {{"Retry-After", "120"}}).retry_after_ms, 120'000);
  EXPECT_TRUE(outcome(503, {{"Retry-After", "120"}}).is_rate_limit);
  EXPECT_FALSE(outcome(503).is_rate_limit);
}

}  // namespace
}  // namespace aecos::notify
