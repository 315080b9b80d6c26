#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/utf8.h"
#include "notify/channel.h"
#include "notify/rendered_test_internal.h"
#include "notify/sample_story_test_internal.h"
#include "notify/text_internal.h"

namespace aecos::notify {
namespace {

const Target discord = {.kind = Kind::discord, .url = "https://discord.com/api/webhooks/1234567890/abcdefghijklmnop"};

void expect_discord_limits(text::JsonNode root) {
  RC_ASSERT(root["allowed_mentions"]["parse"].is_array() && root["allowed_mentions"]["parse"].size() == 0);
  RC_ASSERT(root["embeds"].size() == 1);
  const text::JsonNode embed = root["embeds"][0];
  std::size_t all = length(embed["title"]) + length(embed["description"]) + length(embed["footer"]["text"]);
  RC_ASSERT(length(embed["title"]) >= 1 && length(embed["title"]) <= 256);
  RC_ASSERT(length(embed["description"]) <= 4096 && length(embed["footer"]["text"]) <= 2048);
  RC_ASSERT(embed["fields"].size() <= 25);
  for (const text::JsonNode field : embed["fields"]) {
    RC_ASSERT(length(field["name"]) >= 1 && length(field["name"]) <= 256);
    RC_ASSERT(length(field["value"]) >= 1 && length(field["value"]) <= 1024);
    all += length(field["name"]) + length(field["value"]);
  }
  RC_ASSERT(all <= 6000);
}

TEST(Discord, AnEmbedTellsTheStory) {
  const text::JsonDocument body = json_of(discord, sample_story());
  const text::JsonNode embed = body.root()["embeds"][0];
  EXPECT_EQ(embed["title"].as_string(), "ana changed 2 elements on develop");
  EXPECT_EQ(embed["url"].as_string(), sample_story().links[0].url);
  EXPECT_EQ(embed["description"].as_string(),
            "W-12\\: FireRating REI 60 → REI 120; 2 doors added on Level 1\n"
            "• **W-12** (Level 1) FireRating: REI 60 → REI 120\n• **D-3** (Level 1) added\n*and 3 more*\n\n"
            "[See what changed](https://hub.example.org/projects/house/events/17) · "
            "[Show in 3D](https://hub.example.org/projects/house/view?element=2O2Fr%24t4X7Zf8NOew3FNr2)");
  EXPECT_EQ(embed["footer"]["text"].as_string(), "house · develop");
  EXPECT_EQ(embed["timestamp"].as_string(), sample_story().time);
  EXPECT_EQ(embed["fields"][0]["value"].as_string(), "+1 200 EUR");
}

TEST(Discord, ItIsAskedToSayWhatBecameOfIt) {
  EXPECT_EQ(render(discord, sample_story(), {.id = "1"})->url, discord.url + "?wait=true");
  Target thread = discord;
  thread.thread_id = "987654321";
  EXPECT_EQ(render(thread, sample_story(), {.id = "1"})->url, discord.url + "?wait=true&thread_id=987654321");
  thread.thread_id = "1&wait=false";
  EXPECT_FALSE(render(thread, sample_story(), {.id = "1"}));
}

TEST(Discord, WhatUsersWriteFormatsNothing) {
  event::Story story = sample_story();
  story.title = "# **a** [b](https://evil.example) <@1> @everyone";
  EXPECT_EQ(json_of(discord, story).root()["embeds"][0]["title"].as_string(),
            "\\# \\*\\*a\\*\\* \\[b\\]\\(https\\://evil.example\\) \\<\\@1\\> \\@everyone");
}

RC_GTEST_PROP(Discord, AnythingIsWithinTheLimits, ()) {
  expect_discord_limits(json_of(discord, hostile_story()).root());
}

TEST(Discord, TheLongestIsWithinTheLimits) {
  for (const char* piece : {"*", "😀", "漢", "@everyone", "a b "})
    expect_discord_limits(json_of(discord, longest_story(piece)).root());
}

TEST(Discord, ThePauseIsAsTheHeadersSay) {
  EXPECT_EQ(judge(discord, {200, {}, "{}"}).pause_ms, 0);
  EXPECT_EQ(judge(discord, {200, {{"X-RateLimit-Remaining", "3"}, {"X-RateLimit-Reset-After", "1.5"}}, "{}"}).pause_ms,
            0);
  EXPECT_EQ(judge(discord, {200, {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset-After", "1.5"}}, "{}"}).pause_ms,
            1500);
  EXPECT_EQ(judge(discord, {200, {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset-After", "x"}}, "{}"}).pause_ms,
            1000);
}

TEST(Discord, TooManyMessagesWait) {
  const Outcome own =
      judge(discord, {429, {{"Retry-After", "2"}}, R"({"message":"…","retry_after":1.25,"global":false})"});
  EXPECT_EQ(own.verdict, Outcome::Verdict::again);
  EXPECT_EQ(own.retry_after_ms, 1250);
  EXPECT_TRUE(own.is_rate_limit);
  EXPECT_FALSE(own.is_for_service);
  EXPECT_TRUE(judge(discord, {429, {}, R"({"retry_after":1,"global":true})"}).is_for_service);
  const Outcome banned = judge(discord, {429, {}, "error code: 1015"});
  EXPECT_EQ(banned.retry_after_ms, 600'000);
  EXPECT_TRUE(banned.is_for_service);
}

TEST(Discord, AnAnswerMeansWhatDiscordMeansByIt) {
  using Verdict = Outcome::Verdict;
  const auto verdict = [](int status, const std::string& body) { return judge(discord, {status, {}, body}).verdict; };
  EXPECT_EQ(verdict(200, "{}"), Verdict::delivered);
  EXPECT_EQ(verdict(204, ""), Verdict::delivered);
  EXPECT_EQ(verdict(200, "<html>sign in</html>"), Verdict::again);
  EXPECT_EQ(verdict(400, R"({"code":50035,"message":"Invalid Form Body"})"), Verdict::refused);
  EXPECT_EQ(verdict(400, R"({"code":220001,"message":"Webhooks posted to forum channels must have a thread"})"),
            Verdict::gone);
  EXPECT_EQ(verdict(401, R"({"code":50027,"message":"Invalid Webhook Token"})"), Verdict::gone);
  EXPECT_EQ(verdict(404, R"({"code":10015,"message":"Unknown Webhook"})"), Verdict::gone);
  EXPECT_EQ(verdict(403, "<html>Attention required</html>"), Verdict::again);
  EXPECT_EQ(verdict(500, ""), Verdict::again);
}

}  // namespace
}  // namespace aecos::notify
