#include "notify/channel.h"

#include <gtest/gtest.h>

#include "notify/sample_story_test_internal.h"

namespace aecos::notify {
namespace {

const std::vector<Kind> kinds = {Kind::slack, Kind::teams, Kind::discord, Kind::webhook, Kind::mail};

Target target(Kind kind,
              const std::string& url = "https://hooks.example.org/services/T0/SECRETSECRET?sig=SECRETSECRET") {
  return {.kind = kind, .url = url};
}

TEST(Channel, AKindIsFoundByItsName) {
  for (const Kind kind : kinds) EXPECT_EQ(*kind_of(to_string(kind)), kind);
  EXPECT_FALSE(kind_of("pager"));
}

TEST(Channel, AnAddressThatCannotBeIsRefusedWithoutSayingIt) {
  for (const Kind kind : {Kind::slack, Kind::teams, Kind::discord, Kind::webhook}) {
    EXPECT_TRUE(check(target(kind)));
    for (const char* url : {"", "hooks.example.org/SECRET", "ftp://SECRET", "https://a b/SECRET", "https://a\r\nSECRET",
                            "https://ana:SECRET@example.org/", "https://ana@example.org", "https://a/\"SECRET"}) {
      const auto checked = check(target(kind, url));
      ASSERT_FALSE(checked) << url;
      EXPECT_EQ(checked.error().code, ErrorCode::invalid_input);
      EXPECT_EQ(checked.error().message.find("SECRET"), std::string::npos) << checked.error().message;
      EXPECT_FALSE(render(target(kind, url), sample_story(), {.id = "1", .event_json = "{}"}));
    }
  }
}

TEST(Channel, WhatIsShownIsNoSecret) {
  EXPECT_EQ(shown(target(Kind::slack)), "Slack: https://hooks.example.org/…");
  EXPECT_EQ(shown(target(Kind::teams, "https://a?SECRET")), "Teams: https://a/…");
  EXPECT_EQ(shown(target(Kind::webhook, "SECRET")).find("https"), std::string::npos);
  EXPECT_EQ(shown({.kind = Kind::mail, .mail_to = {"ana@a.org", "ben@a.org"}}), "mail to ana@a.org, ben@a.org");
}

TEST(Channel, WhyHoldsNoSecret) {
  const Outcome outcome =
      judge(target(Kind::slack), {404, {}, "no such hook: /services/T0/SECRETSECRET?sig=SECRETSECRET"});
  EXPECT_EQ(outcome.why, "404 no such hook: /…/T0/…?sig=…");
}

TEST(Channel, WhyIsOneShortLine) {
  const Outcome outcome =
      judge(target(Kind::webhook), {500, {}, std::string("a\r\nb\0\x1b ", 7) + std::string(10'000, 'x')});
  EXPECT_EQ(outcome.why.find_first_of("\r\n"), std::string::npos);
  EXPECT_LT(outcome.why.size(), 140U);
  EXPECT_EQ(judge(target(Kind::webhook), {500, {}, ""}).why, "500 Internal Server Error");
}

TEST(Channel, AnIdThatCouldBeMoreIsRefused) {
  for (const char* id : {"", "a b", "a\r\nX: y", "a/b", "ä"})
    EXPECT_FALSE(render(target(Kind::webhook), {}, {.id = id, .event_json = "{}"})) << id;
  EXPECT_TRUE(render(target(Kind::webhook), {}, {.id = "msg_A-1.b", .event_json = "{}"}));
  EXPECT_FALSE(
      render({.kind = Kind::mail, .mail_to = {"a@b.org"}, .mail_from = "c@d.org"}, sample_story(), {.id = "1"}));
}

TEST(Channel, RetryAfterMayBeADate) {
  const auto wait = [](http::Headers headers) {
    return judge(target(Kind::webhook), {429, headers, ""}).retry_after_ms;
  };
  EXPECT_EQ(wait({{"Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT"}, {"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}}),
            60'000);
  EXPECT_EQ(wait({{"Retry-After", "Sun, 06 Nov 1994 08:48:37 GMT"}, {"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}}), 0);
  EXPECT_EQ(wait({{"Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT"}}), 0);
  EXPECT_EQ(wait({{"Retry-After", "1000000000"}}), 86'400'000);
  for (const char* text : {"", "-1", "soon", "1e999", "nan", "inf"}) {
    EXPECT_GE(wait({{"Retry-After", text}}), 0) << text;
    EXPECT_LE(wait({{"Retry-After", text}}), 86'400'000) << text;
  }
}

TEST(Channel, WithoutAnAnswerItIsTriedAgain) {
  const Target slack = target(Kind::slack);
  EXPECT_EQ(judge_failure(slack, {ErrorCode::unavailable, "a: no"}).verdict, Outcome::Verdict::again);
  EXPECT_EQ(judge_failure(slack, {ErrorCode::denied, "a: 10.0.0.1"}).verdict, Outcome::Verdict::again);
  EXPECT_EQ(judge_failure(slack, {ErrorCode::invalid_input, "not an address"}).verdict, Outcome::Verdict::gone);
  EXPECT_TRUE(judge_failure({.kind = Kind::mail}, {ErrorCode::unavailable, "a: no"}).is_for_service);
}

}  // namespace
}  // namespace aecos::notify
