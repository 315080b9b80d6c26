#include "os/clock.h"

#include <chrono>
#include <cstdio>

namespace aecos::os {

std::string to_utc_text(std::int64_t time_us) {
  using namespace std::chrono;
  sys_time<microseconds> time{microseconds(time_us)};
  auto day = floor<days>(time);
  year_month_day date(day);
  hh_mm_ss<microseconds> clock(time - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

}  // namespace aecos::os
