#pragma once
// aecos sync --watch, and what it tells.

#include "cli/command.h"
#include "sync/sync.h"

namespace aecos::cli {

// Until somebody asks it to end.
Result<int> watch(Context& context, bool as_json);

// What a sync did, as `aecos sync` tells it: in words, or as one JSON object.
void say_report(Terminal& terminal, const sync::SyncReport& report, bool told_offline);
std::string report_json(const sync::SyncReport& report, std::size_t indent);

}  // namespace aecos::cli
