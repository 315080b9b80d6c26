#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/ascii.h"
#include "base/calendar.h"
#include "bcf/bcf.h"

namespace aecos::bcf {
namespace {

constexpr std::int64_t day_us = std::int64_t{86'400} * 1'000'000;
constexpr int year_min = 1, year_max = 9999;

// Days since 1970-01-01; years begin in March, so that leap days come last.
std::int64_t days_since_1970(int year, int month, int day) {
  const int shifted = month <= 2 ? year - 1 : year;
  const int month_from_march = (month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  const std::int64_t leap_days = shifted / 4 - shifted / 100 + shifted / 400;
  constexpr std::int64_t until_1970 = 719'468;
  return std::int64_t{365} * shifted + leap_days + day_of_year - until_1970;
}

// Takes a text apart from its front.
class Parts {
 public:
  explicit Parts(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }
  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Exactly that many digits.
  bool number(std::size_t digits, int& value) {
    if (rest_.size() < digits) return false;
    for (std::size_t i = 0; i < digits; ++i)
      if (!is_digit(rest_[i])) return false;
    std::from_chars(rest_.data(), rest_.data() + digits, value);
    rest_.remove_prefix(digits);
    return true;
  }
  // The digits behind a point, as microseconds; what is finer is dropped.
  bool fraction(std::int64_t& microseconds) {
    std::int64_t unit = 100'000;
    std::size_t count = 0;
    for (; count < rest_.size() && is_digit(rest_[count]); ++count, unit /= 10)
      microseconds += (rest_[count] - '0') * unit;
    rest_.remove_prefix(count);
    return count > 0;
  }

 private:
  std::string_view rest_;
};

bool read_day(Parts& parts, std::int64_t& time) {
  int year = 0, month = 0, day = 0;
  if (!parts.number(4, year) || !parts.take('-') || !parts.number(2, month) || !parts.take('-') ||
      !parts.number(2, day))
    return false;
  if (year < year_min || month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return false;
  time = days_since_1970(year, month, day) * day_us;
  return true;
}

bool read_time(Parts& parts, std::int64_t& time) {
  int hour = 0, minute = 0, second = 0;
  if (!parts.number(2, hour) || !parts.take(':') || !parts.number(2, minute) || !parts.take(':') ||
      !parts.number(2, second))
    return false;
  std::int64_t fraction = 0;
  if (parts.take('.') && !parts.fraction(fraction)) return false;
  const bool midnight = hour == 24 && minute == 0 && second == 0 && fraction == 0;
  if ((hour > 23 && !midnight) || minute > 59 || second > 59) return false;
  time += (std::int64_t{hour} * 3600 + minute * 60 + second) * 1'000'000 + fraction;
  return true;
}

bool read_zone(Parts& parts, std::int64_t& time) {
  if (parts.done() || parts.take('Z')) return true;
  const bool east = parts.take('+');
  if (!east && !parts.take('-')) return false;
  int hour = 0, minute = 0;
  if (!parts.number(2, hour)) return false;
  static_cast<void>(parts.take(':'));  // Some write "+0200".
  if (!parts.number(2, minute) || hour > 14 || minute > 59) return false;
  time += (east ? -1 : 1) * (std::int64_t{hour} * 60 + minute) * 60 * 1'000'000;
  return true;
}

}  // namespace

std::optional<TimeUs> parse_date(std::string_view text) {
  Parts parts(text);
  std::int64_t time = 0;
  if (!read_day(parts, time)) return std::nullopt;
  const bool has_time = parts.take('T') || parts.take(' ');
  if (has_time && !read_time(parts, time)) return std::nullopt;
  if (!read_zone(parts, time) || !parts.done()) return std::nullopt;
  return time;
}

std::string date_text(TimeUs time) {
  time = std::clamp(time, days_since_1970(year_min, 1, 1) * day_us, days_since_1970(year_max, 12, 31) * day_us);
  std::int64_t days = time / day_us, rest = time % day_us;
  if (rest < 0) {
    rest += day_us;
    --days;
  }
  // The year is guessed from below, and its months are counted.
  int year = static_cast<int>(1970 + days / 366) - (days < 0 ? 1 : 0);
  year = std::max(year_min, year);
  while (year < year_max && days_since_1970(year + 1, 1, 1) <= days) ++year;
  while (year > year_min && days_since_1970(year, 1, 1) > days) --year;
  int month = 1;
  while (month < 12 && days_since_1970(year, month + 1, 1) <= days) ++month;
  const int day = static_cast<int>(days - days_since_1970(year, month, 1)) + 1;
  const std::int64_t seconds = rest / 1'000'000, fraction = rest % 1'000'000;
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day, static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  std::string out = text;
  if (fraction > 0) {
    std::snprintf(text, sizeof text, ".%06d", static_cast<int>(fraction));
    out += text;
    while (out.back() == '0') out.pop_back();
  }
  return out + "Z";
}

}  // namespace aecos::bcf
