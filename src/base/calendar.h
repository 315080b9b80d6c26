#pragma once
// The Gregorian calendar.

#include <cstdint>
#include <optional>
#include <string_view>

namespace aecos {

constexpr bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

// Of a month, from 1 to 12.
constexpr std::int64_t days_in(std::int64_t year, std::int64_t month) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Seconds since 1970 of an RFC 3339 time in UTC ("2026-11-25T09:00:00.000000Z"), without fractions of them.
std::optional<std::int64_t> seconds_of(std::string_view time);

}  // namespace aecos
