#include "element/agree.h"

#include <cmath>
#include <map>
#include <optional>

#include "element/edit.h"
#include "element/editor.h"
#include "element/folder.h"
#include "element/json_patch_internal.h"
#include "ifc/draft.h"
#include "ifc/model.h"
#include "step/token.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::element {
namespace {

constexpr std::string_view quantities = "Quantities";

// Where something is stated: set and name; Name, Class and Storey have no set.
using Place = std::pair<std::string, std::string>;
using Statements = std::map<Place, std::string>;
const Place storey_place{"", "Storey"};

std::string text_of(const Place& place) {
  return place.first.empty() ? place.second : place.first + "." + place.second;
}

// The same text for equal values.
std::string canonical(text::JsonNode node) {
  if (node.is_number()) return text::canonical_number(node.raw());
  if (!node.is_array()) return node.is_string() ? text::json_quote(*node.as_string()) : text::compact(node);
  std::string all = "[";
  for (const text::JsonNode one : node) all += (all.size() > 1 ? "," : "") + canonical(one);
  return all + "]";
}

std::string canonical_text(const std::string& json) {
  const auto document = text::parse_json(json);
  return document ? canonical(document->root()) : json;
}

bool equal(const std::string& a, const std::string& b) { return a == b || canonical_text(a) == canonical_text(b); }

// Objects are none of the values that a property can have.
void state(Statements& all, Place place, text::JsonNode value) {
  if (value && !value.is_object()) all.emplace(std::move(place), std::string(value.raw()));
}

Result<Statements> of_metadata(std::string_view json) {
  Statements all;
  if (json.empty()) return all;
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
  const text::JsonNode root = document.root();
  state(all, {"", "Name"}, root["name"]);
  state(all, {"", "Class"}, root["class"]);
  if (root["storey"].as_string() != "") state(all, {"", "Storey"}, root["storey"]);
  for (const text::JsonNode set : root["properties"])
    for (const text::JsonNode property : set)
      if (set.is_object()) state(all, {std::string(set.key()), std::string(property.key())}, property);
  for (const text::JsonNode quantity : root["quantities"])
    state(all, {std::string(quantities), std::string(quantity.key())}, quantity["value"]);
  return all;
}

struct Stated {
  Statements all;
  std::string global_id;
};

Result<Stated> of_ifc(std::string_view ifc, const std::string& global_id) {
  Stated stated;
  if (ifc.empty()) return stated;
  auto found = describe(ifc, global_id);
  if (!found) found = describe(ifc);
  if (!found) return std::move(found).error();
  stated.global_id = found->global_id;
  stated.all.emplace(Place("", "Name"), text::json_quote(found->name));
  stated.all.emplace(Place("", "Class"), text::json_quote(found->ifc_class));
  if (!found->storey.empty()) stated.all.emplace(Place("", "Storey"), text::json_quote(found->storey));
  for (Statement& one : found->statements)
    stated.all.emplace(Place(one.quantity ? std::string(quantities) : one.set, one.name), std::move(one.value));
  return stated;
}

std::string value_at(const Statements& all, const Place& place) {
  const auto found = all.find(place);
  return found == all.end() ? std::string() : found->second;
}

std::vector<std::string> member_path(const Place& place) {
  if (place.first.empty()) return {place.second == "Name" ? "name" : place.second == "Class" ? "class" : "storey"};
  if (place.first == quantities) return {"quantities", place.second, "value"};
  return {"properties", place.first, place.second};
}

// A JSON value as a STEP value of the type that stood there before; absent: it has none.
std::optional<std::string> step_value(text::JsonNode value, std::string_view before) {
  const std::string_view type = before.substr(0, before.find('('));
  const auto typed = [&](std::string_view fallback, std::string_view text, bool fits) {
    return std::string(fits && !type.empty() && type != "$" ? type : fallback) + "(" + std::string(text) + ")";
  };
  const std::string_view inner = before.find('(') == std::string_view::npos ? "" : before.substr(before.find('(') + 1);
  if (value.is_null()) return "$";
  if (const auto text = value.as_string()) return typed("IFCLABEL", ifc::quoted(*text), inner.starts_with('\''));
  if (const auto truth = value.as_bool()) return typed("IFCBOOLEAN", *truth ? ".T." : ".F.", inner.starts_with('.'));
  const auto number = value.as_double();
  if (!number) return std::nullopt;
  const bool was_number = !inner.empty() && inner.find_first_of("'.(") != 0;
  const bool was_whole = was_number && inner.find_first_of(".Ee") == std::string_view::npos;
  const auto whole = value.as_int();
  if (whole && (was_whole || (!was_number && value.raw().find_first_of(".eE") == std::string_view::npos)))
    return typed("IFCINTEGER", std::to_string(*whole), was_whole);
  return typed("IFCREAL", ifc::real_text(*number), was_number && !was_whole);
}

class Writer {
 public:
  Writer(std::string_view metadata, std::string_view ifc, std::string global_id, const Frame& frame)
      : metadata_(metadata), ifc_(ifc), global_id_(std::move(global_id)), frame_(frame) {}

