#include "element/json_patch_internal.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::element {
namespace {

std::string spliced(std::string_view source, std::size_t begin, std::size_t end, std::string_view text) {
  return std::string(source.substr(0, begin)).append(text).append(source.substr(end));
}

// White space between the brace or comma before a member and the member: how this object is laid out.
std::string_view gap_before(std::string_view source, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && std::string_view(" \t\r\n").find(source[begin - 1]) != std::string_view::npos) --begin;
  return source.substr(begin, at - begin);
}

std::string nested(const std::vector<std::string>& path, std::size_t from, std::string_view value) {
  std::string text(value);
  for (std::size_t k = path.size(); k > from; --k) text = "{" + text::json_quote(path[k - 1]) + ": " + text + "}";
  return text;
}

std::string with_new(std::string_view source, text::JsonNode object, const std::string& member) {
  if (object.size() == 0) return spliced(source, object.span().begin, object.span().end, "{" + member + "}");
  const text::JsonNode last = object[object.size() - 1];
  const std::string gap(gap_before(source, last.key_span().begin));
  return spliced(source, last.span().end, last.span().end,
                 "," + (gap.empty() && object.size() > 1 ? " " : gap) + member);
}

std::string without(std::string_view source, text::JsonNode member) {
  const text::JsonNode object = member.parent();
  if (object.size() == 1) return spliced(source, object.span().begin, object.span().end, "{}");
  if (member.position() + 1 < object.size()) {
    const text::JsonNode next = object[member.position() + 1];
    return spliced(source, member.key_span().begin, next.key_span().begin, "");
  }
  return spliced(source, object[member.position() - 1].span().end, member.span().end, "");
}

}  // namespace

Result<std::string> with_member(std::string_view json, const std::vector<std::string>& path, std::string_view value) {
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
  const std::string_view source = document.source();
  text::JsonNode at = document.root();
  for (std::size_t k = 0; k < path.size(); ++k) {
    if (!at.is_object()) return Error{ErrorCode::invalid_input, "no object at " + at.pointer()};
    const text::JsonNode next = at[std::string_view(path[k])];
    if (!next) {
      if (value.empty()) return std::string(source);
      return with_new(source, at, text::json_quote(path[k]) + ": " + nested(path, k + 1, value));
    }
    at = next;
  }
  if (value.empty()) return without(source, at);
  return spliced(source, at.span().begin, at.span().end, value);
}

}  // namespace aecos::element
