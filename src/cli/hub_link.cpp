#include "cli/hub_link.h"

#include "http/client.h"

namespace aecos::cli {

Result<sync::HubLink> open_hub(Context& context, sync::Workspace& workspace) {
  static_cast<void>(context);
  AECOS_TRY_ASSIGN(auto link, sync::HubLink::open(workspace, http::make_client()));
  if (link) return *std::move(link);
  return Error{ErrorCode::invalid_input,
               "the project's remote is no aecos hub; where it is one, run aecos init again to use it"};
}

std::string text_of(text::JsonNode node) { return std::string(node.as_string().value_or(std::string_view())); }

}  // namespace aecos::cli
