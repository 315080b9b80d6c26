#include "revision/record.h"

#include <algorithm>
#include <array>
#include <optional>

#include "revision/to_json.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::revision {
namespace {

using merge::ConflictKind;
using merge::Side;
using text::JsonNode;

constexpr std::array kinds{ConflictKind::both_changed, ConflictKind::deleted_changed, ConflictKind::deleted_referenced,
                           ConflictKind::both_added,   ConflictKind::cardinality,     ConflictKind::list_order,
                           ConflictKind::unreadable,   ConflictKind::binary,          ConflictKind::path};
constexpr std::array sides{Side::base, Side::ours, Side::theirs};

template <class Name, class Choices>
std::optional<Name> named(const Choices& choices, std::string_view word) {
  auto found = std::find_if(choices.begin(), choices.end(), [&](Name name) { return to_string(name) == word; });
  if (found == choices.end()) return std::nullopt;
  return *found;
}

std::string text_of(JsonNode node) { return std::string(node.as_string().value_or("")); }

void member_if_any(text::JsonWriter& json, std::string_view name, const std::string& content) {
  if (!content.empty()) json.member(name, content);
}

Result<> write_side(text::JsonWriter& json, Side name, const merge::Value& value, const RecordSide& side,
                    const KeepValue& keep) {
  json.key(to_string(name)).begin_object();
  if (!side.large_value.empty()) {
    json.member("blob", side.large_value);
  } else if (value && value->size() > inline_value_max) {
    AECOS_TRY_ASSIGN(std::string hash, keep(*value));
    json.member("blob", hash);
  } else if (value) {
    json.key("value").raw(*value);
  }
  member_if_any(json, "commit", side.commit);
  member_if_any(json, "author", side.author);
  member_if_any(json, "file", side.file);
  json.end_object();
  return {};
}

void read_side(JsonNode node, merge::Value& value, RecordSide& side) {
  if (JsonNode inline_value = node["value"]) value = std::string(inline_value.raw());
  side = {text_of(node["commit"]), text_of(node["author"]), text_of(node["file"]), text_of(node["blob"])};
}

Error not_a_record(std::string_view what) {
  return {ErrorCode::invalid_input, "not a conflict record: " + std::string(what)};
}

}  // namespace

Result<std::string> to_json(const Record& record, const KeepValue& keep) {
  const merge::Conflict& conflict = record.conflict;
  text::JsonWriter json(2);
  json.begin_object().member("id", conflict.id).member("path", record.path);
  json.member("branch", record.branch).member("opened", record.opened).key("element");
  write(json, conflict.element);
  json.member("at", conflict.at).member("kind", to_string(conflict.kind));
  AECOS_TRY(write_side(json, Side::base, conflict.base, record.base, keep));
  AECOS_TRY(write_side(json, Side::ours, conflict.ours, record.ours, keep));
  AECOS_TRY(write_side(json, Side::theirs, conflict.theirs, record.theirs, keep));
  json.member("chosen", to_string(conflict.chosen)).member("because", conflict.because).end_object();
  return std::move(json).take();
}

Result<Record> parse_record(std::string_view json) {
  AECOS_TRY_ASSIGN(text::JsonDocument document, text::parse_json(json));
  JsonNode root = document.root();
  if (!root.is_object()) return not_a_record("no object");
  auto kind = named<ConflictKind>(kinds, text_of(root["kind"]));
  auto chosen = named<Side>(sides, text_of(root["chosen"]));
  Record record;
  merge::Conflict& conflict = record.conflict;
  conflict.id = text_of(root["id"]);
  record.path = text_of(root["path"]);
  if (conflict.id.empty() || record.path.empty()) return not_a_record("no id or no path");
  if (!kind) return not_a_record("unknown kind \"" + text_of(root["kind"]) + "\"");
  if (!chosen) return not_a_record("unknown side \"" + text_of(root["chosen"]) + "\"");
  record.branch = text_of(root["branch"]);
  record.opened = text_of(root["opened"]);
  JsonNode element = root["element"];
  conflict.element = {text_of(element["globalId"]), text_of(element["class"]), text_of(element["name"])};
  conflict.at = text_of(root["at"]);
  conflict.kind = *kind;
  conflict.chosen = *chosen;
  conflict.because = text_of(root["because"]);
  read_side(root["base"], conflict.base, record.base);
  read_side(root["ours"], conflict.ours, record.ours);
  read_side(root["theirs"], conflict.theirs, record.theirs);
  return record;
}

std::string record_path(std::string_view id) { return std::string(records_folder) + "/" + std::string(id) + ".json"; }

std::string large_value_path(std::string_view hash) {
  return std::string(records_folder) + "/values/" + std::string(hash);
}

bool is_in_records(std::string_view path) {
  return path.starts_with(records_folder) && path.size() > records_folder.size() && path[records_folder.size()] == '/';
}

std::string_view record_id(std::string_view path) {
  constexpr std::string_view ending = ".json";
  if (!is_in_records(path) || !path.ends_with(ending)) return {};
  path.remove_prefix(records_folder.size() + 1);
  path.remove_suffix(ending.size());
  return path.find('/') == std::string_view::npos ? path : std::string_view{};
}

merge::Value value_of(const Record& record, Side side) {
  const merge::Conflict& conflict = record.conflict;
  return side == Side::base ? conflict.base : side == Side::ours ? conflict.ours : conflict.theirs;
}

const RecordSide& side_of(const Record& record, Side side) {
  return side == Side::base ? record.base : side == Side::ours ? record.ours : record.theirs;
}

}  // namespace aecos::revision
