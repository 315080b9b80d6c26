#include <algorithm>
#include <set>

#include "policy/place_internal.h"
#include "text/json.h"

namespace aecos::policy {
namespace {

using text::JsonNode;

bool is_metadata(std::string_view path) { return path == "metadata.json" || path.ends_with("/metadata.json"); }

void add_class(std::vector<std::string>& classes, const std::string& name) {
  if (!name.empty() && std::find(classes.begin(), classes.end(), name) == classes.end()) classes.push_back(name);
}

std::string string_in(const diff::Value& json) {
  if (!json) return "";
  const auto document = text::parse_json(*json);
  return document ? std::string(document->root().as_string().value_or(std::string_view())) : "";
}

std::vector<std::string> steps_of(std::string_view pointer) {
  std::vector<std::string> steps;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    steps.push_back(text::key_of_step(pointer.substr(0, end)));
    pointer.remove_prefix(end);
  }
  return steps;
}

// The places of a metadata.json below a pointer: whole values that came or went are taken apart, so that a property set
// that is dropped counts as each of its properties.
class Metadata {
 public:
  explicit Metadata(std::vector<Place>& places, const Place& about) : places_(places), about_(about) {}

  void add(const diff::Change& change) {
    const std::vector<std::string> steps = steps_of(change.at);
    std::set<std::string> found;
    for (const diff::Value* value : {&change.before, &change.after}) {
      if (!*value) continue;
      const auto document = text::parse_json(**value);
      if (document) collect(steps, document->root(), found);
    }
    if (found.empty()) found.insert(change.at);
    for (const std::string& at : found) {
      Place place = about_;
      place.is_property = at.starts_with('p');
      place.at = at.starts_with('p') || at.starts_with('a') ? at.substr(1) : at;
      places_.push_back(std::move(place));
    }
  }

 private:
  // Properties are marked with a 'p', everything else with an 'a'.
  void collect(const std::vector<std::string>& steps, JsonNode value, std::set<std::string>& found) {
    if (steps.empty() && value.is_object()) {
      for (const JsonNode member : value) collect({std::string(member.key())}, member, found);
      if (value.size() == 0) found.insert("a");
      return;
    }
    const bool properties = !steps.empty() && steps[0] == "properties";
    if (properties && steps.size() < 3 && value.is_object() && value.size() > 0) {
      for (const JsonNode member : value) {
        std::vector<std::string> longer = steps;
        longer.emplace_back(member.key());
        collect(longer, member, found);
      }
      return;
    }
    if (properties && steps.size() >= 3) {
      found.insert("p" + steps[1] + "." + steps[2]);
    } else if (properties && steps.size() == 2) {
      found.insert("p" + steps[1] + ".*");
    } else {
      found.insert("a" + name_of(steps));
    }
  }

  static std::string name_of(const std::vector<std::string>& steps) {
    std::string name;
    for (const std::string& step : steps) name += (name.empty() ? "" : ".") + step;
    return name;
  }

  std::vector<Place>& places_;
  const Place& about_;
};

Place about(const FileChange& file) {
  Place place;
  for (const diff::ElementRef& element : file.about) {
    place.element = element;
    add_class(place.classes, element.ifc_class);
  }
  return place;
}

}  // namespace

std::vector<Place> places_of(const FileChange& file) {
  std::vector<Place> places;
  Place whole = about(file);
  const bool metadata = is_metadata(file.path);
  for (const diff::Change& change : file.changes) {
    if (metadata && change.kind == diff::ChangeKind::text) {
      Metadata(places, whole).add(change);
      continue;
    }
    Place place;
    place.at = change.at;
    place.is_property = change.kind == diff::ChangeKind::property;
    place.element = change.element.global_id.empty() && change.element.name.empty() ? whole.element : change.element;
    add_class(place.classes, change.element.ifc_class);
    if (change.element.ifc_class.empty()) place.classes = whole.classes;
    if (change.kind == diff::ChangeKind::reclassified) {
      add_class(place.classes, string_in(change.before));
      add_class(place.classes, string_in(change.after));
    }
    places.push_back(std::move(place));
  }
  if (places.empty()) places.push_back(std::move(whole));
  return places;
}

}  // namespace aecos::policy
