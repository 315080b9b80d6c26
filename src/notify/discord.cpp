// Discord: one embed. 256 characters of a title, 4,096 of its description, 256 and 1,024 of a field, 2,048 of the
// footer, and 6,000 of all that together. Its limits of speed are in the headers of each answer.

#include <algorithm>
#include <charconv>
#include <cmath>

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

constexpr std::size_t title_max = 256, description_max = 4096, footer_max = 200, embed_max = 6000;
constexpr std::size_t summary_max = 1000, field_name_max = 60, field_max = 200, fields_max = 8;
constexpr std::size_t url_max = 500, links_max = 3;
constexpr std::int64_t ban_wait_ms = 600'000;  // Of Discord's gateway, which says no time.

std::string markdown(char32_t before, char32_t letter, char32_t after) {
  const std::string itself = plain(before, letter, after);
  const bool is_mark = letter < 0x80 && itself.find_first_of("\\`*_[]()<>~|@:") != std::string::npos;
  return is_mark || begins_block(before, letter, after) ? "\\" + itself : itself;
}

int color_of(event::Weight weight) {
  if (weight == event::Weight::problem) return 0xc62828;
  return weight == event::Weight::warning ? 0xd98e04 : 0x2f6fde;
}

std::string line_text(const StoryLine& line) {
  const std::string element = fit(line.element, element_max, markdown), storey = fit(line.storey, storey_max, markdown);
  return "• **" + (element.empty() ? "–" : element) + "**" + (storey.empty() ? "" : " (" + storey + ")") + " " +
         change_text(line, markdown);
}

std::string links_text(const Story& story) {
  std::string out;
  std::size_t count = 0;
  for (const event::StoryLink& link : story.links) {
    if (!is_link(link.url, url_max) || ++count > links_max) continue;
    out += (out.empty() ? "[" : " · [") + fit(link.text.empty() ? "Open" : link.text, 60, markdown) + "](" + link.url +
           ")";
  }
  return out;
}

// Summary, as many lines as there is room for, links.
std::string description_of(const Story& story, std::size_t room) {
  std::string out = summary_text(story, summary_max, markdown);
  const std::string links = links_text(story);
  constexpr std::size_t rest_max = 40;  // "and 280 more"
  std::size_t length = utf16_length(out), shown = 0;
  room -= utf16_length(links) + rest_max + 4;
  for (const StoryLine& line : story.lines) {
    const std::string text = line_text(line);
    length += utf16_length(text) + 1;
    if (length > room) break;
    out += (out.empty() ? "" : "\n") + text;
    ++shown;
  }
  if (const std::string rest = rest_text(story, shown); !rest.empty()) out += (out.empty() ? "*" : "\n*") + rest + "*";
  if (!links.empty()) out += (out.empty() ? "" : "\n\n") + links;
  return out;
}

// Returns the length of all of them.
std::size_t add_fields(JsonWriter& json, const Story& story) {
  std::size_t length = 0, count = 0;
  json.key("fields").begin_array();
  for (const auto& [name, value] : other_facts(story)) {
    const std::string name_text = fit(name, field_name_max, markdown), value_text = fit(value, field_max, markdown);
    if (name_text.empty() || value_text.empty() || ++count > fields_max) continue;  // Empty ones are refused.
    json.begin_object().member("name", name_text).member("value", value_text).member("inline", true).end_object();
    length += utf16_length(name_text) + utf16_length(value_text);
  }
  json.end_array();
  return length;
}

void add_embed(JsonWriter& json, const Story& story) {
  const std::string title = title_text(story, title_max, markdown);
  Story without_time = story;  // Discord shows it as the reader's clock has it.
  if (seconds_of(story.time)) without_time.time.clear();
  const std::string footer = fit(place_text(without_time), footer_max);
  json.begin_object().member("title", title).member("color", color_of(story.weight));
  if (!story.links.empty() && is_link(story.links[0].url, url_max)) json.member("url", story.links[0].url);
  const std::size_t used = utf16_length(title) + utf16_length(footer) + add_fields(json, story);
  const std::string description = description_of(story, std::min(description_max, embed_max - used));
  if (!description.empty()) json.member("description", description);
  if (!footer.empty()) json.key("footer").begin_object().member("text", footer).end_object();
  if (seconds_of(story.time)) json.member("timestamp", story.time);
  json.end_object();
}

// With `wait` Discord says whether it took the message; without, it loses some and says nothing.
std::string url_of(const Target& target) {
  std::string url = target.url + (target.url.find('?') == std::string::npos ? "?" : "&") + "wait=true";
  if (!target.thread_id.empty()) url += "&thread_id=" + target.thread_id;
  return url;
}

std::optional<double> seconds_in(std::string_view text) {
  double seconds = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || code != std::errc() || stop != text.data() + text.size() || !(seconds >= 0)) return {};
  return std::min(seconds, 86'400.0);
}

std::int64_t milliseconds(double seconds) { return static_cast<std::int64_t>(std::ceil(seconds * 1000)); }

std::int64_t pause_of(const http::Headers& headers) {
  if (headers.get("X-RateLimit-Remaining") != "0") return 0;
  return milliseconds(seconds_in(headers.get("X-RateLimit-Reset-After")).value_or(1));
}

void judge_rate_limit(const http::Response& response, text::JsonNode body, Outcome& outcome) {
  outcome.is_for_service = body["global"].as_bool().value_or(false) || response.headers.has("X-RateLimit-Global");
  if (const auto seconds = body["retry_after"].as_double(); seconds && *seconds >= 0) {
    outcome.retry_after_ms = milliseconds(std::min(*seconds, 86'400.0));
  } else if (!body && outcome.retry_after_ms == 0) {
    outcome.retry_after_ms = ban_wait_ms;  // No JSON: the gateway before it, which has had enough of this machine.
    outcome.is_for_service = true;
  }
}

// Codes of Discord's: unknown channel, guild, webhook; invalid webhook token; a forum that wants a thread; a thread
// that is closed; no access.
bool is_dead(std::int64_t code) {
  for (const int dead : {10003, 10004, 10015, 50027, 220001, 50083, 160005, 50001, 50013}) {
    if (code == dead) return true;
  }
  return false;
}

}  // namespace

http::Call render_discord(const Target& target, const Story& story) {
  JsonWriter json;
  json.begin_object().key("allowed_mentions").begin_object().key("parse").begin_array().end_array().end_object();
  json.key("embeds").begin_array();
  add_embed(json, story);
  json.end_array().end_object();
  return json_call(url_of(target), std::move(json).take());
}

Outcome judge_discord(const Target& target, const http::Response& response) {
  Outcome outcome = judge_status(target, response);
  const auto parsed = text::parse_json(response.body);
  const text::JsonNode body = parsed && parsed->root().is_object() ? parsed->root() : text::JsonNode();
  if (response.status == 429) judge_rate_limit(response, body, outcome);
  if (response.status == 400 && is_dead(body["code"].as_int().value_or(0))) outcome.verdict = Outcome::Verdict::gone;
  // A page of the gateway before Discord, or of a network that wants one to sign in: it says nothing of the webhook.
  if ((response.status == 403 || response.status == 200) && !body) outcome = again(target, response);
  outcome.pause_ms = pause_of(response.headers);
  return outcome;
}

}  // namespace aecos::notify