  Result<> to_metadata(const Place& place, const std::string& value) {
    std::vector<std::string> path = member_path(place);
    if (value.empty() && place.first == quantities) path.pop_back();
    AECOS_TRY_ASSIGN(metadata_, with_member(metadata_, path, value));
    if (!value.empty() || place.first.empty() || place.first == quantities) return {};
    // A set without properties goes, as it does in IFC.
    AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(metadata_));
    const text::JsonNode set = document.root()["properties"][std::string_view(place.first)];
    if (set.is_object() && set.size() == 0) {
      AECOS_TRY_ASSIGN(metadata_, with_member(metadata_, {path[0], path[1]}, ""));
    }
    return {};
  }

  // False: element.ifc has no place for it.
  Result<bool> to_ifc(const Place& place, const std::string& value) {
    if (place == storey_place) return to_storey(value);
    if (!editor_) {
      AECOS_TRY_ASSIGN(Editor editor, Editor::open(ifc_, global_id_ + "/metadata"));
      editor_.emplace(std::move(editor));
    }
    if (place.first.empty() && place.second != "Name") return false;
    if (value.empty()) {
      if (place.first.empty() || place.first == quantities) return false;
      return done(editor_->remove_property(global_id_, place.first, place.second));
    }
    AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(value));
    const text::JsonNode json = document.root();
    if (place.first.empty()) {
      const auto name = json.as_string();
      return name ? done(editor_->rename(global_id_, *name)) : Result<bool>(false);
    }
    if (place.first == quantities) {
      const auto number = json.as_double();
      return number ? done(editor_->set_quantity(global_id_, place.second, ifc::real_text(*number)))
                    : Result<bool>(false);
    }
    const auto text = step_value(json, editor_->property(global_id_, place.first, place.second).value_or(""));
    return text ? done(editor_->set_property(global_id_, place.first, place.second, *text)) : Result<bool>(false);
  }

  std::string metadata() && { return std::move(metadata_); }
  std::string ifc() const { return editor_ && changed_ ? editor_->text() : ifc_; }

 private:
  // Into the storey of that name, if there is one, and no other one is called so. The file itself knows its own storey
  // alone, so the frame is asked.
  Result<bool> to_storey(const std::string& value) {
    AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(value.empty() ? "null" : value));
    const auto name = document.root().as_string();
    const Result<std::string> frame = name && frame_ ? frame_() : Result<std::string>(std::string());
    if (!name || !frame) return false;
    const auto known = storeys(frame->empty() ? std::string_view(ifc_) : std::string_view(*frame));
    if (!known) return false;
    std::vector<std::string> ids;
    for (const NamedId& one : *known)
      if (one.name == *name) ids.push_back(one.global_id);
    if (ids.size() != 1) return false;
    const auto put = [&](Editor& editor) { return editor.put_into(global_id_, ids.front()); };
    auto moved =
        frame->empty() ? edited(ifc(), global_id_, put) : edited(*frame, {"element", ifc(), "", ""}, global_id_, put);
    if (!moved) return false;
    ifc_ = *std::move(moved);
    editor_.reset();
    changed_ = false;
    return true;
  }

  Result<bool> done(const Result<>& edit) {
    changed_ = changed_ || static_cast<bool>(edit);
    return static_cast<bool>(edit);
  }

  std::string metadata_;
  std::string ifc_;
  std::string global_id_;
  const Frame& frame_;
  std::optional<Editor> editor_;
  bool changed_ = false;
};

