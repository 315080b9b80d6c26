#include "event/event.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::event {
namespace {

std::string text_of(text::JsonNode node) { return std::string(node.as_string().value_or(std::string_view())); }

// From "added" to what is told of it; what a later version may call otherwise is told as an attribute.
diff::ChangeKind kind_of(std::string_view word) {
  for (int kind = 0; kind <= static_cast<int>(diff::ChangeKind::text); ++kind) {
    if (diff::to_string(static_cast<diff::ChangeKind>(kind)) == word) return static_cast<diff::ChangeKind>(kind);
  }
  return diff::ChangeKind::attribute;
}

// Values that were too large for the event are told by their size.
diff::Value value_of(text::JsonNode node) {
  if (!node || node.is_null()) return std::nullopt;
  if (const auto size = node["leftOut"].as_int()) return text::json_quote(std::to_string(*size) + " bytes");
  return compact(node);
}

ElementChange element_of(text::JsonNode node) {
  ElementChange element;
  element.element = {text_of(node["globalId"]), text_of(node["class"]), text_of(node["name"])};
  element.path = text_of(node["path"]);
  element.storey = text_of(node["storey"]);
  for (const text::JsonNode change : node["changes"])
    element.changes.push_back({kind_of(text_of(change["kind"])), element.element, text_of(change["at"]),
                               value_of(change["before"]), value_of(change["after"])});
  return element;
}

}  // namespace

Result<Draft> draft_of(std::string_view json) {
  AECOS_TRY_ASSIGN(const Entry entry, read(json));
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
  Draft draft;
  draft.id = entry.id;
  draft.project = entry.project;
  draft.type = entry.type;
  draft.subject = entry.subject;
  draft.actor = entry.actor;
  draft.branch = entry.branch;
  draft.commit = entry.commit;
  draft.summary = entry.summary;
  for (const text::JsonNode element : document.root()["data"]["elements"])
    draft.elements.push_back(element_of(element));
  return draft;
}

}  // namespace aecos::event
