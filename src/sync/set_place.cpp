#include "sync/set_place.h"

#include <algorithm>

#include "diff/json.h"
#include "os/path.h"
#include "text/json_writer.h"

namespace aecos::sync {
namespace {

Error no_place(std::string_view path, std::string_view at, std::string_view why) {
  return {ErrorCode::invalid_input, std::string(path) + ": " + std::string(at) + ": " + std::string(why)};
}

std::string replaced(std::string_view file, text::Span span, std::string_view with) {
  return std::string(file.substr(0, span.begin)) + std::string(with) + std::string(file.substr(span.end));
}

// A new member looks like the one before it.
std::string inserted(std::string_view file, text::JsonNode object, std::string_view key, const std::string& value) {
  std::string member = text::json_quote(key) + ": " + value;
  if (object.size() == 0) return replaced(file, object.span(), "{" + member + "}");
  text::JsonNode last = object[object.size() - 1];
  std::size_t from = object.size() > 1 ? object[object.size() - 2].span().end : object.span().begin + 1;
  std::string between(file.substr(from, last.key_span().begin - from));
  if (object.size() == 1) between = "," + between;
  return replaced(file, {last.span().end, last.span().end}, between + member);
}

// The last step of a pointer, decoded.
std::string last_step(std::string_view pointer) {
  std::string_view raw = pointer.substr(pointer.rfind('/') + 1);
  std::string key;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    bool escaped = raw[i] == '~' && i + 1 < raw.size() && (raw[i + 1] == '0' || raw[i + 1] == '1');
    key += escaped ? (raw[++i] == '0' ? '~' : '/') : raw[i];
  }
  return key;
}

Result<std::string> set_in_json(std::string_view path, std::string_view file, std::string_view at,
                                const std::string& value) {
  AECOS_TRY_ASSIGN(text::JsonDocument document, text::parse_json(file));
  if (text::JsonNode node = diff::find_place(document, at)) return replaced(file, node.span(), value);
  std::size_t step = at.rfind('/');
  text::JsonNode parent;
  if (step != std::string_view::npos) {
    parent = step == 0 ? document.root() : diff::find_place(document, at.substr(0, step));
  }
  if (!parent.is_object()) return no_place(path, at, "there is no such place in the file any more");
  return inserted(file, parent, last_step(at), value);
}

// Text has no places that last: what stands there must be found once.
Result<std::string> set_in_text(std::string_view path, std::string_view file, std::string_view at,
                                const std::string& value, const merge::Value& standing) {
  auto decoded = [](const std::string& json) {
    auto document = text::parse_json(json);
    auto string = document ? document->root().as_string() : std::nullopt;
    return string ? std::string(*string) : json;
  };
  std::string before = standing ? decoded(*standing) : "", after = decoded(value);
  if (before.empty()) return no_place(path, at, "it is empty there; edit the file and settle it with --as-is");
  std::size_t place = file.find(before);
  if (place == std::string_view::npos || file.find(before, place + 1) != std::string_view::npos) {
    return no_place(path, at, "the place cannot be told; edit the file and settle it with --as-is");
  }
  if (before.ends_with('\n') && !after.ends_with('\n')) after += '\n';
  return replaced(file, {place, place + before.size()}, after);
}

}  // namespace

Result<std::string> set_place(std::string_view path, std::string_view file, std::string_view at,
                              const std::string& value, const merge::Value& standing) {
  auto parsed = text::parse_json(value);
  if (!parsed) return no_place(path, at, "not a value: " + parsed.error().message);
  std::string type = os::extension_of(path);
  if (type == ".json" || type == ".geojson" || type == ".ifcx") return set_in_json(path, file, at, value);
  if (type != ".ifc") return set_in_text(path, file, at, value, standing);
  return no_place(path, at, "edit the model and settle it with --as-is");
}

}  // namespace aecos::sync
