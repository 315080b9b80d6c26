#pragma once
// Times as people read them: by the clocks where they are. What machines read has them in UTC.

#include "cli/command.h"
#include "text/json.h"

namespace aecos::cli {

std::string moment_text(Context& context, std::int64_t time_s);  // "2026-11-22 10:15"
// Of an RFC 3339 time in UTC; the text itself where it is none.
std::string moment_text(Context& context, std::string_view time);
std::string moment_text(Context& context, text::JsonNode time);
std::string clock_text(Context& context);  // "10:15:30", now.

}  // namespace aecos::cli
