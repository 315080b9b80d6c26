#include "diff/file_type.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"

namespace aecos::diff {
namespace {

using namespace std::string_view_literals;

template <std::size_t Size>
bool ends_with_any(std::string_view name, const std::array<std::string_view, Size>& ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return name.ends_with(end); });
}

// Files that are never lines of text, whatever bytes one of them happens to have.
constexpr std::array binary_ends = {".rvt"sv,  ".rfa"sv,  ".dwg"sv,  ".pln"sv, ".skp"sv, ".3dm"sv, ".blend"sv,
                                    ".png"sv,  ".jpg"sv,  ".jpeg"sv, ".gif"sv, ".bmp"sv, ".tif"sv, ".tiff"sv,
                                    ".webp"sv, ".pdf"sv,  ".zip"sv,  ".7z"sv,  ".gz"sv,  ".bcf"sv, ".bcfzip"sv,
                                    ".docx"sv, ".xlsx"sv, ".pptx"sv, ".mp4"sv, ".e57"sv, ".las"sv, ".laz"sv};
constexpr std::array json_ends = {".json"sv, ".geojson"sv, ".ifcx"sv};
constexpr std::array markdown_ends = {".md"sv, ".markdown"sv};

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view step_begin = "ISO-10303-21";

bool is_step(std::string_view bytes) {
  if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  return bytes.starts_with(step_begin);
}

// Not lines of text: has a zero byte, or stands for a large file.
bool is_opaque(std::string_view bytes) {
  return bytes.find('\0') != std::string_view::npos || bytes.starts_with("version https://git-lfs.github.com/spec/");
}

}  // namespace

FileType file_type(std::string_view path, std::span<const std::string_view> versions) {
  const std::string name = lower(path.substr(path.rfind('/') + 1));
  if (name.ends_with(".ifc") || name.ends_with(".ifczip")) return FileType::ifc;
  if (ends_with_any(name, json_ends)) return FileType::json;
  if (ends_with_any(name, binary_ends)) return FileType::binary;
  if (std::ranges::any_of(versions, is_opaque)) return FileType::binary;
  if (ends_with_any(name, markdown_ends)) return FileType::markdown;
  const bool step = std::ranges::all_of(versions, [](auto bytes) { return bytes.empty() || is_step(bytes); });
  const bool any = std::ranges::any_of(versions, [](auto bytes) { return !bytes.empty(); });
  return step && any ? FileType::ifc : FileType::text;
}

}  // namespace aecos::diff
