#include "diff/words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/ascii.h"
#include "base/utf8.h"
#include "text/json.h"

namespace aecos::diff {
namespace {

using text::JsonNode;

constexpr std::size_t bytes_max = 1'000'000;  // Of a value that is looked into.
constexpr int depth_max = 6;                  // Of what is shown of a value.

std::string say(JsonNode node, int depth);

// "5000.0" -> "5000", "2.600000000000001" -> "2.6"; the text as it is where it is short.
std::string number(std::string_view raw, int digits_max = 10) {
  std::string text(raw);
  if (text.size() > static_cast<std::size_t>(digits_max) + 2) {
    double value = 0;
    const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
    if (error == std::errc() && end == raw.data() + raw.size()) {
      std::array<char, 40> digits{};
      const auto written =
          std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::general, digits_max);
      text.assign(digits.data(), written.ptr);
    }
  }
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

std::string members(JsonNode list, std::string_view separator, int depth) {
  std::string out;
  for (const JsonNode member : list) {
    const std::string said = say(member, depth);
    if (!out.empty() && !said.empty()) out += separator;
    out += said;
    if (out.size() > 1'000) break;  // Longer than anybody reads.
  }
  return out;
}

std::string named(JsonNode node, std::initializer_list<const char*> names, int depth) {
  for (const char* const name : names)
    if (const JsonNode member = node[name]; member && !member.is_null()) return say(member, depth);
  return {};
}

std::string join(const std::string& a, const std::string& b, std::string_view separator = " ") {
  return a.empty() || b.empty() ? a + b : a + std::string(separator) + b;
}

// "Brick 0.2": one layer, constituent or profile.
std::string material_part(JsonNode node, int depth) {
  const std::string what = join(named(node, {"name"}, depth), named(node, {"material"}, depth), ": ");
  return join(what, named(node, {"layerThickness"}, depth));
}

std::string material(JsonNode node, std::string_view ifc_class, int depth) {
  const JsonNode inner = node["forLayerSet"] ? node["forLayerSet"] : node["forProfileSet"];
  if (inner) return say(inner, depth);
  const std::string name = named(node, {"layerSetName", "name"}, depth);
  for (const char* const list : {"materialLayers", "materialConstituents", "materialProfiles", "materials"})
    if (node[list]) return join(name, members(node[list], ", ", depth), name.empty() ? "" : ": ");
  return ifc_class.empty() ? std::string() : material_part(node, depth);
}

std::string shape(JsonNode node, int depth) {
  std::vector<std::string> parts;
  for (const JsonNode one : node["representations"]) {
    std::string part = join(named(one, {"identifier"}, depth), named(one, {"type"}, depth));
    if (const auto items = one["items"].as_int(); items && *items > 1) part += " ×" + std::to_string(*items);
    parts.push_back(std::move(part));
  }
  std::string out;
  for (const std::string& part : parts) out = join(out, part, ", ");
  return out.empty() ? "shape" : out;
}

// The first member that names a thing.
std::string object(JsonNode node, int depth) {
  const std::string_view ifc_class = node["class"].as_string().value_or("");
  if (node["globalId"]) {
    const ElementRef ref = {std::string(node["globalId"].as_string().value_or("")), std::string(ifc_class),
                            std::string(node["name"].as_string().value_or(""))};
    return title(ref);
  }
  if (node["location"]) {
    const std::string place = "(" + members(node["location"], ", ", depth) + ")";
    return node["relativeTo"] ? place + " in " + say(node["relativeTo"], depth) : place;
  }
  if (node["styles"].is_array()) {
    const std::string looks =
        join(members(node["styles"], ", ", depth), members(node["layers"], ", ", depth), " on layer ");
    return looks.empty() ? "no style" : looks;
  }
  if (node["representations"].is_array()) return shape(node, depth);
  if (ifc_class.starts_with("IfcMaterial"))
    if (std::string said = material(node, ifc_class, depth); !said.empty()) return said;
  if (ifc_class.starts_with("IfcClassification"))
    return join(named(node, {"identification", "itemReference"}, depth), named(node, {"name"}, depth));
  if (ifc_class.starts_with("IfcRel")) {
    std::string ends;
    for (const JsonNode member : node)
      if (member.is_object() && member["globalId"]) ends = join(ends, say(member, depth), ", ");
    if (!ends.empty()) return ends;
  }
  if (ifc_class.empty()) return {};
  return join(class_word(ifc_class, 1), named(node, {"name", "identification"}, depth));
}

std::string say(JsonNode node, int depth) {
  if (depth <= 0) return "…";
  if (const auto string = node.as_string()) return one_line(*string);
  if (node.is_number()) return number(node.raw());
  if (node.is_object())
    if (std::string said = object(node, depth - 1); !said.empty()) return said;
  if (node.is_array()) return "[" + members(node, ", ", depth - 1) + "]";
  return one_line(shorten(node.raw(), 1'000));
}

std::string_view last_part(std::string_view at) {
  const std::size_t dot = at.find('.');
  return dot == std::string_view::npos || dot + 1 == at.size() ? at : at.substr(dot + 1);
}

std::string with_value(std::string_view what, const Change& change) {
  if (!change.before && !change.after) return std::string(what) + " changed";
  if (!change.before) return std::string(what) + " " + show(change.after) + " added";
  if (!change.after) return std::string(what) + " " + show(change.before) + " removed";
  const Shown both = show_both(change);
  if (both.before == both.after) return std::string(what) + " changed";
  return std::string(what) + " " + both.before + " → " + both.after;
}

// "opening added": what an element got or lost that is told with it.
std::string part(const Change& change) {
  constexpr std::pair<std::string_view, std::string_view> parts[] = {
      {"Openings", "opening"}, {"Projections", "projection"}, {"Ports", "port"}, {"Connections", "connection"}};
  if (bool(change.before) == bool(change.after)) return {};
  for (const auto& [place, word] : parts)
    if (change.at == place) return std::string(word) + (change.after ? " added" : " removed");
  return {};
}

std::string on(const Change& change) { return change.at.empty() ? "" : " on " + shorten(one_line(change.at), 40); }

}  // namespace

std::string shorten(std::string_view text, std::size_t length_max) {
  std::size_t at = 0, count = 0, cut = 0;
  while (at < text.size()) {
    if (count + 1 == length_max) cut = at;
    if (++count > length_max) return std::string(text.substr(0, cut)) + "…";
    next_utf8(text, at);
  }
  return std::string(text);
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string show(const Value& value, std::size_t length_max) {
  if (!value) return "–";
  if (value->size() > bytes_max) return std::to_string(value->size()) + " bytes";
  const auto document = text::parse_json(*value);
  if (!document) return shorten(one_line(*value), length_max);
  const JsonNode root = document->root();
  if (const auto string = root.as_string()) return string->empty() ? "\"\"" : shorten(one_line(*string), length_max);
  if (root.is_number()) return number(root.raw());
  if (root.is_object())
    if (const std::string said = object(root, depth_max); !said.empty()) return shorten(said, length_max);
  if (root.is_array()) return shorten(say(root, depth_max), length_max);
  return shorten(text::compact(root), length_max);
}

namespace {

// "(6.334, -7.43, 0)" of both placements, where they are relative to the same thing.
std::optional<Shown> locations(const Change& change) {
  if (change.kind != ChangeKind::moved || !change.before || !change.after) return std::nullopt;
  const auto before = text::parse_json(*change.before);
  const auto after = text::parse_json(*change.after);
  if (!before || !after || !before->root()["location"] || !after->root()["location"]) return std::nullopt;
  if (!text::equal(before->root()["relativeTo"], after->root()["relativeTo"])) return std::nullopt;
  const auto place = [](JsonNode location) {
    std::string out;
    for (const JsonNode part : location) {
      constexpr int digits_max = 7;
      out += (out.empty() ? "(" : ", ") + number(part.raw(), digits_max);
    }
    return out + ")";
  };
  Shown both = {place(before->root()["location"]), place(after->root()["location"])};
  return both.before == both.after ? std::nullopt : std::optional(both);
}

}  // namespace

Shown show_both(const Change& change, std::size_t length_max) {
  if (const auto both = locations(change)) return *both;
  Shown both = {show(change.before, length_max), show(change.after, length_max)};
  if (both.before != both.after || change.before == change.after || !change.before || !change.after) return both;
  const auto plain = [length_max](const Value& value) {
    constexpr std::size_t numbers_max = 30;  // All digits of a double.
    return value->size() <= numbers_max ? *value : shorten(one_line(*value), length_max);
  };
  return {plain(change.before), plain(change.after)};
}

std::string class_word(std::string_view ifc_class, std::size_t count) {
  std::string_view name = ifc_class.starts_with("Ifc") ? ifc_class.substr(3) : ifc_class;
  for (const std::string_view suffix : {"StandardCase", "ElementedCase"})
    if (name.size() > suffix.size() && name.ends_with(suffix)) name.remove_suffix(suffix.size());
  std::string word;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    if (i > 0 && std::isupper(c) && std::islower(static_cast<unsigned char>(name[i - 1]))) word += ' ';
    word += lower(name[i]);
  }
  if (word.starts_with("building ") && word != "building element part") word.erase(0, 9);  // "storey"
  if (word.empty()) word = "element";
  if (count == 1) return word;
  if (word.ends_with("s") || word.ends_with("sh") || word.ends_with("ch")) return word + "es";
  if (word.ends_with("y") && !word.ends_with("ay") && !word.ends_with("ey"))
    return word.substr(0, word.size() - 1) + "ies";
  return word + "s";
}

std::string title(const ElementRef& element) {
  constexpr std::size_t length_max = 60;
  if (!element.name.empty()) return shorten(one_line(element.name), length_max);
  if (element.global_id.empty()) return element.ifc_class;
  return class_word(element.ifc_class, 1) + " " + element.global_id.substr(0, 8);
}

namespace {

struct Movement {
  std::optional<double> distance_m;
  bool is_far = false, is_turned = false;
};

// Without one, IFC means the axes of what it is relative to.
bool same_direction(JsonNode before, JsonNode after, std::string_view otherwise) {
  const auto usual = text::parse_json(otherwise);
  return text::equal(before ? before : usual->root(), after ? after : usual->root());
}

Movement movement(const Change& change) {
  Movement out;
  if (change.kind != ChangeKind::moved || !change.after) return out;
  const auto after = text::parse_json(*change.after);
  const auto before = text::parse_json(change.before.value_or(""));
  if (!after) return out;
  constexpr double same_place_max_m = 0.0000005;
  out.distance_m = after->root()["distance_m"].as_double();
  out.is_far = out.distance_m && *out.distance_m > same_place_max_m;
  out.is_turned = before && (!same_direction(before->root()["axis"], after->root()["axis"], "[0,0,1]") ||
                             !same_direction(before->root()["refDirection"], after->root()["refDirection"], "[1,0,0]"));
  return out;
}

}  // namespace

bool stays_in_place(const Change& change) {
  const Movement moved = movement(change);
  return moved.distance_m && !moved.is_far && !moved.is_turned;
}

std::string how_far(const Change& change) {
  const Movement moved = movement(change);
  const auto& distance = moved.distance_m;
  if (!distance) return {};
  if (!moved.is_far) return moved.is_turned ? "turned" : "";
  std::array<char, 64> digits{};
  const bool small = *distance < 0.1;
  const double shown = small ? *distance * 1000 : *distance;
  const int precision = small && std::abs(shown - std::round(shown)) < 0.05 ? 0 : small ? 1 : 2;
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), shown, std::chars_format::fixed, precision);
  if (end.ec != std::errc()) return {};
  return std::string(digits.data(), end.ptr) + (small ? " mm" : " m");
}

std::string place_in_words(const Change& change) {
  constexpr std::string_view properties = "/properties/";
  if (change.kind != ChangeKind::text || change.element.global_id.empty() || !change.at.starts_with('/'))
    return change.at;
  std::string place = change.at.substr(change.at.starts_with(properties) ? properties.size() : 1);
  std::replace(place.begin(), place.end(), '/', '.');
  return place;
}

std::string in_words(const Change& change, bool full_place) {
  const std::string whole = place_in_words(change);
  const std::string place(full_place ? std::string_view(whole) : last_part(whole));
  switch (change.kind) {
    case ChangeKind::added:
      return "added" + on(change);
    case ChangeKind::removed:
      return "removed" + (change.at.empty() ? "" : " from " + shorten(one_line(change.at), 40));
    case ChangeKind::redrawn:
      return "drawn again";
    case ChangeKind::moved: {
      const std::string far = how_far(change);
      if (far.empty()) return stays_in_place(change) ? "placed anew where it was" : "moved";
      return far == "turned" ? far : "moved " + far;
    }
    case ChangeKind::reshaped:
      return !change.before ? "shape added" : !change.after ? "shape removed" : "reshaped";
    case ChangeKind::restyled: {
      const Shown both = show_both(change);
      const bool told = change.before && change.after && both.before != both.after && !both.before.starts_with('{');
      return told ? "restyled " + both.before + " → " + both.after : "restyled";
    }
    case ChangeKind::renamed:
      return !change.before ? "named" : "renamed from " + show_both(change).before;
    case ChangeKind::retyped:
      return with_value("type", change);
    case ChangeKind::reclassified:
      return with_value(place.empty() || place == "Class" ? "class" : "classification", change);
    case ChangeKind::material:
      return with_value("material", change);
    case ChangeKind::container:
      return with_value(place == "Parent" ? "parent" : "container", change);
    case ChangeKind::group:
      return with_value("group", change);
    case ChangeKind::relation:
      return part(change).empty() ? with_value(place, change) : part(change);
    case ChangeKind::property:
    case ChangeKind::quantity:
    case ChangeKind::attribute:
    case ChangeKind::resource:
      return with_value(place, change);
    case ChangeKind::text:
      if (change.at.empty() && !change.before && !change.element.global_id.empty()) return "added";
      if (change.at.empty() && !change.after && !change.element.global_id.empty()) return "removed";
      if (change.element.global_id.empty()) return with_value(change.at.empty() ? "content" : change.at, change);
      return with_value(place.empty() ? "content" : place, change);
  }
  return "";
}

}  // namespace aecos::diff
