#include "hub/project_file.h"

#include "forge/settings.h"
#include "os/zone.h"
#include "revision/validation.h"
#include "routing/settings.h"

namespace aecos::hub {

Result<> parse_project_file(std::string_view path, std::string_view bytes) {
  const auto forget = [](const auto& parsed) { return parsed ? Result<>() : Result<>(parsed.error()); };
  if (path == routing::settings_path) return forget(routing::parse_settings(bytes, os::zone_minutes));
  if (path == forge::settings_path) return forget(forge::parse_settings(bytes));
  return revision::parse_own_file(path, bytes);
}

}  // namespace aecos::hub
