#pragma once
// Telling a team's chat of what was shared, by the client itself: for projects without a hub.

#include "cli/command.h"
#include "sync/sync.h"

namespace aecos::cli {

// Posts to the user's own webhooks (SLACK_WEBHOOK, TEAMS_WEBHOOK, DISCORD_WEBHOOK; see own_settings.h) if this sync
// shared something or met a conflict, and the remote is no hub, which tells by itself. What cannot be delivered is a
// warning: what was shared is shared.
void tell_directly(Context& context, const std::string& root, const sync::SyncReport& report);

}  // namespace aecos::cli
