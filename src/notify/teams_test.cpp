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

const std::string address =
    "https://prod-01.westeurope.logic.azure.com:443/workflows/0123456789abcdef/triggers/manual/paths/invoke"
    "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abcdefghijklmnopqrstuvwxyz";
const Target teams = {.kind = Kind::teams, .url = address};
const Target bare = {.kind = Kind::teams, .url = address, .teams_form = TeamsForm::card};

void expect_card(const std::string& body) {
  RC_ASSERT(body.size() <= 20'000);
  RC_ASSERT(is_utf8(body));
  const auto parsed = text::parse_json(body);
  RC_ASSERT(bool(parsed));
  const text::JsonNode root = parsed->root();
  const text::JsonNode card = root["attachments"] ? root["attachments"][0]["content"] : root;
  RC_ASSERT(card["type"].as_string() == "AdaptiveCard" && card["version"].as_string() == "1.5");
  RC_ASSERT(card["body"].size() >= 1);
  for (const text::JsonNode action : card["actions"]) RC_ASSERT(action["type"].as_string() == "Action.OpenUrl");
}

TEST(Teams, AMessageHoldsACardAndTheCardTellsTheStory) {
  const auto message = text::parse_json(body_of(teams, sample_story()));
  ASSERT_TRUE(message);
  const text::JsonNode attachment = message->root()["attachments"][0];
  EXPECT_EQ(message->root()["type"].as_string(), "message");
  EXPECT_EQ(attachment["contentType"].as_string(), "application/vnd.microsoft.card.adaptive");
  EXPECT_TRUE(attachment["contentUrl"].is_null());
  const text::JsonNode body = attachment["content"]["body"];
  EXPECT_EQ(body[0]["inlines"][0]["text"].as_string(), "ana changed 2 elements on develop");
  EXPECT_EQ(body[1]["inlines"][0]["text"].as_string(), "house · develop · 2026-11-25 09:00 UTC");
  EXPECT_EQ(body[3]["inlines"][0]["text"].as_string(), "W-12");
  EXPECT_EQ(body[3]["inlines"][2]["text"].as_string(), " FireRating: REI 60 → REI 120");
  EXPECT_EQ(body[5]["inlines"][0]["text"].as_string(), "and 3 more");
  EXPECT_EQ(body[6]["facts"][0]["value"].as_string(), "+1 200 EUR");
  EXPECT_EQ(attachment["content"]["actions"][0]["url"].as_string(), sample_story().links[0].url);
}

TEST(Teams, SomeWorkflowsTakeTheCardAlone) {
  const auto message = text::parse_json(body_of(teams, sample_story()));
  const auto card = text::parse_json(body_of(bare, sample_story()));
  ASSERT_TRUE(message);
  ASSERT_TRUE(card);
  EXPECT_TRUE(equal(message->root()["attachments"][0]["content"], card->root()));
}

TEST(Teams, MarkdownOfUsersIsEscapedWhereItWouldBeRead) {
  event::Story story = sample_story();
  story.facts = {{"a*b", "[x](https://evil.example) _y_ Pset_WallCommon <b> `c`"}, {"n", "- item"}, {"m", "1. one"}};
  const auto card = text::parse_json(body_of(bare, story));
  ASSERT_TRUE(card);
  const text::JsonNode facts = card->root()["body"][6]["facts"];
  EXPECT_EQ(facts[0]["title"].as_string(), "a\\*b");
  EXPECT_EQ(facts[0]["value"].as_string(), "\\[x\\](https://evil.example) \\_y\\_ Pset_WallCommon \\<b\\> \\`c\\`");
  EXPECT_EQ(facts[1]["value"].as_string(), "\\- item");
  EXPECT_EQ(facts[2]["value"].as_string(), "1\\. one");
}

RC_GTEST_PROP(Teams, AnythingIsWithinTheLimits, ()) {
  const event::Story story = hostile_story();
  expect_card(body_of(teams, story));
  expect_card(body_of(bare, story));
}

TEST(Teams, TheLongestIsWithinTheLimits) {
  for (const char* piece : {"*", "\\", "\"", "😀", "漢", "{{", "a b "})
    expect_card(body_of(teams, longest_story(piece)));
}

TEST(Teams, LinesThatAreLeftOutAreCounted) {
  const auto card = text::parse_json(body_of(bare, longest_story("漢")));
  ASSERT_TRUE(card);
  std::size_t lines = 0;
  std::string rest;
  for_each_string(card->root(), [&](const std::string& text) {
    if (text.starts_with("and ") && text.ends_with(" more")) rest = text;
  });
  for (const text::JsonNode block : card->root()["body"]) lines += block["inlines"].size() == 3 ? 1 : 0;
  EXPECT_GT(lines, 0U);
  EXPECT_EQ(rest, "and " + std::to_string(300 - lines) + " more");
}

TEST(Teams, AnAnswerMeansWhatTeamsMeansByIt) {
  using Verdict = Outcome::Verdict;
  struct Case {
    int status;
    std::string body;
    Verdict verdict;
  };
  for (const Case& one : std::vector<Case>{
           {202, "", Verdict::delivered},
           {200, "1", Verdict::delivered},
           {200,
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with "
            "ContextId tcid=0",
            Verdict::again},
           {200, "Microsoft Teams endpoint returned HTTP error 403", Verdict::gone},
           {200, "Microsoft Teams endpoint returned HTTP error 413", Verdict::refused},
           {200, "Microsoft Teams endpoint returned HTTP error 412", Verdict::again},
           {400, R"({"error":{"code":"TriggerInputSchemaMismatch","message":"…"}})", Verdict::refused},
           {400, R"({"error":{"code":"WorkflowTriggerIsNotEnabled","message":"…"}})", Verdict::gone},
           {401, R"({"error":{"code":"DirectApiAuthorizationRequired"}})", Verdict::gone},
           {404, R"({"error":{"code":"WorkflowNotFound"}})", Verdict::gone},
           {429, "", Verdict::again},
           {502, R"({"error":{"code":"NoResponse"}})", Verdict::again}}) {
    const Outcome outcome = judge(teams, {one.status, {}, one.body});
    EXPECT_EQ(outcome.verdict, one.verdict) << one.status << one.body;
    EXPECT_EQ(outcome.pause_ms, 500);
  }
  EXPECT_TRUE(judge(teams, {200, {}, "returned HTTP error 429 with"}).is_rate_limit);
  EXPECT_EQ(judge(teams, {200, {{"Content-Type", "text/html"}}, "<html>"}).verdict, Verdict::again);
}

}  // namespace
}  // namespace aecos::notify
