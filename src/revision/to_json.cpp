#include "revision/to_json.h"

namespace aecos::revision {

void write(text::JsonWriter& json, const diff::ElementRef& element) {
  json.begin_object();
  if (!element.global_id.empty()) json.member("globalId", element.global_id);
  if (!element.ifc_class.empty()) json.member("class", element.ifc_class);
  if (!element.name.empty()) json.member("name", element.name);
  json.end_object();
}

void write(text::JsonWriter& json, const diff::Change& change) {
  json.begin_object().member("kind", diff::to_string(change.kind)).key("element");
  write(json, change.element);
  json.member("at", change.at);
  json.key("before").raw_or_null(change.before).key("after").raw_or_null(change.after).end_object();
}

void write(text::JsonWriter& json, const merge::Taken& taken) {
  json.begin_object().member("side", merge::to_string(taken.side)).member("both", taken.both).key("change");
  write(json, taken.change);
  json.end_object();
}

void write(text::JsonWriter& json, const merge::Conflict& conflict, std::string_view path) {
  json.begin_object().member("id", conflict.id).member("path", path).key("element");
  write(json, conflict.element);
  json.member("at", conflict.at).member("kind", merge::to_string(conflict.kind));
  json.key("base").raw_or_null(conflict.base);
  json.key("ours").raw_or_null(conflict.ours);
  json.key("theirs").raw_or_null(conflict.theirs);
  json.member("chosen", merge::to_string(conflict.chosen)).member("because", conflict.because).end_object();
}

void write(text::JsonWriter& json, const diff::FileChanges& file) {
  json.begin_object().member("path", file.path);
  if (!file.note.empty()) json.member("note", file.note);
  json.key("changes").begin_array();
  for (const diff::Change& change : file.changes) write(json, change);
  json.end_array().end_object();
}

}  // namespace aecos::revision
