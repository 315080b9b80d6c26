#include "routing/settings.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "text/json.h"

namespace aecos::routing {
namespace {

using text::JsonNode;

constexpr std::size_t size_max = 1U << 20U;
constexpr std::size_t count_max = 500;  // Of channels, routes, and words of one list.
constexpr int minutes_of_day = 24 * 60, minutes_of_hour = 60;

Error at(JsonNode node, const std::string& what) {
  return {ErrorCode::invalid_input, text::to_string(node.where()) + ": " + what};
}

Result<std::string> text_of(JsonNode node, const std::string& name) {
  const auto text = node.as_string();
  if (!text || text->empty()) return at(node, name + ": a text is wanted");
  return std::string(*text);
}

// A text, or a list of texts.
Result<std::vector<std::string>> texts_of(JsonNode node, const std::string& name) {
  if (node.is_string()) {
    AECOS_TRY_ASSIGN(std::string text, text_of(node, name));
    return std::vector<std::string>{std::move(text)};
  }
  if (!node.is_array() || node.size() == 0) return at(node, name + ": a list of texts is wanted");
  if (node.size() > count_max) return at(node, name + ": too many");
  std::vector<std::string> texts;
  for (const JsonNode each : node) {
    AECOS_TRY_ASSIGN(std::string text, text_of(each, name));
    texts.push_back(std::move(text));
  }
  return texts;
}

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.size() != 2 || read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// "07:30" -> 450.
Result<int> minute_of(JsonNode node, const std::string& name) {
  AECOS_TRY_ASSIGN(const std::string text, text_of(node, name));
  const auto hour = number(std::string_view(text).substr(0, 2));
  const auto minute = text.size() == 5 && text[2] == ':' ? number(std::string_view(text).substr(3)) : std::nullopt;
  if (!hour || !minute || *hour > 23 || *minute > 59) return at(node, name + ": a time as \"07:30\" is wanted");
  return *hour * minutes_of_hour + *minute;
}

// "+01:00", "Z", "Europe/Berlin".
Result<Zone> zone_of(JsonNode node, const ZoneMinutes& zones) {
  if (!node) return Zone{};
  AECOS_TRY_ASSIGN(const std::string text, text_of(node, "zone"));
  if (text == "Z") return Zone{};
  if (zones(text, 0)) return Zone{0, text};
  const bool is_shaped = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':';
  const auto hours = is_shaped ? number(std::string_view(text).substr(1, 2)) : std::nullopt;
  const auto minutes = is_shaped ? number(std::string_view(text).substr(4)) : std::nullopt;
  if (!hours || !minutes || *hours > 14 || *minutes > 59)
    return at(node, "zone: a place as \"Europe/Berlin\" or a difference to UTC as \"+01:00\" is wanted");
  return Zone{(text[0] == '-' ? -1 : 1) * (*hours * minutes_of_hour + *minutes)};
}

Result<> only(JsonNode node, const std::string& what, std::initializer_list<std::string_view> known) {
  if (!node.is_object()) return at(node, what + ": an object is wanted");
  for (const JsonNode member : node) {
    if (std::find(known.begin(), known.end(), member.key()) != known.end()) continue;
    std::string all;
    for (const std::string_view name : known) all += (all.empty() ? "" : ", ") + std::string(name);
    return at(member, "\"" + std::string(member.key()) + "\" is nothing " + what + " can have (" + all + ")");
  }
  return {};
}

Result<Quiet> read_quiet(JsonNode node, const ZoneMinutes& zones) {
  AECOS_TRY(only(node, "quiet", {"from", "to", "zone", "except"}));
  Quiet quiet;
  AECOS_TRY_ASSIGN(quiet.from_minute, minute_of(node["from"] ? node["from"] : node, "from"));
  AECOS_TRY_ASSIGN(quiet.to_minute, minute_of(node["to"] ? node["to"] : node, "to"));
  AECOS_TRY_ASSIGN(quiet.zone, zone_of(node["zone"], zones));
  if (node["except"]) {
    AECOS_TRY_ASSIGN(quiet.except, texts_of(node["except"], "except"));
  }
  if (quiet.from_minute == quiet.to_minute) return at(node, "quiet: from and to are the same");
  return quiet;
}

Result<Digest> read_digest(JsonNode node, const ZoneMinutes& zones) {
  AECOS_TRY(only(node, "digest", {"daily", "hourly", "zone"}));
  Digest digest;
  AECOS_TRY_ASSIGN(digest.zone, zone_of(node["zone"], zones));
  if (node["hourly"]) {
    digest.hourly = true;
    const auto minute = node["hourly"].as_int();
    if (node["daily"] || !minute || *minute < 0 || *minute >= minutes_of_hour)
      return at(node, "digest: hourly is a minute from 0 to 59, without daily");
    digest.at_minute = static_cast<int>(*minute);
    return digest;
  }
  AECOS_TRY_ASSIGN(digest.at_minute, minute_of(node["daily"] ? node["daily"] : node, "daily"));
  return digest;
}

// An address, which whoever reads the repository could use, where the name of a secret is wanted.
Result<std::string> secret_name(JsonNode channel, const char* member) {
  const JsonNode node = channel[member];
  AECOS_TRY_ASSIGN(std::string name, text_of(node ? node : channel, member));
  if (!is_name(name))
    return at(node, std::string(member) + ": the name of a secret is wanted (letters, digits, - and _), never the " +
                        "secret itself; set it with: aecos notify secret set NAME");
  return name;
}

Result<> read_address(JsonNode node, Channel& channel) {
  const std::string& kind = channel.kind;
  if (kind == "slack" || kind == "teams" || kind == "discord") {
    AECOS_TRY_ASSIGN(channel.secret, secret_name(node, "secret"));
  }
  if (kind == "webhook") {
    if (node["url"]) {
      AECOS_TRY_ASSIGN(channel.url, text_of(node["url"], "url"));
    }
    if (node["secret"]) {
      AECOS_TRY_ASSIGN(channel.secret, secret_name(node, "secret"));
    }
    if (channel.url.empty() == channel.secret.empty())
      return at(node, "a webhook has either url, or secret: the name of what holds its address");
    if (node["signing"]) {
      AECOS_TRY_ASSIGN(channel.signing, secret_name(node, "signing"));
    }
  }
  if (kind == "teams" && node["form"]) {
    AECOS_TRY_ASSIGN(channel.form, text_of(node["form"], "form"));
    if (channel.form != "message" && channel.form != "card") return at(node["form"], "form: message or card");
  }
  if (kind == "discord" && node["thread"]) {
    AECOS_TRY_ASSIGN(channel.thread, text_of(node["thread"], "thread"));
  }
  if (kind == "mail" || kind == "inbox") {
    AECOS_TRY_ASSIGN(channel.to, texts_of(node["to"] ? node["to"] : node, "to"));
  }
  return {};
}

Result<Channel> read_channel(JsonNode node, const ZoneMinutes& zones) {
  constexpr std::array kinds{"slack", "teams", "discord", "webhook", "mail", "inbox"};
  Channel channel;
  channel.name = std::string(node.key());
  if (!is_name(channel.name))
    return at(node, "\"" + channel.name + "\" is no name for a channel (letters, digits, - and _)");
  const JsonNode kind = node.is_object() ? node["kind"] : JsonNode();
  AECOS_TRY_ASSIGN(channel.kind, text_of(kind ? kind : node, "kind"));
  if (std::find(kinds.begin(), kinds.end(), channel.kind) == kinds.end())
    return at(kind, "kind: slack, teams, discord, webhook, mail or inbox, not " + channel.kind);
  if (channel.kind == "slack") AECOS_TRY(only(node, "a channel to Slack", {"kind", "secret", "digest", "quiet"}));
  if (channel.kind == "teams")
    AECOS_TRY(only(node, "a channel to Teams", {"kind", "secret", "form", "digest", "quiet"}));
  if (channel.kind == "discord")
    AECOS_TRY(only(node, "a channel to Discord", {"kind", "secret", "thread", "digest", "quiet"}));
  if (channel.kind == "webhook") AECOS_TRY(only(node, "a webhook", {"kind", "url", "secret", "signing", "quiet"}));
  if (channel.kind == "mail") AECOS_TRY(only(node, "mail", {"kind", "to", "digest", "quiet"}));
  if (channel.kind == "inbox") AECOS_TRY(only(node, "an inbox", {"kind", "to"}));
  AECOS_TRY(read_address(node, channel));
  if (node["digest"]) {
    AECOS_TRY_ASSIGN(channel.digest, read_digest(node["digest"], zones));
  }
  if (node["quiet"]) {
    AECOS_TRY_ASSIGN(channel.quiet, read_quiet(node["quiet"], zones));
  }
  return channel;
}

Result<Route> read_route(JsonNode node, const Settings& settings) {
  AECOS_TRY(
      only(node, "a route",
           {"to", "events", "branches", "members", "roles", "paths", "classes", "properties", "storeys", "elements"}));
  Route route;
  AECOS_TRY_ASSIGN(route.to, texts_of(node["to"] ? node["to"] : node, "to"));
  for (const std::string& name : route.to) {
    if (settings.channel(name) == nullptr) return at(node["to"], "there is no channel \"" + name + "\"");
  }
  const std::pair<const char*, std::vector<std::string>*> parts[] = {
      {"events", &route.events},   {"branches", &route.branches},     {"members", &route.members},
      {"roles", &route.roles},     {"paths", &route.paths},           {"classes", &route.classes},
      {"storeys", &route.storeys}, {"properties", &route.properties}, {"elements", &route.elements}};
  for (const auto& [name, texts] : parts) {
    if (node[name]) {
      AECOS_TRY_ASSIGN(*texts, texts_of(node[name], name));
    }
  }
  for (const std::string& name : route.classes) {
    if (!policy::is_known_class(name))
      return at(node["classes"], "\"" + name + "\" is no class of IFC2X3, IFC4 or IFC4X3");
  }
  for (const std::string& id : route.elements) {
    constexpr std::size_t global_id_size = 22;
    if (id.size() != global_id_size) return at(node["elements"], "\"" + id + "\" is no GlobalId (22 characters)");
  }
  return route;
}

// Minutes since 1970 as the clocks of a zone show them.
class Clocks {
 public:
  explicit Clocks(const ZoneMinutes& zones) : zones_(zones) {}

