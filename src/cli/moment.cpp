#include "cli/moment.h"

#include "base/calendar.h"

namespace aecos::cli {
namespace {

std::string local_text(Context& context, std::int64_t time_s) {
  constexpr std::int64_t minute_s = 60, second_us = 1'000'000;
  return os::to_utc_text((time_s + context.environment.minutes_east(time_s) * minute_s) * second_us);
}

}  // namespace

std::string moment_text(Context& context, std::int64_t time_s) {
  std::string text = local_text(context, time_s);
  text.resize(16);
  text[10] = ' ';
  return text;
}

std::string moment_text(Context& context, std::string_view time) {
  const auto seconds = seconds_of(time);
  return seconds ? moment_text(context, *seconds) : printable(time);
}

std::string moment_text(Context& context, text::JsonNode time) {
  return moment_text(context, time.as_string().value_or(std::string_view()));
}

std::string clock_text(Context& context) {
  return local_text(context, context.clock.now_us() / 1'000'000).substr(11, 8);
}

}  // namespace aecos::cli
