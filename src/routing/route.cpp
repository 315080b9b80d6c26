#include <algorithm>
#include <set>

#include "diff/words.h"
#include "routing/settings.h"

namespace aecos::routing {
namespace {

bool any_text(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return policy::matches_text(pattern, text); });
}

bool any_path(const std::vector<std::string>& patterns, std::string_view path) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return policy::matches(pattern, path); });
}

// "*.LoadBearing" is the property of any set; without a dot it is one of any set, or an attribute.
bool is_property(const std::vector<std::string>& patterns, const diff::Change& change) {
  const std::string place = diff::place_in_words(change);
  const std::string_view last = std::string_view(place).substr(place.rfind('.') + 1);
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return policy::matches_text(pattern, place) ||
           (pattern.find('.') == std::string::npos && policy::matches_text(pattern, last));
  });
}

bool has_class(const std::vector<std::string>& classes, const event::ElementChange& element) {
  return std::any_of(classes.begin(), classes.end(),
                     [&](const std::string& wanted) { return policy::is_class(element.element.ifc_class, wanted); });
}

bool has_property(const std::vector<std::string>& patterns, const event::ElementChange& element) {
  return std::any_of(element.changes.begin(), element.changes.end(),
                     [&](const diff::Change& change) { return is_property(patterns, change); });
}

// What a route says of elements must hold for one and the same.
bool fits_element(const Route& route, const event::ElementChange& element) {
  const std::vector<std::string>& ids = route.elements;
  return (route.paths.empty() || any_path(route.paths, element.path)) &&
         (route.classes.empty() || has_class(route.classes, element)) &&
         (route.properties.empty() || has_property(route.properties, element)) &&
         (route.storeys.empty() || any_text(route.storeys, element.storey)) &&
         (ids.empty() || std::find(ids.begin(), ids.end(), element.element.global_id) != ids.end());
}

bool fits_actor(const Route& route, const std::optional<policy::Roles>& roles, const std::string& actor) {
  if (!route.members.empty() && !any_text(route.members, actor)) return false;
  if (route.roles.empty()) return true;
  if (!roles) return false;
  const std::vector<std::string> has = policy::actor_of(*roles, actor).roles;
  return std::any_of(has.begin(), has.end(), [&](const std::string& role) {
    return std::find(route.roles.begin(), route.roles.end(), role) != route.roles.end();
  });
}

// What it says was told already, of the commit.
bool follows(const event::Draft& event) {
  return event.type == "visualisation.updated" || event.type == "element.generated";
}

bool fits(const Route& route, const std::optional<policy::Roles>& roles, const event::Draft& event) {
  if (!route.events.empty() && !any_text(route.events, event.type)) return false;
  if (route.events.empty() && follows(event)) return false;
  if (!route.branches.empty() && !any_path(route.branches, event.branch)) return false;
  if (!fits_actor(route, roles, event.actor)) return false;
  const bool is_about_elements = !route.paths.empty() || !route.classes.empty() || !route.properties.empty() ||
                                 !route.storeys.empty() || !route.elements.empty();
  return !is_about_elements || std::any_of(event.elements.begin(), event.elements.end(),
                                           [&](const auto& element) { return fits_element(route, element); });
}

}  // namespace

std::vector<std::string> channels_for(const Settings& settings, const std::optional<policy::Roles>& roles,
                                      const event::Draft& event) {
  std::set<std::string_view> told;
  for (const Route& route : settings.routes) {
    if (fits(route, roles, event)) told.insert(route.to.begin(), route.to.end());
  }
  std::vector<std::string> names;
  for (const Channel& channel : settings.channels) {
    if (told.contains(channel.name)) names.push_back(channel.name);
  }
  return names;
}

bool is_about(const event::Draft& event, const Watched& watched) {
  return !follows(event) &&
         std::any_of(event.elements.begin(), event.elements.end(), [&](const event::ElementChange& element) {
           return (!watched.element.empty() && element.element.global_id == watched.element) ||
                  (!watched.property.empty() && has_property({watched.property}, element));
         });
}

}  // namespace aecos::routing
