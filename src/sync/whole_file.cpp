#include "sync/whole_file.h"

#include "os/path.h"
#include "step/file.h"
#include "text/json.h"

namespace aecos::sync {
namespace {

Error incomplete(std::string_view what) { return {ErrorCode::invalid_input, std::string(what)}; }

std::string_view without_trailing_blanks(std::string_view bytes) {
  std::size_t last = bytes.find_last_not_of(std::string_view(" \t\r\n\0", 5));
  return last == std::string_view::npos ? std::string_view{} : bytes.substr(0, last + 1);
}

Result<> check_ifc(std::string_view bytes) {
  // Cheaper than reading it, and what a writer that is not done yet always lacks.
  std::string_view tail = without_trailing_blanks(bytes);
  if (tail.empty()) return incomplete("empty");
  constexpr std::size_t comment_room = 4096;
  if (tail.substr(tail.size() - std::min(tail.size(), comment_room)).find("END-ISO-10303-21") ==
      std::string_view::npos) {
    return incomplete("half-written: END-ISO-10303-21 is missing");
  }
  auto file = step::read(bytes);
  if (!file) return file.error();
  return {};
}

Result<> check_zip(std::string_view bytes) {
  constexpr std::size_t comment_room = 65'557;
  std::string_view tail = bytes.substr(bytes.size() - std::min(bytes.size(), comment_room));
  if (tail.find("PK\x05\x06") == std::string_view::npos)
    return incomplete("half-written: the end of the archive is missing");
  return {};
}

// Other faults than a missing end are somebody's work, to be seen by all and mended.
Result<> check_json(std::string_view bytes) {
  std::string_view body = without_trailing_blanks(bytes);
  if (body.empty()) return incomplete("empty");
  auto document = text::parse_json(bytes);
  if (document) return {};
  bool open = (body.front() == '{' || body.front() == '[') && body.back() != '}' && body.back() != ']';
  for (std::size_t end : {bytes.size(), body.size()}) {
    open = open || document.error().message.starts_with(text::to_string(text::position_of(bytes, end)) + ":");
  }
  return open ? Result<>(incomplete("half-written: " + document.error().message)) : Result<>();
}

}  // namespace

Result<> check_whole(std::string_view path, std::string_view bytes) {
  std::string type = os::extension_of(path);
  if (type == ".ifc") return check_ifc(bytes);
  if (type == ".ifczip") return check_zip(bytes);
  if (type == ".json" || type == ".geojson" || type == ".ifcx") return check_json(bytes);
  return {};
}

}  // namespace aecos::sync
