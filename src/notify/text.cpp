#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/calendar.h"
#include "base/utf8.h"
#include "notify/text_internal.h"

namespace aecos::notify {
namespace {

constexpr std::size_t marks_max = 4;  // On one letter; more are written to cover other lines.
constexpr std::size_t value_max = 120, what_max = 160;

struct Letters {
  char32_t from, to;
};
template <std::size_t N>
bool is_one_of(const std::array<Letters, N>& ranges, char32_t letter) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Letters& r) { return r.from <= letter && letter <= r.to; });
}

bool is_blank(char32_t letter) {
  constexpr std::array<Letters, 8> blanks = {{{0x09, 0x0d},
                                              {0x20, 0x20},
                                              {0x85, 0x85},
                                              {0xa0, 0xa0},
                                              {0x2000, 0x200a},
                                              {0x2028, 0x2029},
                                              {0x202f, 0x202f},
                                              {0x3000, 0x3000}}};
  return is_one_of(blanks, letter);
}

// Not seen, or of no meaning. The joiners U+200C and U+200D stay: languages and emoji are written with them.
bool is_harmful(char32_t letter) {
  constexpr std::array<Letters, 16> harmful = {{{0x00, 0x08},          // Control characters.
                                                {0x0e, 0x1f},          //
                                                {0x7f, 0x9f},          //
                                                {0xad, 0xad},          // Soft hyphen.
                                                {0x061c, 0x061c},      // Direction of writing.
                                                {0x115f, 0x1160},      // Fillers.
                                                {0x180e, 0x180e},      //
                                                {0x200b, 0x200b},      // Zero width.
                                                {0x200e, 0x200f},      // Direction of writing.
                                                {0x202a, 0x202e},      //
                                                {0x2060, 0x206f},      // Zero width, and isolates.
                                                {0x3164, 0x3164},      // Filler.
                                                {0xfdd0, 0xfdef},      // No characters.
                                                {0xfeff, 0xfeff},      // Byte-order mark.
                                                {0xfff0, 0xfffb},      // Annotations.
                                                {0xe0000, 0xe0fff}}};  // Tags.
  return is_one_of(harmful, letter) || (letter & 0xfffe) == 0xfffe;
}

// Belongs to the letter before it.
bool is_mark(char32_t letter) {
  constexpr std::array<Letters, 8> marks = {{{0x0300, 0x036f},
                                             {0x0483, 0x0489},
                                             {0x1ab0, 0x1aff},
                                             {0x1dc0, 0x1dff},
                                             {0x200c, 0x200d},
                                             {0x20d0, 0x20ff},
                                             {0xfe00, 0xfe0f},
                                             {0x1f3fb, 0x1f3ff}}};
  return is_one_of(marks, letter);
}

// At most `max` letters, and one or two more where there are more.
std::u32string harmless(std::string_view text, std::size_t max) {
  std::u32string out;
  std::size_t marks = 0;
  bool is_after_blank = false;  // Which is written when a letter follows.
  for (std::size_t at = 0; at < text.size() && out.size() <= max;) {
    const char32_t letter = next_utf8(text, at);
    if (is_blank(letter)) is_after_blank = !out.empty();
    if (is_blank(letter) || is_harmful(letter)) continue;
    marks = is_mark(letter) ? marks + 1 : 0;
    if (marks > marks_max) continue;
    if (std::exchange(is_after_blank, false)) out += ' ';
    out += letter;
  }
  return out;
}

std::string value_text(const std::string& value, Escape escape) {
  const std::string text = fit(value, value_max, escape);
  return text.empty() ? "–" : text;
}

// What the summary says is the title, or all in the only line.
bool is_summary_needless(const event::Story& story) {
  if (story.summary.empty() || story.summary == story.title) return true;
  if (story.lines.size() != 1 || story.lines_in_all > 1) return false;
  const event::StoryLine& line = story.lines.front();
  const auto says = [&](const std::string& text) { return story.summary.find(text) != std::string::npos; };
  const std::size_t said = line.element.size() + line.what.size() + line.before.size() + line.after.size();
  return says(line.element) && says(line.what) && says(line.before) && says(line.after) &&
         story.summary.size() < said + 12;
}

}  // namespace

