// What kind of file a path names, and what to do where a version is not of that kind.

#include <algorithm>
#include <array>
#include <cctype>

#include "base/sha256.h"
#include "merge/conflict_internal.h"
#include "merge/merge.h"
#include "text/json.h"
#include "text/value.h"

namespace aecos::merge {
namespace {

using namespace std::string_view_literals;

enum class FileType { ifc, json, markdown, text, binary };

std::string lower_case_name(std::string_view path) {
  std::string name(path.substr(path.rfind('/') + 1));
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return name;
}

template <std::size_t Size>
bool ends_with_any(std::string_view name, const std::array<std::string_view, Size>& ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return name.ends_with(end); });
}

// Files that are never lines of text, whatever bytes one of them happens to have.
constexpr std::array binary_ends = {
    ".rvt"sv,    ".rfa"sv,    ".dwg"sv,  ".pln"sv,  ".skp"sv,  ".3dm"sv, ".blend"sv, ".png"sv, ".jpg"sv, ".jpeg"sv,
    ".gif"sv,    ".bmp"sv,    ".tif"sv,  ".tiff"sv, ".webp"sv, ".pdf"sv, ".zip"sv,   ".7z"sv,  ".gz"sv,  ".bcf"sv,
    ".bcfzip"sv, ".ifczip"sv, ".docx"sv, ".xlsx"sv, ".pptx"sv, ".mp4"sv, ".e57"sv,   ".las"sv, ".laz"sv};
constexpr std::array json_ends = {".json"sv, ".geojson"sv, ".ifcx"sv};
constexpr std::array markdown_ends = {".md"sv, ".markdown"sv};

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view step_begin = "ISO-10303-21";

bool is_step(std::string_view bytes) {
  if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  return bytes.starts_with(step_begin);
}

// Not lines of text: has a zero byte, or stands for a large file (a merge of two such pointers would point nowhere).
bool is_opaque(std::string_view bytes) {
  return bytes.find('\0') != std::string_view::npos || bytes.starts_with("version https://git-lfs.github.com/spec/");
}

FileType type_of(std::string_view path, const std::array<std::string_view, 3>& versions) {
  std::string name = lower_case_name(path);
  if (name.ends_with(".ifc")) return FileType::ifc;
  if (ends_with_any(name, json_ends)) return FileType::json;
  if (ends_with_any(name, binary_ends)) return FileType::binary;
  if (std::ranges::any_of(versions, is_opaque)) return FileType::binary;
  if (ends_with_any(name, markdown_ends)) return FileType::markdown;
  bool step = std::ranges::all_of(versions, [](auto bytes) { return bytes.empty() || is_step(bytes); });
  return step && !versions[1].empty() ? FileType::ifc : FileType::text;
}

// Stands for content that no record should hold.
std::string digest_value(std::string_view bytes) {
  return "{\"size\":" + std::to_string(bytes.size()) + ",\"sha256\":\"" + sha256_hex(bytes) + "\"}";
}

Value whole_value(std::string_view bytes, ConflictKind kind) {
  constexpr std::size_t record_max = 1 << 20;
  bool large = kind == ConflictKind::binary || bytes.size() > record_max;
  return large ? digest_value(bytes) : text::bytes_value(bytes);
}

// One version stays in the file as it is, the others in the conflict.
Outcome keep_whole(const std::array<std::string_view, 3>& versions, ConflictKind kind, const Options& options,
                   const std::optional<Rule>& rule) {
  Conflict conflict;
  conflict.kind = kind;
  if (!versions[0].empty()) conflict.base = whole_value(versions[0], kind);
  conflict.ours = whole_value(versions[1], kind), conflict.theirs = whole_value(versions[2], kind);
  Outcome outcome;
  outcome.merged = versions[static_cast<std::size_t>(settle(conflict, options, rule))];
  outcome.conflicts.push_back(std::move(conflict));
  return outcome;
}

Result<Outcome> merge_as(FileType type, const std::array<std::string_view, 3>& versions, const Options& options) {
  const auto& [base, ours, theirs] = versions;
  switch (type) {
    case FileType::ifc:
      return merge_ifc(base, ours, theirs, options);
    case FileType::json:
      return merge_json(base, ours, theirs, options);
    case FileType::markdown:
      return merge_markdown(base, ours, theirs, options);
    case FileType::text:
      return merge_text(base, ours, theirs, options);
    case FileType::binary:
      break;
  }
  if (ours == theirs || base == ours || base == theirs)
    return Outcome{std::string(base == ours ? theirs : ours), {}, {}};
  return keep_whole(versions, ConflictKind::binary, options, {});
}

// A version can be read if it merges with itself.
bool is_readable(FileType type, std::string_view bytes, const Options& options) {
  if (type == FileType::json) return bool(text::parse_json(bytes));
  return bool(merge_as(type, {bytes, bytes, bytes}, options));
}

// The version that can be read stays in the file; the policy decides where both can, or neither.
Outcome keep_readable(FileType type, const std::array<std::string_view, 3>& versions, const Options& options,
                      const Error& error) {
  bool ours = is_readable(type, versions[1], options), theirs = is_readable(type, versions[2], options);
  std::optional<Rule> rule;
  if (ours != theirs) rule = Rule{ours ? Side::ours : Side::theirs, error.message};
  Outcome outcome = keep_whole(versions, ConflictKind::unreadable, options, rule);
  std::string& because = outcome.conflicts[0].because;
  if (!rule) because = error.message + "; " + because;
  return outcome;
}

}  // namespace

Result<Outcome> merge_file(std::string_view base, std::string_view ours, std::string_view theirs,
                           const Options& options) {
  std::array versions = {base, ours, theirs};
  return merge_as(type_of(options.path, versions), versions, options);
}

Outcome merge_any(std::string_view base, std::string_view ours, std::string_view theirs, const Options& options) {
  std::array versions = {base, ours, theirs};
  FileType type = type_of(options.path, versions);
  Result<Outcome> outcome = merge_as(type, versions, options);
  if (ours == theirs || base == ours || base == theirs) {
    Outcome one_stands{std::string(base == ours ? theirs : ours), {}, {}};
    if (outcome) one_stands.taken = std::move(outcome->taken);
    return one_stands;
  }
  return outcome ? *std::move(outcome) : keep_readable(type, versions, options, outcome.error());
}

}  // namespace aecos::merge
