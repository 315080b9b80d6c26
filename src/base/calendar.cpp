#include "base/calendar.h"

#include <chrono>

namespace aecos {
namespace {

// "2026-11-25T09:00:00", with or without a fraction, and "Z".
bool has_form_of_time(std::string_view text) {
  constexpr std::string_view form = "0000-00-00T00:00:00";
  if (text.size() <= form.size() || !text.ends_with('Z')) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !is_digit : text[i] != form[i]) return false;
  }
  const std::string_view fraction = text.substr(form.size(), text.size() - form.size() - 1);
  return fraction.empty() || (fraction.size() > 1 && fraction.size() < 11 && fraction[0] == '.' &&
                              fraction.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

// The number that those digits say.
int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int number = 0;
  for (std::size_t i = at; i < at + digits; ++i) number = number * 10 + (text[i] - '0');
  return number;
}

}  // namespace

std::optional<std::int64_t> seconds_of(std::string_view time) {
  using namespace std::chrono;
  if (!has_form_of_time(time)) return {};
  const int y = number_at(time, 0, 4), m = number_at(time, 5, 2), d = number_at(time, 8, 2);
  const int hour = number_at(time, 11, 2), minute = number_at(time, 14, 2), second = number_at(time, 17, 2);
  const year_month_day day(year(y), month(static_cast<unsigned>(m)), std::chrono::day(static_cast<unsigned>(d)));
  if (!day.ok() || hour > 23 || minute > 59 || second > 59) return {};
  return (sys_days(day).time_since_epoch() + hours(hour) + minutes(minute) + seconds(second)) / seconds(1);
}

}  // namespace aecos
