#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace aecos::os {

// Minutes east of UTC that clocks of a zone of the IANA time zone database ("Europe/Berlin") show at a time
// (microseconds since 1970); absent: this system knows no such zone.
std::optional<int> zone_minutes(const std::string& zone, std::int64_t at_us);

}  // namespace aecos::os
