#pragma once
// Texts of forges and of their users, and times as forges write them.

#include <cstdint>
#include <string>
#include <string_view>

#include "text/json.h"

namespace aecos::forge {

bool is_letter_or_digit(char c);  // Of ASCII.
std::string in_lower_case(std::string_view text);

std::string string_of(text::JsonNode node);  // Empty: it is no string.

// On one line, without what turns the direction of writing or cannot be seen; at most so many characters, the last one
// "…" where something was cut. Well-formed UTF-8.
std::string cut(std::string_view text, std::size_t characters_max);
std::string line_of(text::JsonNode node, std::size_t characters_max = 200);

// http or https, of printable ASCII, nothing that ends a link; otherwise empty.
std::string link_of(text::JsonNode node);
// 40 or 64 hex digits; empty: none, or all zeros ("it is not there").
std::string commit_of(text::JsonNode node);
// "refs/heads/x" -> "x"; empty: no branch.
std::string branch_of(text::JsonNode ref);

// Microseconds since 1970 of "2026-11-25T09:00:00.5+01:00", "2026-11-25 09:00:00 UTC", or a number of seconds; 0: none.
std::int64_t time_of(text::JsonNode node);
std::int64_t time_of(std::string_view text);

// In the same time whatever the two have in common.
bool is_same_secret(std::string_view a, std::string_view b);

}  // namespace aecos::forge