  std::int64_t local_minutes(const Zone& zone, std::int64_t at_us) const {
    return at_us / minute_us + east_minutes(zone, at_us);
  }
  // When clocks show `local`; `near_us` is a time not more than a day from it.
  std::int64_t time_us(const Zone& zone, std::int64_t local, std::int64_t near_us) const {
    const std::int64_t about_us = (local - east_minutes(zone, near_us)) * minute_us;
    return (local - east_minutes(zone, about_us)) * minute_us;
  }

 private:
  static constexpr std::int64_t minute_us = 60'000'000;
  int east_minutes(const Zone& zone, std::int64_t at_us) const {
    return zone.name.empty() ? zone.minutes : zones_(zone.name, at_us).value_or(0);
  }

  const ZoneMinutes& zones_;
};

}  // namespace

bool is_name(std::string_view text, std::size_t longest) {
  return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

const Channel* Settings::channel(std::string_view name) const {
  const auto found =
      std::find_if(channels.begin(), channels.end(), [&](const Channel& each) { return each.name == name; });
  return found == channels.end() ? nullptr : &*found;
}

Result<Settings> parse_settings(std::string_view json, const ZoneMinutes& zones) {
  if (json.size() > size_max) return Error{ErrorCode::invalid_input, "larger than 1 MB"};
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
  const JsonNode root = document.root();
  AECOS_TRY(only(root, "notify.json", {"channels", "routes", "quiet"}));
  Settings settings;
  const JsonNode channels = root["channels"], routes = root["routes"];
  if (channels && !channels.is_object()) return at(channels, "channels: an object of channels by name is wanted");
  if (routes && !routes.is_array()) return at(routes, "routes: a list is wanted");
  if (channels.size() > count_max || routes.size() > count_max) return at(root, "more than 500 channels or routes");
  std::optional<Quiet> quiet;
  if (root["quiet"]) {
    AECOS_TRY_ASSIGN(quiet, read_quiet(root["quiet"], zones));
  }
  for (const JsonNode node : channels) {
    AECOS_TRY_ASSIGN(Channel channel, read_channel(node, zones));
    // Programs do not sleep.
    if (!channel.quiet && channel.kind != "webhook" && channel.kind != "inbox") channel.quiet = quiet;
    settings.channels.push_back(std::move(channel));
  }
  for (const JsonNode node : routes) {
    AECOS_TRY_ASSIGN(Route route, read_route(node, settings));
    settings.routes.push_back(std::move(route));
  }
  return settings;
}

std::int64_t due_us(const Channel& channel, std::string_view event_type, std::int64_t happened_us,
                    const ZoneMinutes& zones) {
  const Clocks clocks(zones);
  std::int64_t due = happened_us;
  if (channel.digest) {
    const int period = channel.digest->hourly ? minutes_of_hour : minutes_of_day;
    const std::int64_t local = clocks.local_minutes(channel.digest->zone, due);
    const std::int64_t since = ((local - channel.digest->at_minute) % period + period) % period;
    due = clocks.time_us(channel.digest->zone, local - since + period, due);
  }
  if (!channel.quiet) return due;
  const Quiet& quiet = *channel.quiet;
  const bool is_urgent = std::any_of(quiet.except.begin(), quiet.except.end(), [&](const std::string& pattern) {
    return policy::matches_text(pattern, event_type);
  });
  const std::int64_t local = clocks.local_minutes(quiet.zone, due);
  const auto minute = static_cast<int>(local % minutes_of_day);
  const bool spans_midnight = quiet.from_minute > quiet.to_minute;
  const bool is_quiet = spans_midnight ? minute >= quiet.from_minute || minute < quiet.to_minute
                                       : minute >= quiet.from_minute && minute < quiet.to_minute;
  if (is_urgent || !is_quiet) return due;
  const std::int64_t wait = (quiet.to_minute - minute + minutes_of_day) % minutes_of_day;
  return clocks.time_us(quiet.zone, local + wait, due);
}

}  // namespace aecos::routing