Error named(std::string_view file, const Error& error) {
  return {error.code, std::string(file) + ": " + error.message};
}

std::string global_id_of(std::string_view metadata) {
  const auto document = text::parse_json(metadata);
  if (!document) return {};
  return std::string(document->root()["globalId"].as_string().value_or(""));
}

struct Four {
  Statements base_metadata, metadata;
  Stated base_ifc, ifc;
};

Result<Four> read_all(std::string_view base_metadata, std::string_view base_ifc, std::string_view metadata,
                      std::string_view ifc) {
  const std::string id = global_id_of(metadata);
  auto m0 = of_metadata(base_metadata), m1 = of_metadata(metadata);
  if (!m1) return named(metadata_file, m1.error());
  auto i0 = of_ifc(base_ifc, id), i1 = of_ifc(ifc, id);
  if (!i1) return named(ifc_file, i1.error());
  // What could not be read before says nothing.
  Four four;
  if (m0) four.base_metadata = *std::move(m0);
  if (i0) four.base_ifc = *std::move(i0);
  four.metadata = *std::move(m1);
  four.ifc = *std::move(i1);
  return four;
}

}  // namespace

Result<Agreement> agree(std::string_view base_metadata, std::string_view base_ifc, std::string_view metadata,
                        std::string_view ifc, const Frame& frame) {
  AECOS_TRY_ASSIGN(const Four four, read_all(base_metadata, base_ifc, metadata, ifc));
  Statements places = four.metadata;
  for (const Statements* more : {&four.ifc.all, &four.base_metadata, &four.base_ifc.all})
    places.insert(more->begin(), more->end());
  Writer writer(metadata, ifc, four.ifc.global_id, frame);
  Agreement agreement;
  for (const auto& [place, any] : places) {
    const std::string m = value_at(four.metadata, place), i = value_at(four.ifc.all, place);
    if (equal(m, i)) continue;
    const std::string m0 = value_at(four.base_metadata, place), i0 = value_at(four.base_ifc.all, place);
    const bool metadata_changed = !equal(m, m0), ifc_changed = !equal(i, i0);
    if (!metadata_changed && !ifc_changed) continue;
    if (metadata_changed && !ifc_changed) {
      AECOS_TRY_ASSIGN(const bool written, writer.to_ifc(place, m));
      if (written) continue;
    }
    if (metadata_changed) agreement.disagreements.push_back({text_of(place), !i0.empty() ? i0 : m0, m, i});
    AECOS_TRY(writer.to_metadata(place, i));
  }
  agreement.ifc = writer.ifc();
  agreement.metadata = std::move(writer).metadata();
  return agreement;
}

Result<std::vector<Disagreement>> disagreements(std::string_view metadata, std::string_view ifc) {
  AECOS_TRY_ASSIGN(const Four four, read_all("", "", metadata, ifc));
  std::vector<Disagreement> found;
  Statements places = four.metadata;
  places.insert(four.ifc.all.begin(), four.ifc.all.end());
  for (const auto& [place, any] : places) {
    const std::string m = value_at(four.metadata, place), i = value_at(four.ifc.all, place);
    if (!equal(m, i)) found.push_back({text_of(place), "", m, i});
  }
  return found;
}

}  // namespace aecos::element
