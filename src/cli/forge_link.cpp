#include "cli/forge_link.h"

#include "os/path.h"

namespace aecos::cli {
namespace {

constexpr const char* variables_file = ".env";
constexpr std::int64_t timeout_ms = 10'000;

std::string variable_of(forge::Kind kind, const std::string& end) {
  return (kind == forge::Kind::github ? "GITHUB" : kind == forge::Kind::gitlab ? "GITLAB" : "GITEA") + end;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

// What was committed, by whomever, is not the user's own.
Result<std::string> read_variables(sync::Workspace& workspace) {
  const auto bytes = workspace.world.files.read(workspace.full(variables_file));
  if (!bytes) return std::string();
  AECOS_TRY_ASSIGN(const auto ignored, workspace.program.ignored({variables_file}));
  if (ignored.empty()) return std::string();
  return *bytes;
}

}  // namespace

std::optional<std::string> variable_in(std::string_view file, std::string_view name) {
  while (!file.empty()) {
    const std::size_t end = std::min(file.find('\n'), file.size());
    std::string_view line = trimmed(file.substr(0, end));
    file.remove_prefix(std::min(file.size(), end + 1));
    if (line.starts_with("export ")) line = trimmed(line.substr(7));
    const std::size_t equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos || trimmed(line.substr(0, equals)) != name) continue;
    std::string_view value = trimmed(line.substr(equals + 1));
    const bool is_quoted = value.size() > 1 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0];
    return std::string(is_quoted ? value.substr(1, value.size() - 2) : value);
  }
  return std::nullopt;
}

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
  AECOS_TRY_ASSIGN(const std::string file, read_variables(workspace));
  const auto variable = [&](const std::string& name) {
    const auto found = context.environment.variable(name);
    return found && !found->empty() ? *found : variable_in(file, name).value_or("");
  };
  forge::Access access{settings.kind, settings.repository, settings.api};
  const std::string token_name = token_variable(settings.kind), api_name = variable_of(settings.kind, "_API_URL");
  access.token = variable(token_name);
  if (access.token.empty())
    return Error{ErrorCode::not_found, "there is no token for " + std::string(forge::name_of(settings.kind)) +
                                           "; put one into " + token_name + ", or into .env, which git must ignore"};
  std::string meant = variable(api_name);
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
