#include "os/zone.h"

#include <date/tz.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace aecos::os {

std::optional<int> zone_minutes(const std::string& zone, std::int64_t at_us) {
  const bool is_name = !zone.empty() && std::all_of(zone.begin(), zone.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  });
  if (!is_name) return std::nullopt;  // The name becomes the path of a file.
  try {
    const date::sys_time<std::chrono::microseconds> at{std::chrono::microseconds(at_us)};
    const auto offset = date::locate_zone(zone)->get_info(at).offset;
    return static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(offset).count());
  } catch (const std::runtime_error&) {  // No such zone, or no database.
    return std::nullopt;
  }
}

}  // namespace aecos::os
