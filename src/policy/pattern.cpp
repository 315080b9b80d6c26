#include <algorithm>
#include <array>
#include <vector>

#include "base/utf8.h"
#include "policy/pattern_internal.h"
#include "policy/policy.h"

namespace aecos::policy {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (true) {
    const std::size_t end = path.find('/');
    segments.push_back(path.substr(0, end));
    if (end == std::string_view::npos) return segments;
    path.remove_prefix(end + 1);
  }
}

// '*' and '?' against one segment. The last star alone is tried again: quadratic at worst.
bool matches_segment(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
      ++p;
      ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool is_name(std::string_view segment) { return segment.starts_with('{') && segment.ends_with('}'); }

// What cannot be seen, or turns the direction of writing, or is dropped by HFS+.
bool is_invisible(char32_t code) {
  return (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2060 && code <= 0x206f) || code == 0xfeff || code == 0xad || code == 0x34f || code == 0x180e ||
         (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0000 && code <= 0xe0fff) || (code >= 0x80 && code < 0xa0);
}

// Characters that look like a dot, a slash or a backslash.
bool is_false_separator(char32_t code) {
  constexpr std::array<char32_t, 13> codes{0xff0e, 0xff0f, 0xff3c, 0x2024, 0x2025, 0x2026, 0x2044,
                                           0x2215, 0x29f8, 0xfe52, 0x2571, 0x3002, 0xff61};
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// Cyrillic and Greek letters that look like the Latin ones of the names we keep for ourselves.
char32_t latin(char32_t code) {
  if (code >= 0xff01 && code <= 0xff5e) return code - 0xfee0;
  constexpr std::array<std::pair<char32_t, char32_t>, 12> alike{{{0x430, 'a'},
                                                                 {0x435, 'e'},
                                                                 {0x441, 'c'},
                                                                 {0x43e, 'o'},
                                                                 {0x455, 's'},
                                                                 {0x456, 'i'},
                                                                 {0x458, 'j'},
                                                                 {0x3bf, 'o'},
                                                                 {0x3b1, 'a'},
                                                                 {0x131, 'i'},
                                                                 {0x17f, 's'},
                                                                 {0x261, 'g'}}};
  for (const auto& [from, to] : alike) {
    if (code == from) return to;
  }
  return code;
}

std::string segment_fault(std::string_view segment) {
  if (segment.empty() || segment == "." || segment == "..") return "has an empty part or leads elsewhere";
  if (segment.ends_with('.') || segment.ends_with(' '))
    return "has a part that ends in a dot or blank, which Windows drops";
  return "";
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    char32_t code = latin(next_utf8(text, at));
    if (code >= 'A' && code <= 'Z') code += 'a' - 'A';
    if (code >= 0x410 && code <= 0x42f) code = latin(code + 0x20);
    if ((code >= 0xc0 && code <= 0xde && code != 0xd7)) code += 0x20;
    append_utf8(out, code);
  }
  return out;
}

std::string path_fault(std::string_view path) {
  if (!is_utf8(path)) return "is not UTF-8";
  for (std::size_t at = 0; at < path.size();) {
    const char32_t code = next_utf8(path, at);
    if (code < ' ' || code == 0x7f || is_invisible(code)) return "has characters that cannot be seen";
    if (code == '\\' || is_false_separator(code)) return "has a character that can be taken for '/' or '.'";
  }
  for (const std::string_view segment : segments_of(path)) {
    if (std::string fault = segment_fault(segment); !fault.empty()) return fault;
  }
  const std::string plain = folded(path);
  const std::string first = plain.substr(0, plain.find('/'));
  if (first == ".git") return "is git's own";
  for (const std::string_view ours : {".aecos", ".gitattributes", ".lfsconfig", ".gitmodules"}) {
    if (first == ours && path.substr(0, path.find('/')) != ours)
      return "can be taken for " + std::string(ours) + ", which it is not";
  }
  if (plain == roles_path && path != roles_path) return "can be taken for " + std::string(roles_path);
  // An 8.3 name under which Windows would find .aecos or .git.
  if (first.starts_with("aecos~") || first.starts_with("git~"))
    return "is a short name Windows may use for another folder";
  return "";
}

bool matches(std::string_view pattern, std::string_view path) {
  const auto wanted = segments_of(pattern), have = segments_of(path);
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < have.size()) {
    if (p < wanted.size() && wanted[p] == "**") {
      star = p++;
      mark = t;
    } else if (p < wanted.size() && (is_name(wanted[p]) || matches_segment(wanted[p], have[t]))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < wanted.size() && wanted[p] == "**") ++p;
  return p == wanted.size();
}

std::string named_part(std::string_view pattern, std::string_view text, std::string_view name) {
  const auto wanted = segments_of(pattern), have = segments_of(text);
  for (std::size_t i = 0; i < std::min(wanted.size(), have.size()); ++i) {
    if (wanted[i] == "**") break;
    if (wanted[i] == name) return std::string(have[i]);
  }
  return "";
}

}  // namespace aecos::policy
