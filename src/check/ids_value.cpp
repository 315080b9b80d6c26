#include "check/ids_value.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/ascii.h"
#include "step/token.h"
#include "text/json_writer.h"

namespace aecos::check {
namespace {

constexpr double tolerance = 1.0e-6;

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// Takes one or more digits off the front.
bool take_digits(std::string_view& text, std::size_t exactly = 0) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  if (exactly > 0 ? count != exactly : count == 0) return false;
  text.remove_prefix(count);
  return true;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

void take_sign(std::string_view& text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
}

bool take_date(std::string_view& text) {
  return take_digits(text, 4) && take(text, '-') && take_digits(text, 2) && take(text, '-') && take_digits(text, 2);
}

bool take_time(std::string_view& text) {
  if (!(take_digits(text, 2) && take(text, ':') && take_digits(text, 2) && take(text, ':') && take_digits(text, 2)))
    return false;
  return !take(text, '.') || take_digits(text);
}

bool is_zone(std::string_view text) {
  if (text.empty() || text == "Z") return true;
  if (text[0] != '+' && text[0] != '-') return false;
  text.remove_prefix(1);
  return take_digits(text, 2) && take(text, ':') && take_digits(text, 2) && text.empty();
}

bool take_parts(std::string_view& text, std::string_view units, bool& any) {
  for (const char unit : units) {
    std::string_view rest = text;
    if (take_digits(rest) && unit == 'S' && take(rest, '.') && !take_digits(rest)) return false;
    if (rest.size() == text.size() || !take(rest, unit)) continue;
    text = rest;
    any = true;
  }
  return true;
}

bool is_duration(std::string_view text) {
  take_sign(text);
  bool any = false, any_time = false;
  if (!take(text, 'P') || !take_parts(text, "YMWD", any)) return false;
  if (take(text, 'T') && (!take_parts(text, "HMS", any_time) || !any_time)) return false;
  return text.empty() && (any || any_time);
}

// Shrunk where the bound itself is not in, stretched where it is, so that rounding decides nothing twice.
bool in_bounds(const IdsValue& value, double actual) {
  const auto margin = [](double v) { return std::abs(v) * tolerance + tolerance; };
  if (value.lower) {
    const double v = value.lower->number.value_or(std::numeric_limits<double>::quiet_NaN());
    if (!(value.lower->inclusive ? actual >= v - margin(v) : actual > v + margin(v))) return false;
  }
  if (value.upper) {
    const double v = value.upper->number.value_or(std::numeric_limits<double>::quiet_NaN());
    if (!(value.upper->inclusive ? actual <= v + margin(v) : actual < v - margin(v))) return false;
  }
  return true;
}

// A duration as XML Schema counts it: months and seconds, which no number of the one makes the other.
struct Duration {
  double months = 0, seconds = 0;
};

Duration duration_of(std::string_view text) {
  Duration duration;
  const double sign = text.starts_with('-') ? -1 : 1;
  bool time = false;
  for (std::size_t at = 0; at < text.size();) {
    time = time || text[at] == 'T';
    std::size_t end = at;
    while (end < text.size() && (is_digit(text[end]) || text[end] == '.')) ++end;
    double number = 0;
    if (end == at || end == text.size() || !step::number_value(text.substr(at, end - at), number)) {
      at = end + 1;
      continue;
    }
    const char unit = text[end];
    if (unit == 'Y') duration.months += sign * number * 12;
    if (unit == 'M' && !time) duration.months += sign * number;
    if (unit == 'W') duration.seconds += sign * number * 7 * 86400;
    if (unit == 'D') duration.seconds += sign * number * 86400;
    if (unit == 'H') duration.seconds += sign * number * 3600;
    if (unit == 'M' && time) duration.seconds += sign * number * 60;
    if (unit == 'S') duration.seconds += sign * number;
    at = end + 1;
  }
  return duration;
}

// Whether a is less (or, if wanted, equal) for certain: from whatever day they are counted. A month has 28 to 31 days.
bool is_less(const Duration& a, const Duration& b, bool or_equal) {
  const double months = b.months - a.months, days = months >= 0 ? 28 : 31;
  const double least = months * days * 86400 + b.seconds - a.seconds;
  return least > 0 || (or_equal && least == 0);
}

// Dates and times of one form compare as texts do.
bool in_bounds(const IdsValue& value, std::string_view actual) {
  if (!value.lower && !value.upper) return true;
  if (value.base != "date" && value.base != "dateTime" && value.base != "time" && value.base != "duration")
    return false;
  if (!has_form(value.base, actual)) return false;
  const auto in_order = [&](std::string_view a, std::string_view b, bool or_equal) {
    if (value.base == "duration") return is_less(duration_of(a), duration_of(b), or_equal);
    return a < b || (or_equal && a == b);
  };
  return (!value.lower || in_order(value.lower->text, actual, value.lower->inclusive)) &&
         (!value.upper || in_order(actual, value.upper->text, value.upper->inclusive));
}

bool matches_text(const IdsValue& value, std::string_view text) {
  const auto is = [&](const IdsValue::Literal& literal) { return literal.text == text; };
  if (!value.literals.empty() && std::none_of(value.literals.begin(), value.literals.end(), is)) return false;
  const auto fits = [&](const Pattern& pattern) { return pattern.matches(text); };
  if (!value.patterns.empty() && std::none_of(value.patterns.begin(), value.patterns.end(), fits)) return false;
  if (value.length || value.min_length || value.max_length) {
    const std::size_t count = characters(text);
    if (value.length && count != *value.length) return false;
    if (count < value.min_length.value_or(0) || count > value.max_length.value_or(count)) return false;
  }
  return !value.total_digits && !value.fraction_digits && in_bounds(value, text);
}

bool matches_digits(const IdsValue& value, double number) {
  if (!value.total_digits && !value.fraction_digits) return true;
  const std::string text = text::json_number(std::abs(number));
  if (text.find('e') != std::string::npos || text.find('E') != std::string::npos) return false;
  const std::size_t point = text.find('.');
  const std::size_t fraction = point == std::string::npos || text.substr(point) == ".0" ? 0 : text.size() - point - 1;
  const std::size_t whole = std::min(point, text.size()) - (text.starts_with("0.") ? 1 : 0);
  return fraction <= value.fraction_digits.value_or(fraction) &&
         whole + fraction <= value.total_digits.value_or(whole + fraction);
}

bool matches_number(const IdsValue& value, double number) {
  if (!value.patterns.empty() || value.length || value.min_length || value.max_length) return false;
  const auto is = [&](const IdsValue::Literal& literal) {
    return literal.number && equal_number(number, *literal.number);
  };
  if (!value.literals.empty() && std::none_of(value.literals.begin(), value.literals.end(), is)) return false;
  return in_bounds(value, number) && matches_digits(value, number);
}

bool matches_boolean(const IdsValue& value, bool truth) {
  const auto is = [&](const IdsValue::Literal& literal) {
    return truth ? literal.text == "true" || literal.text == "1" : literal.text == "false" || literal.text == "0";
  };
  if (value.lower || value.upper || value.length || value.min_length || value.max_length) return false;
  if (!value.patterns.empty() &&
      std::none_of(value.patterns.begin(), value.patterns.end(),
                   [&](const Pattern& pattern) { return pattern.matches(truth ? "true" : "false"); }))
    return false;
  return value.literals.empty() || std::any_of(value.literals.begin(), value.literals.end(), is);
}

}  // namespace

bool equal_number(double actual, double expected) {
  // What is told as the bound itself is in, though binary fractions may put it a trifle beyond.
  constexpr double slack = 1 + 1e-9;
  const double margin = std::abs(expected) * tolerance + tolerance;
  return actual == expected || std::abs(actual - expected) <= margin * slack;
}

std::optional<double> ids_number(std::string_view text) {
  if (!has_form("double", text) || text == "NaN") return std::nullopt;
  if (text == "+INF" || text == "INF") return std::numeric_limits<double>::infinity();
  if (text == "-INF") return -std::numeric_limits<double>::infinity();
  double number = 0;
  return step::number_value(text, number) ? std::optional(number) : std::nullopt;
}

bool has_form(std::string_view base, std::string_view text) {
  if (base == "boolean") return text == "true" || text == "false" || text == "0" || text == "1";
  if (base == "integer") return take_sign(text), take_digits(text) && text.empty();
  if (base == "date") return take_date(text) && is_zone(text);
  if (base == "dateTime") return take_date(text) && take(text, 'T') && take_time(text) && is_zone(text);
  if (base == "time") return take_time(text) && is_zone(text);
  if (base == "duration") return is_duration(text);
  if (base != "double") return true;
  if (text == "NaN" || text == "+INF" || text == "INF" || text == "-INF") return true;
  take_sign(text);
  const bool whole = take_digits(text), fraction = take(text, '.') && take_digits(text);
  if (!whole && !fraction) return false;
  if (text.empty()) return true;
  if (!take(text, 'e') && !take(text, 'E')) return false;
  take_sign(text);
  return take_digits(text) && text.empty();
}

bool matches(const IdsValue& value, const Actual& actual) {
  if (!value.given) return true;
  switch (actual.kind) {
    case Actual::Kind::number:
      return matches_number(value, actual.number);
    case Actual::Kind::boolean:
      return matches_boolean(value, actual.number != 0);
    case Actual::Kind::text:
      break;
  }
  return matches_text(value, actual.text);
}

std::string in_words(const IdsValue& value) {
  if (!value.given) return "anything";
  if (!value.restricted) return value.literals.front().text;
  std::string out;
  const auto add = [&](const std::string& part) { out += (out.empty() ? "" : " and ") + part; };
  std::string listed;
  for (std::size_t k = 0; k < value.literals.size() && k < 8; ++k) listed += (k ? ", " : "") + value.literals[k].text;
  if (value.literals.size() > 8) listed += " …";
  if (!value.literals.empty()) add(value.literals.size() == 1 ? listed : "one of " + listed);
  std::string like;
  for (const Pattern& pattern : value.patterns) like += (like.empty() ? "like " : " or ") + pattern.source();
  if (!like.empty()) add(like);
  if (value.lower) add((value.lower->inclusive ? "≥ " : "> ") + value.lower->text);
  if (value.upper) add((value.upper->inclusive ? "≤ " : "< ") + value.upper->text);
  if (value.length) add("exactly " + std::to_string(*value.length) + " characters");
  if (value.min_length) add("at least " + std::to_string(*value.min_length) + " characters");
  if (value.max_length) add("at most " + std::to_string(*value.max_length) + " characters");
  if (value.total_digits) add("at most " + std::to_string(*value.total_digits) + " digits");
  if (value.fraction_digits) add("at most " + std::to_string(*value.fraction_digits) + " decimals");
  return out;
}

}  // namespace aecos::check
