#include "diff/diff.h"

#include <array>
#include <string>

#include "base/sha256.h"
#include "diff/file_type.h"
#include "diff/ifc.h"
#include "diff/json.h"

namespace aecos::diff {
namespace {

// Stands for content that no list should hold.
Value digest_value(std::string_view bytes) {
  if (bytes.empty()) return std::nullopt;
  return "{\"size\":" + std::to_string(bytes.size()) + ",\"sha256\":\"" + sha256_hex(bytes) + "\"}";
}

}  // namespace

Result<std::vector<Change>> diff_file(std::string_view path, std::string_view before, std::string_view after) {
  if (before == after) return std::vector<Change>();
  switch (file_type(path, std::array{before, after})) {
    case FileType::ifc:
      return diff_ifc(before, after);
    case FileType::json:
      return diff_json(before, after, path);
    case FileType::markdown:
      return diff_markdown(before, after);
    case FileType::text:
      return diff_text(before, after);
    case FileType::binary:
      break;
  }
  return std::vector<Change>{{ChangeKind::text, {}, "", digest_value(before), digest_value(after)}};
}

}  // namespace aecos::diff
