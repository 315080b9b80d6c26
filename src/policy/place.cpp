#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "base/ascii.h"
#include "policy/fold_internal.h"
#include "policy/place_internal.h"
#include "text/json.h"

namespace aecos::policy {
namespace {

using diff::Change;
using diff::ChangeKind;
using text::JsonNode;

constexpr std::size_t dots_max = 16;  // In one name; beyond that it is any name.

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

void add_element(Place& place, const diff::ElementRef& element) {
  if (!element.global_id.empty() || !element.name.empty()) place.element = element;
  add_once(place.ids, element.global_id);
  add_once(place.classes, element.ifc_class);
}

// "LoadBearing (2)", the second of a name, and "Pset_WallCommon (Description)" -> what stands before.
std::string_view without_note(std::string_view text) {
  const std::size_t open = text.rfind(" (");
  return text.ends_with(')') && open != std::string_view::npos ? text.substr(0, open) : text;
}

void add_name(Place& place, std::optional<std::string_view> set, std::optional<std::string_view> name) {
  const auto plain = [](std::optional<std::string_view> text) {
    return text ? std::optional<std::string>(*text) : std::nullopt;
  };
  const auto same = [](std::optional<std::string_view> text) {
    return text ? std::optional<std::string>(trimmed(folded(*text), " ")) : std::nullopt;
  };
  const auto first = [](std::optional<std::string_view> text) {
    return text ? std::optional<std::string>(trimmed(folded(without_note(*text)), " ")) : std::nullopt;
  };
  place.names.push_back({plain(set), plain(name)});
  place.folded_names.push_back({same(set), same(name)});
  if (set != (set ? std::optional(without_note(*set)) : set) ||
      name != (name ? std::optional(without_note(*name)) : name))
    place.folded_names.push_back({first(set), first(name)});
}

// "Pset_WallCommon.LoadBearing" in all ways to read it.
void add_dotted(Place& place, std::string_view at) {
  if (static_cast<std::size_t>(std::count(at.begin(), at.end(), '.')) > dots_max)
    return add_name(place, std::nullopt, std::nullopt);
  for (std::size_t dot = at.find('.'); dot != std::string_view::npos; dot = at.find('.', dot + 1))
    add_name(place, at.substr(0, dot), at.substr(dot + 1));
}

std::optional<text::JsonDocument> parse(const diff::Value& json) {
  if (!json) return std::nullopt;
  auto document = text::parse_json(*json);
  if (!document) return std::nullopt;
  return *std::move(document);
}

std::string string_in(const diff::Value& json) {
  const auto document = parse(json);
  return document ? std::string(document->root().as_string().value_or(std::string_view())) : "";
}

std::string text_of(JsonNode node) { return std::string(node.as_string().value_or(std::string_view())); }

// {"content":"1f…"}: told by a number only.
bool is_digest(const diff::Value& json) { return json && json->starts_with("{\"content\":"); }

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

// JSON that says what an element is, as metadata.json does. Whole values that came or went are taken apart, so that a
// property set that is dropped counts as each of its properties.
class Statement {
 public:
  Statement(std::vector<Place>& places, const Place& about) : places_(places), about_(about) {}

  void add(const Change& change) {
    const std::vector<std::string> steps = steps_of(change.at);
    whole_ = steps.empty() && change.before.has_value() != change.after.has_value();
    const auto before = parse(change.before), after = parse(change.after);
    if (before) collect(steps, before->root(), &Found::before);
    if (after) collect(steps, after->root(), &Found::after);
    if (found_.empty()) add_rest(change.at, (change.before && !before) || (change.after && !after));
    for (auto& [name, found] : found_) add_place(found);
    found_.clear();
  }

 private:
  struct Found {
    Place place;
    diff::Value before, after;
  };

  void collect(const std::vector<std::string>& steps, JsonNode value, diff::Value Found::*side) {
    const std::string first = steps.empty() ? "" : folded(steps[0]);
    const bool properties = first == "properties", quantities = first == "quantities";
    const std::size_t depth = properties ? 3 : quantities ? 2 : 1;
    if (steps.size() < depth && value.is_object()) {
      for (const JsonNode member : value) {
        std::vector<std::string> longer = steps;
        longer.emplace_back(member.key());
        collect(longer, member, side);
      }
      return;
    }
    Found& found = found_.try_emplace(steps).first->second;
    if (found.place.at.empty()) found.place = place_of(steps, first, value);
    found.*side = compact(value);
  }

  Place place_of(const std::vector<std::string>& steps, const std::string& first, JsonNode value) const {
    Place place = about_;
    if (first == "properties") {
      place.at = steps.size() == 1 ? "properties" : steps[1] + "." + (steps.size() == 2 ? "*" : steps[2]);
      if (steps.size() == 1) add_name(place, std::nullopt, std::nullopt);
      if (steps.size() == 2) add_name(place, steps[1], std::nullopt);
      if (steps.size() > 2) add_name(place, steps[1], steps[2]);
    } else if (first == "quantities") {
      place.at = steps.size() == 1 ? "quantities" : "quantities." + steps[1];
      if (steps.size() == 1) add_name(place, std::nullopt, std::nullopt);
      if (steps.size() > 1) add_quantity(place, steps, value);
    } else {
      for (const std::string& step : steps) place.at += (place.at.empty() ? "" : ".") + step;
      if (first == "globalid") place.at = "GlobalId";
      if (first == "class") place.at = "Class";
      if (first == "name") place.at = "Name";
      place.identity = first == "globalid" || first == "class";
    }
    return place;
  }

