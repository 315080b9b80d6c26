#pragma once
// The forms of a mail: RFC 5322 headers with RFC 2047 words, RFC 2045 bodies.

#include <cstdint>
#include <string>
#include <string_view>

namespace aecos::notify {

// A header's value of any text: as it is where it is plain ASCII, else as encoded words, folded. Line breaks cannot
// come through: see fit().
std::string header_text(std::string_view text);
// A person's or program's name before an address: a quoted string, or encoded words.
std::string display_name(std::string_view text);

// Quoted-printable of UTF-8 text with \n or \r\n; lines of at most 76 characters that end with CRLF.
std::string quoted_printable(std::string_view text);

// "Wed, 25 Nov 2026 09:00:00 +0000"
std::string mail_date(std::int64_t time_ms);

// & < > " and ' as HTML writes them; an Escape of text_internal.h.
std::string html(char32_t before, char32_t letter, char32_t after);

}  // namespace aecos::notify
