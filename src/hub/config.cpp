#include "hub/config.h"

#include <toml++/toml.h>

#include <charconv>
#include <functional>
#include <map>
#include <sstream>

#include "text/json.h"

namespace aecos::hub {
namespace {

struct Value {
  std::optional<std::string> text;
  std::optional<std::int64_t> number;
  std::string where;
};

using Set = std::function<Result<>(const Value&)>;

Error bad(const Value& value, const std::string& name, const std::string& wanted) {
  return {ErrorCode::invalid_input, value.where + ": " + name + ": " + wanted};
}

Set text_into(const std::string& name, std::string& target) {
  return [&target, name](const Value& value) -> Result<> {
    if (!value.text) return bad(value, name, "a text is wanted");
    target = *value.text;
    return {};
  };
}

template <class Number>
Set number_into(const std::string& name, Number& target, std::int64_t least, std::int64_t most, std::int64_t unit = 1) {
  return [&target, name, least, most, unit](const Value& value) -> Result<> {
    if (!value.number || *value.number < least || *value.number > most)
      return bad(value, name, "a number from " + std::to_string(least) + " to " + std::to_string(most) + " is wanted");
    target = static_cast<Number>(*value.number * unit);
    return {};
  };
}

std::map<std::string, Set> settings_of(Config& config) {
  constexpr std::int64_t most = 1LL << 50U;
  std::map<std::string, Set> settings{
      {"data", text_into("data", config.data)},
      {"url", text_into("url", config.url)},
      {"database", text_into("database", config.database)},
      {"tls.certificate", text_into("tls.certificate", config.certificate)},
      {"tls.key", text_into("tls.key", config.key)},
      {"log.file", text_into("log.file", config.log_file)},
      {"notify.key-file", text_into("notify.key-file", config.secret_key)},
      {"notify.allow", text_into("notify.allow", config.notify_allowed)},
      {"notify.ca-file", text_into("notify.ca-file", config.ca_file)},
      {"notify.give-up-hours", number_into("notify.give-up-hours", config.give_up_s, 1, 24 * 30, 3600)},
      {"mail.server", text_into("mail.server", config.mail_server)},
      {"mail.user", text_into("mail.user", config.mail_user)},
      {"mail.password-file", text_into("mail.password-file", config.mail_password_file)},
      {"mail.from", text_into("mail.from", config.mail_from)},
      {"mail.ca-file", text_into("mail.ca-file", config.mail_ca_file)},
      {"mail.plain", number_into("mail.plain", config.mail_plain, 0, 1)},
      {"limits.pack", number_into("limits.pack", config.pack_max, 1 << 20, most)},
      {"limits.large-object", number_into("limits.large-object", config.large_object_max, 1 << 20, most)},
      {"limits.connections", number_into("limits.connections", config.connections_max, 10, 1'000'000)},
      {"limits.validate-mb", number_into("limits.validate-mb", config.validate_max, 1, 1 << 20, 1 << 20)},
      {"limits.transfers", number_into("limits.transfers", config.slow_threads, 1, 10'000)},
      {"locks.lease-minutes", number_into("locks.lease-minutes", config.lock_lease_s, 1, 60 * 24 * 365, 60)},
      {"view.tools", text_into("view.tools", config.view_tools)},
      {"view.node", text_into("view.node", config.view_node)},
      {"view.memory-mb", number_into("view.memory-mb", config.view_memory_mb, 256, 4096)},
      {"view.patience-seconds", number_into("view.patience-seconds", config.view_patience_s, 1, 3600)},
      {"view.keep-mb", number_into("view.keep-mb", config.view_keep_bytes, 16, 1 << 20, 1 << 20)},
      {"sessions.days", number_into("sessions.days", config.session_s, 1, 365, 24 * 3600)},
  };
  settings["listen"] = [&config](const Value& value) -> Result<> {
    if (!value.text) return bad(value, "listen", "ADDRESS:PORT is wanted");
    auto read = read_listen(*value.text, config);
    return read ? read : bad(value, "listen", read.error().message);
  };
  settings["log.level"] = [&config](const Value& value) -> Result<> {
    const std::string level = value.text.value_or("");
    if (level != "debug" && level != "info" && level != "warn" && level != "error")
      return bad(value, "log.level", "debug, info, warn or error is wanted");
    config.log_level = level;
    return {};
  };
  return settings;
}

Result<> set(const std::map<std::string, Set>& settings, const std::string& name, const Value& value) {
  const auto found = settings.find(name);
  if (found == settings.end()) {
    return Error{ErrorCode::invalid_input, value.where + ": there is no setting \"" + name + "\""};
  }
  return found->second(value);
}

std::string at(const toml::source_region& region) {
  return std::to_string(region.begin.line) + ":" + std::to_string(region.begin.column);
}

Result<> read_table(const toml::table& table, const std::string& prefix, const std::map<std::string, Set>& settings) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const toml::table* inner = node.as_table()) {
      AECOS_TRY(read_table(*inner, name + ".", settings));
      continue;
    }
    AECOS_TRY(
        set(settings, name, {node.value_exact<std::string>(), node.value_exact<std::int64_t>(), at(node.source())}));
  }
  return {};
}

Result<> read_object(text::JsonNode object, const std::string& prefix, const std::map<std::string, Set>& settings) {
  for (const text::JsonNode node : object) {
    const std::string name = prefix + std::string(node.key());
    if (node.is_object()) {
      AECOS_TRY(read_object(node, name + ".", settings));
      continue;
    }
    Value value;
    const auto where = node.where();
    value.where = std::to_string(where.line) + ":" + std::to_string(where.column);
    if (const auto text = node.as_string()) value.text = std::string(*text);
    std::int64_t number = 0;
    const std::string_view raw = node.raw();
    const auto [end, failed] = std::from_chars(raw.data(), raw.data() + raw.size(), number);
    if (failed == std::errc() && end == raw.data() + raw.size()) value.number = number;
    AECOS_TRY(set(settings, name, value));
  }
  return {};
}

}  // namespace

Result<> read_config(std::string_view text, Config& config) {
  const auto settings = settings_of(config);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') {
    AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(text));
    return read_object(document.root(), "", settings);
  }
  try {
    const toml::table table = toml::parse(text);
    return read_table(table, "", settings);
  } catch (const toml::parse_error& failed) {
    return Error{ErrorCode::invalid_input, at(failed.source()) + ": " + std::string(failed.description())};
  }
}

Result<> read_listen(std::string_view text, Config& config) {
  const std::size_t colon = text.rfind(':');
  std::string_view address = colon == std::string_view::npos ? "" : text.substr(0, colon);
  const std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  unsigned number = 0;
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (failed != std::errc() || end != port.data() + port.size() || number > 65535)
    return Error{ErrorCode::invalid_input, "'" + std::string(text) + "' is no ADDRESS:PORT"};
  if (!address.empty()) config.address = address;
  config.port = static_cast<std::uint16_t>(number);
  return {};
}

}  // namespace aecos::hub
