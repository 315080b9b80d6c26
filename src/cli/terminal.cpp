#include "cli/terminal.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ostream>

namespace aecos::cli {
namespace {

struct Range {
  char32_t first, last;
};

// Unicode's combining and invisible characters, as far as terminals agree on them.
constexpr std::array zero_width{
    Range{0x300, 0x36f},     Range{0x483, 0x489},     Range{0x591, 0x5bd},   Range{0x610, 0x61a},
    Range{0x64b, 0x65f},     Range{0x6d6, 0x6dc},     Range{0x93c, 0x93c},   Range{0x941, 0x948},
    Range{0xe31, 0xe31},     Range{0xe34, 0xe3a},     Range{0xe47, 0xe4e},   Range{0x1ab0, 0x1aff},
    Range{0x1dc0, 0x1dff},   Range{0x200b, 0x200f},   Range{0x202a, 0x202e}, Range{0x2060, 0x2064},
    Range{0x20d0, 0x20ff},   Range{0xfe00, 0xfe0f},   Range{0xfe20, 0xfe2f}, Range{0xfeff, 0xfeff},
    Range{0x1f3fb, 0x1f3ff}, Range{0xe0100, 0xe01ef},
};

// East Asian wide and fullwidth characters, and emoji.
constexpr std::array double_width{
    Range{0x1100, 0x115f},   Range{0x231a, 0x231b},   Range{0x2329, 0x232a},   Range{0x23e9, 0x23ec},
    Range{0x2614, 0x2615},   Range{0x2705, 0x2705},   Range{0x274c, 0x274c},   Range{0x2e80, 0x303e},
    Range{0x3041, 0xa4cf},   Range{0xa960, 0xa97f},   Range{0xac00, 0xd7a3},   Range{0xf900, 0xfaff},
    Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},   Range{0xffe0, 0xffe6},   Range{0x1f300, 0x1f3fa},
    Range{0x1f400, 0x1f64f}, Range{0x1f680, 0x1f6ff}, Range{0x1f900, 0x1f9ff}, Range{0x20000, 0x3fffd},
};

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t point) {
  auto found = std::upper_bound(ranges.begin(), ranges.end(), point, [](char32_t p, Range r) { return p < r.first; });
  return found != ranges.begin() && point <= std::prev(found)->last;
}

struct Character {
  char32_t point = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

Character next_character(std::string_view text) {
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  std::size_t length = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (lead >= 0xf5 || length == 0 || length > text.size()) return {};
  char32_t point = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    point = point << 6 | (byte(i) & 0x3fU);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  bool surrogate = point >= 0xd800 && point < 0xe000;
  if (point < least[length] || surrogate || point > 0x10ffff) return {};
  return {point, length, true};
}

std::size_t width_of(const Character& character) {
  if (!character.valid) return 1;
  if (character.point < 0x300) return 1;
  if (contains(zero_width, character.point)) return 0;
  return contains(double_width, character.point) ? 2 : 1;
}

// Direction marks can make a line read as something it is not.
bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x202a && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069) || point == 0x2028 || point == 0x2029;
}

std::string_view code(Paint paint) {
  switch (paint) {
    case Paint::plain:
      return "";
    case Paint::bold:
      return "1";
    case Paint::dim:
      return "2";
    case Paint::red:
      return "31";
    case Paint::green:
      return "32";
    case Paint::yellow:
      return "33";
    case Paint::blue:
      return "34";
  }
  return "";
}

std::string painted(bool colour, Paint paint, std::string_view text) {
  if (!colour || paint == Paint::plain || text.empty()) return std::string(text);
  return "\033[" + std::string(code(paint)) + "m" + std::string(text) + "\033[0m";
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  while (!utf8.empty()) {
    Character character = next_character(utf8);
    width += width_of(character);
    utf8.remove_prefix(character.bytes);
  }
  return width;
}

std::string fit(std::string_view utf8, std::size_t columns) {
  if (display_width(utf8) <= columns) return std::string(utf8);
  if (columns == 0) return "";
  std::size_t used = 0, at = 0;
  while (at < utf8.size()) {
    Character character = next_character(utf8.substr(at));
    if (used + width_of(character) > columns - 1) break;
    used += width_of(character);
    at += character.bytes;
  }
  return std::string(utf8.substr(0, at)) + "…";
}

std::string printable(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    Character character = next_character(text);
    if (!character.valid || (character.valid && character.point < 0x80 && is_control(character.point))) {
      auto byte = static_cast<unsigned char>(text[0]);
      if (byte == '\n') {
        out += "\\n";
      } else if (byte == '\t') {
        out += "\\t";
      } else {
        out += std::string("\\x") + digits[byte >> 4] + digits[byte & 15];
      }
    } else if (is_control(character.point)) {
      out += "\xef\xbf\xbd";
    } else {
      out += text.substr(0, character.bytes);
    }
    text.remove_prefix(character.bytes);
  }
  return out;
}

void Terminal::say(std::string_view text) {
  clear_progress();
  out_ << text << '\n';
}

void Terminal::raw(std::string_view text) {
  clear_progress();
  out_ << text;
}

void Terminal::warn(std::string_view text) {
  clear_progress();
  out_.flush();
  error_ << "aecos: " << painted(options_.error_colour, Paint::yellow, "warning:") << " " << printable(text)
         << std::endl;
}

void Terminal::fail(const Error& error) {
  clear_progress();
  out_.flush();
  error_ << painted(options_.error_colour, Paint::red, "aecos:") << " " << printable(error.message) << std::endl;
}

void Terminal::progress(std::string_view text) {
  if (!options_.live) return;
  error_ << "\r\033[K" << fit(printable(text), options_.width - 1) << std::flush;
  progress_shown_ = true;
}

void Terminal::clear_progress() {
  if (!progress_shown_) return;
  error_ << "\r\033[K" << std::flush;
  progress_shown_ = false;
}

std::string Terminal::paint(Paint paint, std::string_view text) const { return painted(options_.colour, paint, text); }

void Table::print(Terminal& terminal, std::size_t indent) const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    if (widths.size() < row.size()) widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i].text));
  }
  for (const auto& row : rows_) {
    std::string line(indent, ' ');
    std::size_t used = indent;
    for (std::size_t i = 0; i < row.size(); ++i) {
      bool last = i + 1 == row.size();
      if (widths[i] == 0 && !last) continue;
      // Piped output is for other programs: nothing is cut there.
      std::size_t room = last && terminal.colour() && terminal.width() > used + 10 ? terminal.width() - used : 10'000;
      line += terminal.paint(row[i].paint, fit(row[i].text, std::max<std::size_t>(room, widths[i] * !last)));
      if (!last) line += std::string(widths[i] - display_width(row[i].text) + 2, ' ');
      used += widths[i] + 2;
    }
    terminal.say(line);
  }
}

}  // namespace aecos::cli
