#pragma once
// Stories for tests: an ordinary one, and any that hostile users could cause.

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "event/story.h"
#include "text/json.h"

namespace aecos::notify {

inline event::Story sample_story() {
  event::Story story;
  story.id = "msg_0123456789abcdef";
  story.type = "commit.integrated";
  story.project = "house";
  story.branch = "develop";
  story.actor = "ana";
  story.time = "2026-11-25T09:00:00.000000Z";
  story.title = "ana changed 2 elements on develop";
  story.summary = "W-12: FireRating REI 60 → REI 120; 2 doors added on Level 1";
  story.lines = {{"W-12", "2O2Fr$t4X7Zf8NOew3FNr2", "FireRating", "REI 60", "REI 120", "Level 1"},
                 {"D-3", "", "added", "", "", "Level 1"}};
  story.lines_in_all = 5;
  story.facts = {{"Branch", "develop"}, {"Cost", "+1 200 EUR"}};
  story.links = {{"See what changed", "https://hub.example.org/projects/house/events/17"},
                 {"Show in 3D", "https://hub.example.org/projects/house/view?element=2O2Fr%24t4X7Zf8NOew3FNr2"}};
  story.thread = "branch/develop";
  return story;
}

// Texts of up to 10 kB out of what means something to somebody.
inline rc::Gen<std::string> hostile_text() {
  static const std::vector<std::string> pieces = {"@everyone",
                                                  "@here",
                                                  "<!channel>",
                                                  "<!here>",
                                                  "<@U123>",
                                                  "<@&42>",
                                                  "<#C1|x>",
                                                  "<https://evil.example|bank>",
                                                  "[bank](https://evil.example)",
                                                  "*bold*",
                                                  "_it_",
                                                  "~~no~~",
                                                  "||spoiler||",
                                                  "`code`",
                                                  "```",
                                                  "# head",
                                                  "> quote",
                                                  "- item",
                                                  "1. one",
                                                  "{{DATE(2026-01-01T00:00:00Z)}}",
                                                  "${data}",
                                                  "<at>ana</at>",
                                                  ":tada:",
                                                  "10:30:00",
                                                  "\r\n",
                                                  "\r\nBcc: all@example.org\r\n\r\n",
                                                  "\n",
                                                  "\n.\n",
                                                  "\x01\x02\x1b[31m",
                                                  std::string(1, '\0'),
                                                  "\u202e",
                                                  "\u2066",
                                                  "\u200b",
                                                  "\ufeff",
                                                  "\u200d",
                                                  "😀",
                                                  "👩‍👩‍👧",
                                                  "e\u0301\u0301\u0301\u0301\u0301\u0301",
                                                  "مرحبا",
                                                  "漢字",
                                                  "\xff\xfe",
                                                  "\xed\xa0\x80",
                                                  "\xf0\x9f\x98",
                                                  "\"",
                                                  "\\",
                                                  "<script>alert(1)</script>",
                                                  "&amp;",
                                                  "=?utf-8?q?x?=",
                                                  "Pset_WallCommon",
                                                  "REI 60",
                                                  " ",
                                                  "=3D",
                                                  "--=_aecos_alternative_",
                                                  std::string(300, 'x'),
                                                  std::string(200, '"'),
                                                  std::string(200, '<'),
                                                  std::string(3000, '*')};
  return rc::gen::map(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 1000)),
                      [](const std::vector<std::size_t>& picks) {
                        std::string text;
                        for (const std::size_t pick : picks) text += pieces[pick % pieces.size()];
                        return text.substr(0, 10'000);
                      });
}

// Almost anything a Story can be; with as many lines, facts and links as there may be, and more.
inline event::Story hostile_story() {
  const auto text = [] { return *hostile_text(); };
  event::Story story = sample_story();
  story.project = text();
  story.branch = text();
  story.actor = text();
  story.title = text();
  story.summary = text();
  story.weight = static_cast<event::Weight>(*rc::gen::inRange(0, 3));
  if (*rc::gen::arbitrary<bool>()) story.time = text();
  story.thread = text();
  story.lines.resize(*rc::gen::inRange<std::size_t>(0, 21));
  for (event::StoryLine& line : story.lines) line = {text(), text(), text(), text(), text(), text()};
  story.lines_in_all = *rc::gen::inRange<std::size_t>(0, 100'000);
  story.facts.resize(*rc::gen::inRange<std::size_t>(0, 30));
  for (auto& fact : story.facts) fact = {text(), text()};
  story.links.resize(*rc::gen::inRange<std::size_t>(0, 10));
  for (event::StoryLink& link : story.links)
    link = {text(), *rc::gen::arbitrary<bool>() ? text() : "https://hub.example.org/" + std::string(450, 'a')};
  return story;
}

// The worst there can be: everything full of what grows when it is written.
inline event::Story longest_story(const std::string& piece) {
  std::string text;
  while (text.size() < 10'000) text += piece;
  event::Story story = sample_story();
  for (std::string* part : {&story.project, &story.branch, &story.actor, &story.title, &story.summary, &story.time})
    *part = text;
  story.lines.assign(20, {text, text, text, text, text, text});
  story.lines_in_all = 300;
  story.facts.assign(30, {text, text});
  story.links.assign(10, {text, "https://hub.example.org/" + std::string(470, 'a')});
  return story;
}

// Calls `each` with every string in it.
template <class Each>
void for_each_string(text::JsonNode node, const Each& each) {
  if (const auto text = node.as_string()) each(std::string(*text));
  for (const text::JsonNode child : node) for_each_string(child, each);
}

}  // namespace aecos::notify