  // {"Length": {"value": 5}} says no set, {"BaseQuantities": {"Length": {"value": 5}}} does.
  static void add_quantity(Place& place, const std::vector<std::string>& steps, JsonNode value) {
    add_name(place, std::nullopt, steps[1]);
    if (steps.size() > 2 && steps[2] != "value" && steps[2] != "unit") add_name(place, steps[1], steps[2]);
    if (steps.size() > 2 || !value.is_object() || value["value"]) return;
    for (const JsonNode member : value) add_name(place, steps[1], member.key());
  }

  // An empty object states nothing.
  void add_rest(const std::string& at, bool opaque) {
    Place place = about_;
    place.at = at;
    place.opaque = opaque;
    places_.push_back(std::move(place));
  }

  void add_place(Found& found) {
    if (found.before == found.after) return;
    found.place.with_element = whole_ && found.place.is_property();
    if (found.place.identity) {
      const bool is_class = found.place.at == "Class";
      add_once(is_class ? found.place.classes : found.place.ids, string_in(found.before));
      add_once(is_class ? found.place.classes : found.place.ids, string_in(found.after));
      found.place.identity = !whole_;
    }
    found.place.before = std::move(found.before);
    found.place.after = std::move(found.after);
    places_.push_back(std::move(found.place));
  }

  std::vector<Place>& places_;
  const Place& about_;
  bool whole_ = false;
  std::map<std::vector<std::string>, Found> found_;
};

// The properties that elements bring with them or take away, found in what a change says of a whole element and the
// parts that belong to it.
class Wholes {
 public:
  explicit Wholes(std::vector<Place>& places) : places_(places) {}

  void add(const Change& change, const Place& place) {
    top_ = place;
    part_ = change.kind == ChangeKind::relation;
    redrawn_ = change.kind == ChangeKind::redrawn;
    collect(change.before, &Found::before);
    collect(change.after, &Found::after);
    for (auto& [key, found] : found_) {
      if (found.before == found.after) continue;
      found.place.before = std::move(found.before);
      found.place.after = std::move(found.after);
      places_.push_back(std::move(found.place));
    }
    found_.clear();
  }

 private:
  struct Found {
    Place place;
    diff::Value before, after;
  };

  void collect(const diff::Value& json, diff::Value Found::*side) {
    const auto document = parse(json);
    if (!document) return;
    for (std::uint32_t i = 0; i < document->node_count(); ++i) {
      const JsonNode node = document->node(i);
      if (!node["properties"].is_object()) continue;
      Place about = top_;
      if (i != 0 || part_) {
        about = Place();
        add_element(about, {text_of(node["globalId"]), text_of(node["class"]), text_of(node["name"])});
      }
      // A redrawn element has another GlobalId and is the same element.
      const std::string owner = i == 0 ? "" : text_of(node["globalId"]);
      for (const JsonNode set : node["properties"]) add_set(about, owner, set, side);
    }
    if (redrawn_) collect_attributes(document->root(), side);
  }

  void add_set(const Place& about, const std::string& owner, JsonNode set, diff::Value Found::*side) {
    const std::string name(set.key());
    const auto add = [&](std::optional<std::string> property, JsonNode value) {
      Found& found = found_[{owner, name, property.value_or("*")}];
      if (found.place.at.empty()) {
        found.place = about;
        found.place.at = name + "." + property.value_or("*");
        found.place.with_element = true;
        found.place.identity = found.place.shared = false;
        add_name(found.place, name, property);
      }
      found.*side = compact(value);
    };
    if (!set.is_object() || set.size() == 0) return add(std::nullopt, set);
    for (const JsonNode property : set) add(std::string(property.key()), property);
  }

  std::vector<Place>& places_;
  Place top_;
  // Name and the like of an element that goes on as another one.
  void collect_attributes(JsonNode whole, diff::Value Found::*side) {
    for (const JsonNode member : whole) {
      if (member.key() == "globalId" || member.is_container() || member.key().empty()) continue;
      std::string at(member.key());
      if (at[0] >= 'a' && at[0] <= 'z') at[0] = static_cast<char>(at[0] - ('a' - 'A'));
      Found& found = found_[{"", "", at}];
      found.place = top_;
      found.place.at = at;
      found.place.identity = false;
      found.*side = compact(member);
    }
  }

  bool redrawn_ = false;
  bool part_ = false;  // What is told is something that belongs to the element, an opening.
  std::map<std::tuple<std::string, std::string, std::string>, Found> found_;
};

class Places {
 public:
  explicit Places(const FileChange& file) : file_(file) {
    for (const diff::ElementRef& element : file.about) add_element(whole_, element);
    if (!file.about.empty()) whole_.element = file.about.front();  // By the name that people know.
    for (const Change& change : file.changes) learn(change);
    whole_.moved = !file.from.empty() && (is_building_data(file, file.path) || is_building_data(file, file.from));
  }

