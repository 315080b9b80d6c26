// Microsoft Teams: a workflow that takes an Adaptive Card 1.5. All in all at most 28 KB, of which clients have measured
// 21; 20,000 bytes are kept to. Text is in runs, which know no Markdown; a fact's value knows it and is escaped.

#include <algorithm>
#include <charconv>

#include "notify/channels_internal.h"
#include "notify/judge_internal.h"
#include "notify/text_internal.h"
#include "text/json_writer.h"

namespace aecos::notify {
namespace {

using event::Story;
using event::StoryLine;
using text::JsonWriter;

constexpr std::size_t card_max = 20'000;  // Bytes.
constexpr std::size_t title_max = 250, summary_max = 800, fact_name_max = 60, fact_max = 200, action_max = 80;
constexpr std::size_t url_max = 1000, actions_max = 4;
constexpr std::int64_t pause_ms = 500;  // 60 messages in 30 seconds; 4 a second at most.

// How much of a story is in a card.
struct Extent {
  std::size_t lines, facts;
};

std::string markdown(char32_t before, char32_t letter, char32_t after) {
  const std::string itself = plain(before, letter, after);
  if (letter == '_' && is_word_letter(before) && is_word_letter(after)) return itself;  // Pset_WallCommon
  if (letter < 0x80 && itself.find_first_of("\\`*_[]<>~{}|") != std::string::npos) return "\\" + itself;
  const bool is_number = (letter == '.' || letter == ')') && before >= '0' && before <= '9' && after == ' ';
  return is_number || begins_block(before, letter, after) ? "\\" + itself : itself;
}

// "{{DATE(…)}}" would be made a date of.
std::string run(char32_t before, char32_t letter, char32_t after) {
  return letter == '{' && after == '{' ? "{\u200b" : plain(before, letter, after);
}

std::string_view color_of(event::Weight weight) {
  if (weight == event::Weight::problem) return "Attention";
  return weight == event::Weight::warning ? "Warning" : "Default";
}

JsonWriter& begin_run(JsonWriter& json, const std::string& text) {
  return json.begin_object().member("type", "TextRun").member("text", text);
}

JsonWriter& begin_text(JsonWriter& json) {
  return json.begin_object().member("type", "RichTextBlock").key("inlines").begin_array();
}

void add_title(JsonWriter& json, const Story& story) {
  begin_text(json);
  begin_run(json, title_text(story, title_max, run));
  json.member("size", "Large").member("weight", "Bolder").member("color", color_of(story.weight)).end_object();
  json.end_array().end_object();
}

void add_subtle(JsonWriter& json, const std::string& text) {
  if (text.empty()) return;
  begin_text(json);
  begin_run(json, text).member("isSubtle", true).end_object();
  json.end_array().member("spacing", "Small").end_object();
}

void add_line(JsonWriter& json, const StoryLine& line) {
  const std::string element = fit(line.element, element_max, run), storey = fit(line.storey, storey_max, run);
  begin_text(json);
  begin_run(json, element.empty() ? "–" : element).member("weight", "Bolder").end_object();
  if (!storey.empty()) begin_run(json, " (" + storey + ")").member("isSubtle", true).end_object();
  begin_run(json, " " + change_text(line, run)).end_object();
  json.end_array().member("spacing", "Small").end_object();
}

void add_facts(JsonWriter& json, const Story& story, std::size_t count) {
  const auto facts = other_facts(story);
  if (count == 0 || facts.empty()) return;
  json.begin_object().member("type", "FactSet").member("separator", true).key("facts").begin_array();
  for (std::size_t i = 0; i < std::min(count, facts.size()); ++i) {
    const auto& [name, value] = facts[i];
    json.begin_object().member("title", fit(name, fact_name_max, markdown));
    json.member("value", fit(value, fact_max, markdown)).end_object();
  }
  json.end_array().end_object();
}

void add_actions(JsonWriter& json, const Story& story) {
  json.key("actions").begin_array();
  std::size_t count = 0;
  for (const event::StoryLink& link : story.links) {
    if (!is_link(link.url, url_max) || ++count > actions_max) continue;
    const std::string title = fit(link.text, action_max);
    json.begin_object().member("type", "Action.OpenUrl").member("title", title.empty() ? "Open" : title);
    json.member("url", link.url).end_object();
  }
  json.end_array();
}

void add_card(JsonWriter& json, const Story& story, Extent extent) {
  json.begin_object().member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
  json.member("type", "AdaptiveCard").member("version", "1.5");
  json.member("fallbackText", title_text(story, title_max)).key("body").begin_array();
  add_title(json, story);
  add_subtle(json, place_text(story, run));
  if (const std::string summary = summary_text(story, summary_max, run); !summary.empty()) {
    begin_text(json);
    begin_run(json, summary).end_object();
    json.end_array().end_object();
  }
  for (std::size_t i = 0; i < extent.lines; ++i) add_line(json, story.lines[i]);
  add_subtle(json, rest_text(story, extent.lines));
  add_facts(json, story, extent.facts);
  json.end_array();
  add_actions(json, story);
  json.key("msteams").begin_object().member("width", "Full").end_object().end_object();
}

std::string body_of(const Story& story, TeamsForm form, Extent extent) {
  JsonWriter json;
  if (form == TeamsForm::card) {
    add_card(json, story, extent);
    return std::move(json).take();
  }
  json.begin_object().member("type", "message").member("summary", title_text(story, title_max));
  json.key("attachments").begin_array().begin_object();
  json.member("contentType", "application/vnd.microsoft.card.adaptive").key("contentUrl").null().key("content");
  add_card(json, story, extent);
  json.end_object().end_array().end_object();
  return std::move(json).take();
}

// Lines and facts are left out until it is small enough. Without any, the longest one there can be is.
std::string fitting_body(const Story& story, TeamsForm form) {
  Extent extent = {std::min<std::size_t>(story.lines.size(), 20), std::min<std::size_t>(story.facts.size(), 10)};
  while (true) {
    std::string body = body_of(story, form, extent);
    if (body.size() <= card_max || (extent.lines == 0 && extent.facts == 0)) return body;
    std::size_t& less = extent.lines > 0 ? extent.lines : extent.facts;
    --less;
  }
}

// The status that a connector hides in the text of a 200: "Microsoft Teams endpoint returned HTTP error 429 with …"; 0:
// none.
int hidden_status(std::string_view body) {
  constexpr std::string_view mark = "HTTP error ";
  const std::size_t at = body.find(mark);
  int status = 0;
  if (at != std::string_view::npos) std::from_chars(body.data() + at + mark.size(), body.data() + body.size(), status);
  return status >= 400 && status < 600 ? status : 0;
}

// A workflow that was switched off or deleted says so with 400.
bool is_dead(std::string_view body) {
  for (const std::string_view code : {"WorkflowTriggerIsNotEnabled", "WorkflowNotFound", "WorkflowDisabled",
                                      "DirectApiAuthorizationRequired", "WorkflowTriggerNotFound"}) {
    if (body.find(code) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

http::Call render_teams(const Target& target, const Story& story) {
  return json_call(target.url, fitting_body(story, target.teams_form));
}

Outcome judge_teams(const Target& target, const http::Response& response) {
  http::Response meant = response;
  if (const int hidden = hidden_status(response.body); hidden != 0 && response.status / 100 == 2) meant.status = hidden;
  Outcome outcome = judge_status(target, meant);
  if (meant.status == 200 && http::media_type(response.headers.get("Content-Type")) == "text/html")
    outcome = again(target, meant);                         // Of a network that wants one to sign in.
  if (meant.status == 412) outcome = again(target, meant);  // Teams' own limit, told by some connectors.
  if (meant.status == 400 && is_dead(response.body)) outcome.verdict = Outcome::Verdict::gone;
  outcome.pause_ms = pause_ms;
  return outcome;
}

}  // namespace aecos::notify
