#pragma once
// Users' text on its way into messages: made harmless, escaped, and cut to what a service takes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/story.h"

namespace aecos::notify {

// How a channel writes one character so that it stands for itself; 0 as a neighbour: the text's beginning or end.
using Escape = std::string (*)(char32_t before, char32_t letter, char32_t after);
std::string plain(char32_t before, char32_t letter, char32_t after);

// The text, escaped, with at most `max` UTF-16 code units, which no service counts more of; where it was cut it ends
// with "…". What would change how other text is read is gone: control characters, line breaks (blanks), characters that
// turn the direction of writing or are not seen, more than a few marks on one letter, bytes that are no UTF-8.
std::string fit(std::string_view text, std::size_t max, Escape escape = plain);

std::size_t utf16_length(std::string_view utf8);

// Letters and digits of any script (roughly: all above ASCII that is no blank or punctuation counts).
bool is_word_letter(char32_t letter);
// Of these and of '-', '_' and '.' alone, and not empty: safe in headers, ids and host names.
bool is_ascii_name(std::string_view text, std::size_t max);

// Would Markdown make a heading, a list or a rule of a text that begins so?
bool begins_block(char32_t before, char32_t letter, char32_t after);

// "FireRating: REI 60 → REI 120"; of a bare statement "added".
std::string change_text(const event::StoryLine& line, Escape escape = plain);
inline constexpr std::size_t element_max = 80, storey_max = 60, change_max = 440;  // Of an escaped line, in units.

// "and 280 more"; empty: all are shown.
std::string rest_text(const event::Story& story, std::size_t shown);

// Never empty.
std::string title_text(const event::Story& story, std::size_t max, Escape escape = plain);
// Empty also where the title or the only line says it already.
std::string summary_text(const event::Story& story, std::size_t max, Escape escape = plain);

// http or https, and nothing that could end the link in any format: of printable ASCII without quotes and brackets.
bool is_link(std::string_view url, std::size_t max);

// "2026-11-25 09:00 UTC"; the text itself where it is no time.
std::string time_text(const std::string& time);

// Without those that place_text() says: the project and the branch.
std::vector<std::pair<std::string, std::string>> other_facts(const event::Story& story);

// "house · develop · 2026-11-25 09:00 UTC"
std::string place_text(const event::Story& story, Escape escape = plain);

}  // namespace aecos::notify
