#include "cli/own_settings.h"

#include "base/ascii.h"
#include "git/program.h"
#include "os/path.h"

namespace aecos::cli {
namespace {

constexpr const char* file_name = ".env";

}  // namespace

std::map<std::string, std::string> read_env_file(std::string_view text) {
  constexpr std::string_view exported = "export ", blanks = " \t\r";
  std::map<std::string, std::string> values;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, end), blanks);
    text.remove_prefix(std::min(text.size(), end + 1));
    if (line.starts_with(exported)) line.remove_prefix(exported.size());
    const std::size_t equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos) continue;
    std::string_view value = trimmed(line.substr(equals + 1), blanks);
    const bool is_quoted = value.size() > 1 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0];
    if (is_quoted) value = value.substr(1, value.size() - 2);
    values.insert_or_assign(std::string(trimmed(line.substr(0, equals), blanks)), std::string(value));
  }
  return values;
}

Result<OwnSettings> OwnSettings::of(Context& context, const std::string& root) {
  OwnSettings settings(context.environment);
  const auto bytes = context.files.read(os::join(root, file_name));
  if (!bytes) return settings;
  settings.file_ = read_env_file(*bytes);
  AECOS_TRY_ASSIGN(const auto ignored, git::Program(context.processes, root).ignored({file_name}));
  settings.is_ignored_ = !ignored.empty();
  return settings;
}

std::string OwnSettings::value(const std::string& name) const {
  if (auto value = environment_.variable(name); value && !value->empty()) return *std::move(value);
  const auto found = file_.find(name);
  return is_ignored_ && found != file_.end() ? found->second : "";
}

bool OwnSettings::is_passed_over(const std::string& name) const { return !is_ignored_ && file_.contains(name); }

}  // namespace aecos::cli
