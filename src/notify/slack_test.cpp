#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "base/utf8.h"
#include "notify/channel.h"
#include "notify/rendered_test_internal.h"
#include "notify/sample_story_test_internal.h"
#include "notify/text_internal.h"

namespace aecos::notify {
namespace {

const Target slack = {.kind = Kind::slack, .url = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXX"};

// What docs.slack.dev says of the blocks that are used.
void expect_slack_limits(text::JsonNode root) {
  RC_ASSERT(root["text"].is_string() && length(root["text"]) <= 4000);
  RC_ASSERT(root["blocks"].size() >= 1 && root["blocks"].size() <= 50);
  for (const text::JsonNode block : root["blocks"]) {
    const auto type = block["type"].as_string().value_or("");
    RC_ASSERT(std::set<std::string_view>({"header", "section", "actions", "context"}).contains(type));
    const std::size_t max = type == "header" ? 150 : 3000;
    if (block["text"]) RC_ASSERT(length(block["text"]["text"]) >= 1 && length(block["text"]["text"]) <= max);
    RC_ASSERT(block["fields"].size() <= 10 && block["elements"].size() <= 10);
    for (const text::JsonNode field : block["fields"]) RC_ASSERT(length(field["text"]) <= 2000);
    for (const text::JsonNode element : block["elements"]) {
      if (type == "context") continue;
      RC_ASSERT(length(element["text"]["text"]) <= 75 && length(element["text"]["text"]) >= 1);
      RC_ASSERT(length(element["url"]) <= 3000);
    }
  }
}

// Nothing in mrkdwn is a command but the times we write.
void expect_no_commands(text::JsonNode node) {
  if (node["type"].as_string() == "mrkdwn") {
    const std::string text(node["text"].as_string().value_or(""));
    for (std::size_t at = 0; (at = text.find('<', at)) != std::string::npos; ++at)
      RC_ASSERT(text.compare(at, 7, "<!date^") == 0);
  }
  for (const text::JsonNode child : node) expect_no_commands(child);
}

TEST(Slack, TellsWhoChangedWhatWhere) {
  const auto call = render(slack, sample_story(), {.id = "1"});
  ASSERT_TRUE(call) << call.error().message;
  EXPECT_EQ(call->url, slack.url);
  EXPECT_EQ(call->method, "POST");
  const text::JsonDocument body = json_of(slack, sample_story());
  const text::JsonNode blocks = body.root()["blocks"];
  EXPECT_EQ(blocks[0]["text"]["text"].as_string(), "ana changed 2 elements on develop");
  EXPECT_EQ(blocks[1]["text"]["text"].as_string(), sample_story().summary);
  EXPECT_EQ(blocks[2]["text"]["text"].as_string(),
            "• *W-12* (Level 1) FireRating: REI 60 → REI 120\n• *D-3* (Level 1) added\n_and 3 more_");
  EXPECT_EQ(blocks[3]["fields"][0]["text"].as_string(), "*Cost*\n+1 200 EUR");
  EXPECT_EQ(blocks[4]["elements"][1]["url"].as_string(), sample_story().links[1].url);
  EXPECT_EQ(blocks[5]["elements"][0]["text"].as_string(),
            "house · develop · <!date^1795597200^{date_short_pretty} {time}|2026-11-25 09:00 UTC>");
}

TEST(Slack, WhatUsersWriteFormatsNothingAndCallsNobody) {
  event::Story story = sample_story();
  story.lines = {{"*W* <!channel> @here", "", "_a_ ~b~ `c` & Pset_WallCommon", ":tada: 10:30", "<@U1|x>", ""}};
  const std::string line(*json_of(slack, story).root()["blocks"][2]["text"]["text"].as_string());
  EXPECT_EQ(line.substr(0, line.find('\n')),
            "• *∗W∗ &lt;!channel&gt; @here* ＿a＿ ∼b∼ ˋcˋ &amp; Pset_WallCommon: :\u200btada: 10:30 → &lt;@U1|x&gt;");
}

RC_GTEST_PROP(Slack, AnythingIsWithinTheLimits, ()) {
  const text::JsonDocument body = json_of(slack, hostile_story());
  expect_slack_limits(body.root());
  expect_no_commands(body.root());
}

TEST(Slack, TheLongestIsWithinTheLimits) {
  for (const char* piece : {"*", "&", "😀", "漢", "<!channel>", "\"", "a b "})
    expect_slack_limits(json_of(slack, longest_story(piece)).root());
}

TEST(Slack, AnAnswerMeansWhatSlackMeansByIt) {
  using Verdict = Outcome::Verdict;
  struct Case {
    int status;
    std::string body;
    Verdict verdict;
  };
  for (const Case& one : std::vector<Case>{{200, "ok", Verdict::delivered},
                                           {200, "ok\n", Verdict::delivered},
                                           {200, R"({"success":true})", Verdict::delivered},
                                           {200, "<html>sign in</html>", Verdict::again},
                                           {302, "", Verdict::again},
                                           {400, "invalid_payload", Verdict::refused},
                                           {400, "invalid_blocks", Verdict::refused},
                                           {400, "user_not_found", Verdict::gone},
                                           {403, "action_prohibited", Verdict::gone},
                                           {404, "no_service", Verdict::gone},
                                           {410, "channel_is_archived", Verdict::gone},
                                           {429, "rate_limited", Verdict::again},
                                           {500, "rollup_error", Verdict::again},
                                           {503, "", Verdict::again}}) {
    const Outcome outcome = judge(slack, {one.status, {}, one.body});
    EXPECT_EQ(outcome.verdict, one.verdict) << one.status << one.body;
    EXPECT_EQ(outcome.pause_ms, 1000);
    EXPECT_EQ(outcome.why.empty(), one.verdict == Verdict::delivered);
  }
  const Outcome limited = judge(slack, {429, {{"Retry-After", "30"}}, ""});
  EXPECT_TRUE(limited.is_rate_limit);
  EXPECT_EQ(limited.retry_after_ms, 30'000);
}

}  // namespace
}  // namespace aecos::notify
