#pragma once
// The hub of the project a command works in.

#include "cli/command.h"
#include "sync/hub_link.h"

namespace aecos::cli {

// The error says what to do where the remote is no hub.
Result<sync::HubLink> open_hub(Context& context, sync::Workspace& workspace);

std::string text_of(text::JsonNode node);

}  // namespace aecos::cli