std::string plain(char32_t, char32_t letter, char32_t) {
  std::string out;
  append_utf8(out, letter);
  return out;
}

std::size_t utf16_length(std::string_view utf8) {
  std::size_t units = 0;
  for (std::size_t at = 0; at < utf8.size();) units += next_utf8(utf8, at) > 0xffff ? 2 : 1;
  return units;
}

std::string fit(std::string_view text, std::size_t max, Escape escape) {
  const std::u32string letters = harmless(text, max);
  const auto letter_at = [&](std::size_t at) { return at < letters.size() ? letters[at] : U'\0'; };
  std::string out;
  std::size_t units = 0, kept = 0;  // `kept`: bytes up to where "…" may follow.
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const std::string piece = escape(i == 0 ? U'\0' : letters[i - 1], letters[i], letter_at(i + 1));
    units += utf16_length(piece);
    if (units > max) return max == 0 ? "" : out.substr(0, kept) + "…";
    out += piece;
    if (units < max && letters[i] != 0x200d && !is_mark(letter_at(i + 1))) kept = out.size();
  }
  return out;
}

bool is_word_letter(char32_t letter) {
  if (letter < 0x80)
    return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
  constexpr std::array<Letters, 4> others = {{{0x80, 0xbf}, {0x2000, 0x2bff}, {0x3000, 0x303f}, {0xff00, 0xff0f}}};
  return !is_one_of(others, letter);
}

bool begins_block(char32_t before, char32_t letter, char32_t after) {
  if (before != 0) return false;
  if (letter == '#') return true;
  return (letter == '-' || letter == '+' || letter == '=') &&
         (after == 0 || after == ' ' || after == '#' || after == letter);
}

bool is_ascii_name(std::string_view text, std::size_t max) {
  return !text.empty() && text.size() <= max && std::all_of(text.begin(), text.end(), [](char c) {
    return c > 0 && (is_word_letter(static_cast<char32_t>(c)) || c == '-' || c == '_' || c == '.');
  });
}

std::string change_text(const event::StoryLine& line, Escape escape) {
  const std::string what = fit(line.what, what_max, escape);
  if (line.before.empty() && line.after.empty()) return what;
  const std::string values = value_text(line.before, escape) + " → " + value_text(line.after, escape);
  return what.empty() ? values : what + ": " + values;
}

std::string rest_text(const event::Story& story, std::size_t shown) {
  const std::size_t all = std::max(story.lines_in_all, story.lines.size());
  return shown < all ? "and " + std::to_string(all - shown) + " more" : "";
}

std::string title_text(const event::Story& story, std::size_t max, Escape escape) {
  for (const std::string* text : {&story.title, &story.type}) {
    if (std::string title = fit(*text, max, escape); !title.empty()) return title;
  }
  return fit("aecos", max, escape);
}

std::string summary_text(const event::Story& story, std::size_t max, Escape escape) {
  return is_summary_needless(story) ? "" : fit(story.summary, max, escape);
}

bool is_link(std::string_view url, std::size_t max) {
  const std::size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (scheme == 0 || url.size() <= scheme || url.size() > max) return false;
  return std::all_of(url.begin(), url.end(), [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("\"'<>()[]{}\\|^`*").find(c) == std::string_view::npos;
  });
}

std::string time_text(const std::string& time) {
  if (!seconds_of(time)) return time;
  return time.substr(0, 10) + " " + time.substr(11, 5) + " UTC";
}

std::vector<std::pair<std::string, std::string>> other_facts(const event::Story& story) {
  std::vector<std::pair<std::string, std::string>> facts = story.facts;
  std::erase_if(facts, [&](const auto& fact) { return fact.second == story.project || fact.second == story.branch; });
  return facts;
}

std::string place_text(const event::Story& story, Escape escape) {
  std::string out = fit(story.project, element_max, escape);
  for (const std::string& part : {fit(story.branch, element_max, escape), fit(time_text(story.time), 40, escape)}) {
    if (!part.empty()) out += (out.empty() ? "" : " · ") + part;
  }
  return out;
}

}  // namespace aecos::notify
