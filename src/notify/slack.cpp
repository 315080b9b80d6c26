// Slack: incoming webhooks with Block Kit. 150 characters of a header, 3,000 of a section's text, 10 fields, 50 blocks,
// 75 of a button; one message a second. Users' text stands in mrkdwn, which knows no escape but for & < >, so that what
// could begin a format is written with a letter that looks the same.

#include <algorithm>
#include <array>

#include "base/calendar.h"
#include "notify/channels_internal.h"
#include "notify/judge_internal.h"
#include "notify/text_internal.h"
#include "text/json_writer.h"

namespace aecos::notify {
namespace {

using event::Story;
using event::StoryLine;
using text::JsonWriter;

constexpr std::size_t header_max = 150, section_max = 3000, button_max = 75, url_max = 3000, fields_max = 10;
constexpr std::size_t summary_max = 1500, name_max = 60, fact_max = 300, buttons_max = 4;
constexpr std::int64_t pause_ms = 1000;

// Would ":tada:" begin here?
bool begins_emoji(char32_t before, char32_t after) {
  const bool is_letter = (after >= 'a' && after <= 'z') || after == '_' || after == '+' || after == '-';
  const bool is_digit = after >= '0' && after <= '9', is_after_digit = before >= '0' && before <= '9';
  return is_letter || (is_digit && !is_after_digit);
}

std::string mrkdwn(char32_t before, char32_t letter, char32_t after) {
  const bool is_inside_word = is_word_letter(before) && is_word_letter(after);
  switch (letter) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '*':
      return is_inside_word ? "*" : "∗";
    case '_':
      return is_inside_word ? "_" : "＿";
    case '~':
      return is_inside_word ? "~" : "∼";
    case '`':
      return "ˋ";
    case ':':
      return begins_emoji(before, after) ? ":\u200b" : ":";
    default:
      return plain(before, letter, after);
  }
}

void add_plain(JsonWriter& json, std::string_view text) {
  json.begin_object().member("type", "plain_text").member("text", text).member("emoji", false).end_object();
}

// `verbatim`: no links, channels or people are found in it.
void add_mrkdwn(JsonWriter& json, std::string_view text) {
  json.begin_object().member("type", "mrkdwn").member("text", text).member("verbatim", true).end_object();
}

void add_section(JsonWriter& json, const std::string& text) {
  json.begin_object().member("type", "section").key("text");
  add_mrkdwn(json, text);
  json.end_object();
}

std::string_view sign_of(event::Weight weight) {
  if (weight == event::Weight::problem) return "🔴 ";
  return weight == event::Weight::warning ? "⚠️ " : "";
}

std::string header_text(const Story& story) {
  const std::string sign(sign_of(story.weight));
  return sign + title_text(story, header_max - utf16_length(sign));
}

std::string line_text(const StoryLine& line) {
  const std::string element = fit(line.element, element_max, mrkdwn), storey = fit(line.storey, storey_max, mrkdwn);
  return "• *" + (element.empty() ? "–" : element) + "*" + (storey.empty() ? "" : " (" + storey + ")") + " " +
         change_text(line, mrkdwn);
}

void add_lines(JsonWriter& json, const Story& story) {
  std::string text;
  const auto add = [&](const std::string& line) {
    if (!text.empty() && utf16_length(text) + 1 + utf16_length(line) > section_max) {
      add_section(json, text);
      text.clear();
    }
    text += (text.empty() ? "" : "\n") + line;
  };
  for (const StoryLine& line : story.lines) add(line_text(line));
  if (const std::string rest = rest_text(story, story.lines.size()); !rest.empty()) add("_" + rest + "_");
  if (!text.empty()) add_section(json, text);
}

void add_facts(JsonWriter& json, const Story& story) {
  const auto facts = other_facts(story);
  if (facts.empty()) return;
  json.begin_object().member("type", "section").key("fields").begin_array();
  for (std::size_t i = 0; i < std::min(facts.size(), fields_max); ++i) {
    const auto& [name, value] = facts[i];
    add_mrkdwn(json, "*" + fit(name, name_max, mrkdwn) + "*\n" + fit(value, fact_max, mrkdwn));
  }
  json.end_array().end_object();
}

void add_buttons(JsonWriter& json, const Story& story) {
  std::vector<event::StoryLink> links;
  for (const event::StoryLink& link : story.links) {
    if (links.size() < buttons_max && is_link(link.url, url_max)) links.push_back(link);
  }
  if (links.empty()) return;
  json.begin_object().member("type", "actions").key("elements").begin_array();
  for (const event::StoryLink& link : links) {
    const std::string text = fit(link.text, button_max);
    json.begin_object().member("type", "button").member("action_id", "open_" + std::to_string(&link - links.data()));
    json.member("url", link.url).key("text");
    add_plain(json, text.empty() ? "Open" : text);
    json.end_object();
  }
  json.end_array().end_object();
}

// Slack shows times as the reader's clock has them.
std::string context_text(const Story& story) {
  Story without_time = story;
  without_time.time.clear();
  const std::string place = place_text(without_time, mrkdwn);
  const auto seconds = seconds_of(story.time);
  if (!seconds) return place_text(story, mrkdwn);
  return place + (place.empty() ? "" : " · ") + "<!date^" + std::to_string(*seconds) + "^{date_short_pretty} {time}|" +
         time_text(story.time) + ">";
}

void add_blocks(JsonWriter& json, const Story& story) {
  json.begin_object().member("type", "header").key("text");
  add_plain(json, header_text(story));
  json.end_object();
  if (const std::string summary = summary_text(story, summary_max); !summary.empty()) {
    json.begin_object().member("type", "section").key("text");
    add_plain(json, summary);
    json.end_object();
  }
  add_lines(json, story);
  add_facts(json, story);
  add_buttons(json, story);
  const std::string context = context_text(story);
  if (context.empty()) return;
  json.begin_object().member("type", "context").key("elements").begin_array();
  add_mrkdwn(json, context);
  json.end_array().end_object();
}

// What Slack says when a webhook or its channel is no more, or may not be posted to.
bool is_dead(std::string_view body) {
  constexpr std::array<std::string_view, 14> errors = {"channel_not_found",
                                                       "channel_is_archived",
                                                       "no_service",
                                                       "no_service_id",
                                                       "no_active_hooks",
                                                       "no_team",
                                                       "team_disabled",
                                                       "invalid_token",
                                                       "token_revoked",
                                                       "account_inactive",
                                                       "action_prohibited",
                                                       "user_not_found",
                                                       "posting_to_general_channel_denied",
                                                       "not_found"};
  return std::find(errors.begin(), errors.end(), body) != errors.end();
}

// Servers that take Slack's messages, Mattermost and Rocket.Chat, answer with other words.
bool is_taken(std::string_view body) {
  if (body == "ok") return true;
  const auto parsed = text::parse_json(body);
  return parsed && (parsed->root()["success"].as_bool() == true || parsed->root()["ok"].as_bool() == true);
}

std::string_view without_end(std::string_view body) { return body.substr(0, body.find_last_not_of("\r\n ") + 1); }

}  // namespace

http::Call render_slack(const Target& target, const Story& story) {
  JsonWriter json;
  const std::string summary = summary_text(story, summary_max, mrkdwn);
  json.begin_object().member("text",
                             title_text(story, 4 * header_max, mrkdwn) + (summary.empty() ? "" : "\n") + summary);
  json.member("unfurl_links", false).member("unfurl_media", false).key("blocks").begin_array();
  add_blocks(json, story);
  json.end_array().end_object();
  return json_call(target.url, std::move(json).take());
}

Outcome judge_slack(const Target& target, const http::Response& response) {
  const std::string_view body = without_end(response.body);
  Outcome outcome = judge_status(target, response);
  if (outcome.verdict == Outcome::Verdict::delivered && !is_taken(body)) {
    outcome = again(target, response);  // A gateway's page, not Slack's answer.
    outcome.why = "an answer that is not Slack's: " + outcome.why;
  }
  if (response.status / 100 == 4 && response.status != 429 && is_dead(body)) outcome.verdict = Outcome::Verdict::gone;
  outcome.pause_ms = pause_ms;
  return outcome;
}

}  // namespace aecos::notify
