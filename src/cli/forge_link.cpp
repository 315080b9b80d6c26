#include "cli/forge_link.h"

#include "cli/own_settings.h"

namespace aecos::cli {
namespace {

constexpr std::int64_t timeout_ms = 10'000;

std::string variable_of(forge::Kind kind, const std::string& end) {
  return (kind == forge::Kind::github ? "GITHUB" : kind == forge::Kind::gitlab ? "GITLAB" : "GITEA") + end;
}

}  // namespace

std::string token_variable(forge::Kind kind) { return variable_of(kind, "_TOKEN"); }

Result<std::optional<forge::Settings>> read_forge(Context& context, const sync::Workspace& workspace) {
  const std::string path(forge::settings_path);
  const auto json = context.files.read(workspace.full(path));
  if (!json && json.error().code == ErrorCode::not_found) return std::optional<forge::Settings>();
  if (!json) return json.error();
  auto settings = forge::parse_settings(*json);
  if (!settings) return Error{ErrorCode::invalid_input, at_file(path, settings.error().message)};
  return std::optional<forge::Settings>(*std::move(settings));
}

Result<forge::Access> forge_access(Context& context, sync::Workspace& workspace, const forge::Settings& settings) {
  AECOS_TRY_ASSIGN(const OwnSettings own, OwnSettings::of(context, workspace.root));
  forge::Access access{settings.kind, settings.repository, settings.api};
  const std::string token_name = token_variable(settings.kind), api_name = variable_of(settings.kind, "_API_URL");
  access.token = own.value(token_name);
  if (access.token.empty())
    return Error{ErrorCode::not_found, "there is no token for " + std::string(forge::name_of(settings.kind)) +
                                           "; put one into " + token_name + ", or into .env, which git must ignore"};
  std::string meant = own.value(api_name);
  while (meant.ends_with('/')) meant.pop_back();
  if (settings.api != forge::default_api(settings.kind) && settings.api != meant)
    return Error{ErrorCode::denied, token_name + " is not sent to " + forge::host_of(settings.api) +
                                        " because the project says so alone; if it is meant for it, set " + api_name +
                                        "=" + settings.api};
  access.now_s = context.clock.now_us() / 1'000'000;
  access.timeout_ms = timeout_ms;
  return access;
}

}  // namespace aecos::cli
