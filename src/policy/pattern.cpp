#include <algorithm>

#include "policy/fold_internal.h"
#include "policy/pattern_internal.h"
#include "policy/policy.h"

namespace aecos::policy {
namespace {

using Segments = std::vector<std::string_view>;

Segments segments_of(std::string_view path) {
  Segments segments;
  while (true) {
    const std::size_t end = path.find('/');
    segments.push_back(path.substr(0, end));
    if (end == std::string_view::npos) return segments;
    path.remove_prefix(end + 1);
  }
}

bool is_name(std::string_view segment) { return segment == "{member}" || segment == "{role}"; }
bool has_wildcard(std::string_view segment) {
  return is_name(segment) || segment.find_first_of("*?") != std::string_view::npos;
}

// fits(place in the pattern, place in the path)
template <class Fits>
bool matches_segments(const Segments& wanted, const Segments& have, const Fits& fits) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < have.size()) {
    if (p < wanted.size() && wanted[p] == "**") {
      star = p++;
      mark = t;
    } else if (p < wanted.size() && fits(p, t)) {
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

}  // namespace

bool matches_text(std::string_view pattern, std::string_view text) {
  const auto next_character = [&](std::size_t t) {
    do ++t;
    while (t < text.size() && (static_cast<unsigned char>(text[t]) & 0xc0U) == 0x80U);
    return t;
  };
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t = next_character(t);
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
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

bool matches(std::string_view pattern, std::string_view path) {
  const Segments wanted = segments_of(pattern), have = segments_of(path);
  return matches_segments(wanted, have, [&](std::size_t p, std::size_t t) {
    return is_name(wanted[p]) ? !have[t].empty() : matches_text(wanted[p], have[t]);
  });
}

bool matches(std::string_view pattern, std::string_view path, const Names& names) {
  const Segments wanted = segments_of(pattern), have = segments_of(path);
  return matches_segments(wanted, have, [&](std::size_t p, std::size_t t) {
    if (wanted[p] == "{member}") return have[t] == names.member && !names.member.empty();
    if (wanted[p] == "{role}") return std::find(names.roles.begin(), names.roles.end(), have[t]) != names.roles.end();
    return matches_text(wanted[p], have[t]);
  });
}

Names folded(const Names& names) {
  Names plain{folded(names.member), {}};
  for (const std::string& role : names.roles) plain.roles.push_back(folded(role));
  return plain;
}

bool can_be_taken_for(std::string_view pattern, std::string_view folded_pattern, std::string_view path,
                      std::string_view folded_path) {
  const Segments wanted = segments_of(pattern), have = segments_of(path);
  const Segments plain_wanted = segments_of(folded_pattern), plain_have = segments_of(folded_path);
  // A path or pattern with a character that folds to '/' has other segments than it seems; see path_fault().
  if (wanted.size() != plain_wanted.size() || have.size() != plain_have.size()) return false;
  const auto fits = [&](std::size_t p, std::size_t t) {
    return is_name(wanted[p]) ? !have[t].empty() : matches_text(plain_wanted[p], plain_have[t]);
  };
  const auto fits_truly = [&](std::size_t p, std::size_t t) {
    return has_wildcard(wanted[p]) ? fits(p, t) : wanted[p] == have[t];
  };
  return matches_segments(wanted, have, fits) && !matches_segments(wanted, have, fits_truly);
}

std::string pattern_fault(std::string_view pattern) {
  if (pattern.empty()) return "is empty; everything is \"**\"";
  if (pattern.size() > pattern_max) return "is longer than " + std::to_string(pattern_max) + " bytes";
  for (const std::string_view segment : segments_of(pattern)) {
    if (segment.empty() || segment == "." || segment == "..") return "has an empty part, \".\" or \"..\"";
    if (segment.find_first_of("{}") != std::string_view::npos && !is_name(segment))
      return "has braces; {member} and {role} are all that may stand in them, as whole parts";
    if (segment != "**" && segment.find("**") != std::string_view::npos)
      return "has \"**\" beside something else; it stands alone between '/'";
  }
  return "";
}

}  // namespace aecos::policy