  std::vector<Place> run() {
    places_.push_back(whole_);
    whole_.moved = false;
    for (const Change& change : file_.changes) add(change);
    return std::move(places_);
  }

 private:
  // An element that changes its class has both in all that changes of it.
  void learn(const Change& change) {
    if (change.kind == ChangeKind::text || change.element.global_id.empty()) return;
    std::vector<std::string>& classes = classes_[change.element.global_id];
    add_once(classes, change.element.ifc_class);
    if (change.kind != ChangeKind::reclassified || change.at != "Class") return;
    add_once(classes, string_in(change.before));
    add_once(classes, string_in(change.after));
  }

  void add(const Change& change) {
    Place place;
    add_element(place, change.element);
    if (change.kind == ChangeKind::text) return add_text(change, std::move(place));
    if (const auto found = classes_.find(change.element.global_id); found != classes_.end()) {
      for (const std::string& name : found->second) add_once(place.classes, name);
    }
    if (place.ids.empty() && place.classes.empty()) place = whole_;
    place.at = change.at;
    switch (change.kind) {
      case ChangeKind::property:
      case ChangeKind::quantity:
        add_property(change, place);
        break;
      case ChangeKind::reclassified:
        place.identity = change.at == "Class";
        break;
      case ChangeKind::redrawn:
        add_once(place.ids, change.at);
        place.identity = true;
        [[fallthrough]];
      case ChangeKind::added:
      case ChangeKind::removed:
        place.at.clear();
        place.opaque = is_digest(change.before) || is_digest(change.after);
        break;
      case ChangeKind::resource:
        place.shared = change.element.global_id.empty() && change.before.has_value() != change.after.has_value();
        break;
      default:
        break;
    }
    places_.push_back(place);
    if (has_whole(change.kind)) Wholes(places_).add(change, place);
  }

  static bool has_whole(ChangeKind kind) {
    return kind == ChangeKind::added || kind == ChangeKind::removed || kind == ChangeKind::redrawn ||
           kind == ChangeKind::relation;
  }

  void add_text(const Change& change, Place place) {
    for (const std::string& id : whole_.ids) add_once(place.ids, id);
    for (const std::string& name : whole_.classes) add_once(place.classes, name);
    if (!whole_.element.name.empty()) place.element = whole_.element;
    if (!place.ids.empty() && (change.at.empty() || change.at.starts_with('/')))
      return Statement(places_, place).add(change);
    place.at = change.at;
    places_.push_back(std::move(place));
  }

  // A set as a whole: it got another name, or cannot be told apart.
  static void add_property(const Change& change, Place& place) {
    const std::string before = string_in(change.before), after = string_in(change.after);
    const bool dotted = change.at.find('.') != std::string::npos;
    const bool whole_set = !dotted || before == change.at || is_digest(change.before) || is_digest(change.after);
    if (dotted) add_dotted(place, change.at);
    if (!whole_set) return;
    add_name(place, change.at, std::nullopt);
    for (const std::string& name : {before, after}) {
      if (!name.empty()) add_name(place, name, std::nullopt);
    }
  }

  const FileChange& file_;
  Place whole_;
  std::map<std::string, std::vector<std::string>> classes_;
  std::vector<Place> places_;
};

// By which a file is read, and what only other programs read.
std::string_view ending_of(std::string_view plain) {
  constexpr std::array<std::string_view, 5> endings{".ifc", ".ifczip", ".ifcxml", ".ifcx", ".ifcjson"};
  for (const std::string_view ending : endings) {
    if (plain.ends_with(ending)) return ending;
  }
  return plain == "metadata.json" || plain.ends_with("/metadata.json") ? "metadata.json" : "";
}

}  // namespace

std::vector<Place> places_of(const FileChange& file) { return Places(file).run(); }

bool is_building_data(const FileChange& file, std::string_view path) {
  const auto has_id = [](const auto& element) { return !element.global_id.empty(); };
  const auto names_one = [&](const Change& change) { return has_id(change.element); };
  const std::string plain = folded(path);
  const bool about = plain.ends_with(".json") && std::any_of(file.about.begin(), file.about.end(), has_id);
  return about || !ending_of(plain).empty() || std::any_of(file.changes.begin(), file.changes.end(), names_one);
}

bool is_untold(const FileChange& file) {
  const bool here = is_building_data(file, file.path), there = !file.from.empty() && is_building_data(file, file.from);
  if (file.kind != FileChange::Kind::file) return true;
  if (!file.readable) return here || there;
  const std::string_view ending = ending_of(folded(file.path));
  if (!file.from.empty() && ending != ending_of(folded(file.from))) return true;
  const bool other_program = ending == ".ifcxml" || ending == ".ifcx" || ending == ".ifcjson";
  return other_program && (file.added || file.removed || !file.changes.empty());
}

}  // namespace aecos::policy
