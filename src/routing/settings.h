#pragma once
// Who is told what: .aecos/notify.json, which docs/NOTIFICATIONS.md describes, and the decision for one event.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/event.h"
#include "policy/policy.h"

namespace aecos::routing {

// Whether a channel or a secret may be called so: letters, digits, '-' and '_'.
inline constexpr std::size_t name_max = 60;
bool is_name(std::string_view text, std::size_t longest = name_max);

inline constexpr std::string_view settings_path = ".aecos/notify.json";

// A difference to UTC, or a place whose clocks change with the seasons.
struct Zone {
  int minutes = 0;        // East of UTC.
  std::string name = {};  // "Europe/Berlin"; empty: the minutes hold.
};

// Minutes east of UTC that clocks of a zone show at a time (microseconds since 1970); absent: there is no such zone.
using ZoneMinutes = std::function<std::optional<int>(const std::string& zone, std::int64_t at_us)>;

// A span of the day in which only what is urgent is told, and what waited is told at its end.
struct Quiet {
  int from_minute = 0, to_minute = 0;  // Of the day, in the zone; may span midnight.
  Zone zone;
  std::vector<std::string> except;  // Event types that are urgent: "conflict.opened", "conflict.*"
};

// All of a day or an hour in one message.
struct Digest {
  bool hourly = false;
  int at_minute = 0;  // Of the day or the hour.
  Zone zone;
};

struct Channel {
  std::string name;
  std::string kind;             // "slack", "teams", "discord", "webhook", "mail", "inbox"
  std::string secret;           // The name of what holds the webhook's address (slack, teams, discord).
  std::string url;              // Of a webhook, if it is none.
  std::string signing;          // The name of what a webhook's messages are signed with; may be empty.
  std::string form;             // Teams: "message", "card"; may be empty.
  std::string thread;           // Discord; may be empty.
  std::vector<std::string> to;  // mail, inbox: addresses, members, "role:structural", "everybody".
  std::optional<Digest> digest;
  std::optional<Quiet> quiet;
};

// An event goes where a route fits it: each part that is there must fit, one of its words is enough.
struct Route {
  std::vector<std::string> to;          // Names of channels.
  std::vector<std::string> events;      // "commit.integrated", "lock.*"
  std::vector<std::string> branches;    // Patterns as in roles.json.
  std::vector<std::string> members;     // Who did it: logins.
  std::vector<std::string> roles;       // Roles of who did it.
  std::vector<std::string> paths;       // Of files; patterns.
  std::vector<std::string> classes;     // IFC classes, with their subtypes and types.
  std::vector<std::string> properties;  // "*.LoadBearing", "Pset_WallCommon.FireRating", "Name"
  std::vector<std::string> storeys;     // Names; patterns.
  std::vector<std::string> elements;    // GlobalIds.
};

struct Settings {
  std::vector<Channel> channels;  // In the order of the file; names are unique.
  std::vector<Route> routes;
  const Channel* channel(std::string_view name) const;
};

// invalid_input: no notify.json; the message has line and column. What is not known is an error: a typing mistake must
// not keep somebody in the dark. Secrets themselves have no place in it.
Result<Settings> parse_settings(std::string_view json, const ZoneMinutes& zones);

// The channels an event goes to, each once, in the order of the file.
std::vector<std::string> channels_for(const Settings& settings, const std::optional<policy::Roles>& roles,
                                      const event::Draft& event);

// When a channel may be told of an event that happened then; the same time where nothing stands against it.
std::int64_t due_us(const Channel& channel, std::string_view event_type, std::int64_t happened_us,
                    const ZoneMinutes& zones);

// What somebody watches: an element's GlobalId, or a property's pattern.
struct Watched {
  std::string element, property;  // One of them.
};
bool is_about(const event::Draft& event, const Watched& watched);

}  // namespace aecos::routing
