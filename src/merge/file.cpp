// What to do with each kind of file, and where a version is not of that kind.

#include <algorithm>
#include <array>

#include "base/sha256.h"
#include "diff/file_type.h"
#include "merge/conflict_internal.h"
#include "merge/merge.h"
#include "text/json.h"
#include "text/value.h"

namespace aecos::merge {
namespace {

using diff::FileType;

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

// What can be read stays in the file, base if nothing else; the policy decides where both sides can, or nothing.
Outcome keep_readable(FileType type, const std::array<std::string_view, 3>& versions, const Options& options,
                      const Error& error) {
  bool ours = is_readable(type, versions[1], options), theirs = is_readable(type, versions[2], options);
  std::optional<Rule> rule;
  if (ours != theirs) rule = Rule{ours ? Side::ours : Side::theirs, error.message};
  bool base = !ours && !theirs && !versions[0].empty() && is_readable(type, versions[0], options);
  if (base) rule = Rule{Side::base, error.message};
  Outcome outcome = keep_whole(versions, ConflictKind::unreadable, options, rule);
  std::string& because = outcome.conflicts[0].because;
  if (!rule) because = error.message + "; " + because;
  return outcome;
}

}  // namespace

Result<Outcome> merge_file(std::string_view base, std::string_view ours, std::string_view theirs,
                           const Options& options) {
  std::array versions = {base, ours, theirs};
  return merge_as(diff::file_type(options.path, versions), versions, options);
}

Outcome merge_any(std::string_view base, std::string_view ours, std::string_view theirs, const Options& options) {
  std::array versions = {base, ours, theirs};
  FileType type = diff::file_type(options.path, versions);
  Result<Outcome> outcome = merge_as(type, versions, options);
  if (ours == theirs || base == ours || base == theirs) {
    Outcome one_stands{std::string(base == ours ? theirs : ours), {}, {}};
    if (outcome) one_stands.taken = std::move(outcome->taken);
    return one_stands;
  }
  return outcome ? *std::move(outcome) : keep_readable(type, versions, options, outcome.error());
}

}  // namespace aecos::merge
