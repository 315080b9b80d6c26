#include <algorithm>

#include "notify/mail_body_internal.h"
#include "notify/mime_internal.h"
#include "notify/text_internal.h"

namespace aecos::notify {
namespace {

using event::Story;
using event::StoryLine;
using event::Weight;

constexpr std::size_t title_max = 300, summary_max = 2000, fact_name_max = 80, fact_max = 300, facts_max = 12;
constexpr std::size_t url_max = 900, links_max = 6;
constexpr std::size_t stories_max = 30, lines_max = 20, digest_lines_max = 5;

// Of inline styles, which are all that mail programs keep.
constexpr const char* font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
constexpr const char* cell = "padding:7px 10px 7px 0;border-bottom:1px solid #e5e7eb;vertical-align:top;";

std::size_t lines_shown(const Story& story, std::size_t stories) {
  return std::min(story.lines.size(), stories == 1 ? lines_max : digest_lines_max);
}

const char* color_of(Weight weight) {
  if (weight == Weight::problem) return "#c62828";
  return weight == Weight::warning ? "#d98e04" : "#2f6fde";
}

bool is_one_project(std::span<const Story> stories) {
  return std::all_of(stories.begin(), stories.end(),
                     [&](const Story& story) { return story.project == stories.front().project; });
}

std::string and_more_stories(std::span<const Story> stories) {
  return stories.size() > stories_max ? "and " + std::to_string(stories.size() - stories_max) + " more updates" : "";
}

// ---- text

std::string line_text(const StoryLine& line) {
  const std::string element = fit(line.element, element_max), storey = fit(line.storey, storey_max);
  return "  - " + element + (storey.empty() ? "" : " (" + storey + ")") + (element.empty() ? "" : ": ") +
         change_text(line) + "\n";
}

std::string story_text(const Story& story, std::size_t stories) {
  std::string out = title_text(story, title_max) + "\n" + place_text(story) + "\n\n";
  if (const std::string summary = summary_text(story, summary_max); !summary.empty()) out += summary + "\n\n";
  const std::size_t shown = lines_shown(story, stories);
  for (std::size_t i = 0; i < shown; ++i) out += line_text(story.lines[i]);
  if (const std::string rest = rest_text(story, shown); !rest.empty()) out += "  " + rest + "\n";
  if (!story.lines.empty()) out += "\n";
  const auto facts = other_facts(story);
  for (std::size_t i = 0; i < std::min(facts.size(), facts_max); ++i)
    out += fit(facts[i].first, fact_name_max) + ": " + fit(facts[i].second, fact_max) + "\n";
  for (std::size_t i = 0; i < std::min(story.links.size(), links_max); ++i) {
    if (is_link(story.links[i].url, url_max)) out += fit(story.links[i].text, 80) + ": " + story.links[i].url + "\n";
  }
  return out;
}

// ---- HTML

std::string paragraph(const std::string& content, const std::string& style) {
  return content.empty() ? "" : "<p style=\"margin:0 0 12px;" + style + "\">" + content + "</p>\n";
}

std::string line_row(const StoryLine& line) {
  const std::string storey = fit(line.storey, storey_max, html);
  return "<tr><td style=\"" + std::string(cell) + "font-weight:600;color:#111827;\">" +
         fit(line.element, element_max, html) + "</td><td style=\"" + cell + "color:#1f2937;\">" +
         change_text(line, html) + "</td><td style=\"" + cell + "color:#6b7280;white-space:nowrap;\">" + storey +
         "</td></tr>\n";
}

std::string lines_table(const Story& story, std::size_t shown) {
  std::string rows;
  for (std::size_t i = 0; i < shown; ++i) rows += line_row(story.lines[i]);
  if (rows.empty()) return "";
  return "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"border-collapse:"
         "collapse;font-size:14px;line-height:20px;margin:0 0 12px;\">\n" +
         rows + "</table>\n";
}

std::string facts_table(const Story& story) {
  std::string rows;
  const auto facts = other_facts(story);
  for (std::size_t i = 0; i < std::min(facts.size(), facts_max); ++i) {
    rows += "<tr><td style=\"padding:2px 16px 2px 0;color:#6b7280;vertical-align:top;white-space:nowrap;\">" +
            fit(facts[i].first, fact_name_max, html) + "</td><td style=\"padding:2px 0;color:#1f2937;\">" +
            fit(facts[i].second, fact_max, html) + "</td></tr>\n";
  }
  if (rows.empty()) return "";
  return "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" style=\"border-collapse:collapse;font-size:"
         "13px;line-height:18px;margin:0 0 16px;\">\n" +
         rows + "</table>\n";
}

// The first as a button.
std::string links_html(const Story& story) {
  std::string out;
  for (std::size_t i = 0; i < std::min(story.links.size(), links_max); ++i) {
    const event::StoryLink& link = story.links[i];
    if (!is_link(link.url, url_max)) continue;
    const char* style = out.empty() ? "display:inline-block;padding:9px 16px;background:#1f4fb8;color:#ffffff;border-"
                                      "radius:6px;text-decoration:none;font-weight:600;margin:0 14px 0 0;"
                                    : "color:#1f4fb8;margin:0 14px 0 0;";
    out += "<a href=\"" + fit(link.url, 6 * url_max, html) + "\" style=\"" + style + "\">" + fit(link.text, 80, html) +
           "</a>\n";
  }
  return out.empty() ? "" : "<p style=\"margin:4px 0 8px;font-size:14px;\">" + out + "</p>\n";
}

std::string story_html(const Story& story, std::size_t stories) {
  const std::size_t shown = lines_shown(story, stories);
  return "<tr><td style=\"padding:20px 24px 12px;border-left:4px solid " + std::string(color_of(story.weight)) +
         ";border-bottom:1px solid #e5e7eb;\">\n<h1 style=\"margin:0 0 4px;font-size:18px;line-height:24px;color:"
         "#111827;\">" +
         title_text(story, title_max, html) + "</h1>\n" +
         paragraph(place_text(story, html), "font-size:13px;color:#6b7280;") +
         paragraph(summary_text(story, summary_max, html), "font-size:14px;line-height:20px;color:#1f2937;") +
         lines_table(story, shown) + paragraph(rest_text(story, shown), "font-size:13px;color:#6b7280;") +
         facts_table(story) + links_html(story) + "</td></tr>\n";
}

std::string page(const std::string& title, const std::string& rows) {
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width="
         "device-width,initial-scale=1\"><title>" +
         title + "</title></head>\n<body style=\"margin:0;padding:0;background:#f3f4f6;" + font +
         "\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" style=\"background:"
         "#f3f4f6;\"><tr><td align=\"center\" style=\"padding:24px 12px;\">\n<table role=\"presentation\" "
         "width=\"640\" "
         "cellpadding=\"0\" cellspacing=\"0\" style=\"width:100%;max-width:640px;background:#ffffff;border:1px solid "
         "#e5e7eb;\">\n" +
         rows + "</table>\n</td></tr></table>\n</body></html>\n";
}

std::string footer_html(std::string_view unsubscribe_url) {
  std::string out = "Sent by aecos.";
  if (!unsubscribe_url.empty())
    out += " <a href=\"" + fit(unsubscribe_url, 6 * url_max, html) + "\" style=\"color:#6b7280;\">Get fewer mails</a>";
  return "<tr><td style=\"padding:12px 24px;font-size:12px;color:#6b7280;\">" + out + "</td></tr>\n";
}

}  // namespace

std::string mail_subject(std::span<const Story> stories) {
  const Story& first = stories.front();
  const std::string project = is_one_project(stories) && !first.project.empty() ? "[" + first.project + "] " : "";
  if (stories.size() == 1) return project + title_text(first, title_max);
  const auto gravest = std::max_element(stories.begin(), stories.end(),
                                        [](const Story& a, const Story& b) { return a.weight < b.weight; });
  return project + std::to_string(stories.size()) + " updates: " + title_text(*gravest, title_max);
}

std::string mail_text(std::span<const Story> stories, std::string_view unsubscribe_url) {
  std::string out;
  for (const Story& story : stories.first(std::min(stories.size(), stories_max)))
    out += (out.empty() ? "" : "\n----\n\n") + story_text(story, stories.size());
  if (const std::string more = and_more_stories(stories); !more.empty()) out += "\n----\n\n" + more + "\n";
  out += "\n-- \nSent by aecos.\n";
  if (!unsubscribe_url.empty()) out += "Get fewer mails: " + std::string(unsubscribe_url) + "\n";
  return out;
}

std::string mail_html(std::span<const Story> stories, std::string_view unsubscribe_url) {
  std::string rows;
  for (const Story& story : stories.first(std::min(stories.size(), stories_max)))
    rows += story_html(story, stories.size());
  if (const std::string more = and_more_stories(stories); !more.empty())
    rows += "<tr><td style=\"padding:12px 24px;font-size:14px;color:#6b7280;\">" + more + "</td></tr>\n";
  return page(fit(mail_subject(stories), title_max, html), rows + footer_html(unsubscribe_url));
}

}  // namespace aecos::notify
