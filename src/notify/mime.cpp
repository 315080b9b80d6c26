#include <algorithm>
#include <array>
#include <chrono>

#include "base/utf8.h"
#include "http/message.h"
#include "notify/mime_internal.h"
#include "notify/text_internal.h"

namespace aecos::notify {
namespace {

constexpr std::size_t word_max = 42;    // Bytes in an encoded word: with "=?UTF-8?B??=" 68 of the 75 allowed.
constexpr std::size_t line_max = 75;    // Of quoted-printable, without the "=" of a soft break.
constexpr std::size_t plain_max = 200;  // Of a header that is not folded.
constexpr std::string_view hex_digits = "0123456789ABCDEF";

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
}

// =?UTF-8?B?…?= of whole characters each, on a line each.
std::string encoded_words(std::string_view text) {
  std::string out, word;
  const auto flush = [&] {
    out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + http::base64_encode(word) + "?=";
    word.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    std::string letter;
    append_utf8(letter, next_utf8(text, at));
    if (word.size() + letter.size() > word_max) flush();
    word += letter;
  }
  if (!word.empty()) flush();
  return out;
}

void add_quoted(std::string& line, char c) {
  const auto byte = static_cast<unsigned char>(c);
  line += '=';
  line += hex_digits[byte >> 4U];
  line += hex_digits[byte & 15U];
}

// One line without its end.
void add_quoted_line(std::string& out, std::string_view text) {
  std::size_t length = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool is_last_blank = at + 1 == text.size() && (c == ' ' || c == '\t');
    std::string piece;
    if (c == '=' || c < ' ' || c == 0x7f || is_last_blank)  // A char above ASCII is negative.
      add_quoted(piece, c);
    else
      piece = c;
    if (length + piece.size() > line_max) {
      out += "=\r\n";
      length = 0;
    }
    out += piece;
    length += piece.size();
  }
}

}  // namespace

std::string header_text(std::string_view text) {
  const bool is_plain =
      is_printable_ascii(text) && text.find("=?") == std::string_view::npos && text.size() <= plain_max;
  return is_plain ? std::string(text) : encoded_words(text);
}

std::string display_name(std::string_view text) {
  if (!is_printable_ascii(text) || text.size() > word_max) return encoded_words(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    add_quoted_line(out, line);
    out += "\r\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string mail_date(std::int64_t time_ms) {
  using namespace std::chrono;
  constexpr std::array<const char*, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds time{floor<seconds>(milliseconds(time_ms))};
  const sys_days midnight = floor<days>(time);
  const year_month_day day(midnight);
  const hh_mm_ss clock(time - midnight);
  const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::string(weekdays[weekday(midnight).c_encoding()]) + ", " + two(static_cast<unsigned>(day.day())) + " " +
         months[static_cast<unsigned>(day.month()) - 1] + " " + std::to_string(static_cast<int>(day.year())) + " " +
         two(clock.hours().count()) + ":" + two(clock.minutes().count()) + ":" + two(clock.seconds().count()) +
         " +0000";
}

std::string html(char32_t before, char32_t letter, char32_t after) {
  switch (letter) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return plain(before, letter, after);
  }
}

}  // namespace aecos::notify
