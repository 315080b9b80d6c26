#pragma once
// Three versions of one file become one. Every edit of either side ends up in the result or, word for word, in a
// conflict; the result is always a valid file of its type.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "diff/change.h"

namespace aecos::merge {

using diff::ElementRef;
using diff::Value;

enum class Side : std::uint8_t { base, ours, theirs };

// Which value goes into the file where both sides changed it.
enum class Policy : std::uint8_t { integrated, ours, theirs, latest, base };

enum class ConflictKind : std::uint8_t {
  both_changed,
  deleted_changed,
  deleted_referenced,
  both_added,
  cardinality,
  list_order,
  unreadable,
  binary,
  path,
};

// As written in JSON: "both-changed".
std::string_view to_string(ConflictKind kind);
std::string_view to_string(Side side);
std::string_view to_string(Policy policy);

struct Conflict {
  std::string id;  // "c-" + 12 hex digits: a hash of path, element, place, kind and the three values.
  ElementRef element;
  std::string at;
  ConflictKind kind = ConflictKind::both_changed;
  Value base, ours, theirs;
  Side chosen = Side::ours;
  std::string because;  // "policy integrated", "the element is still referred to" ...
};

// One edit that went into the result: from one side, or (both = true) the same edit made by both or two edits of one
// value that could be combined without a conflict.
struct Taken {
  Side side = Side::ours;
  bool both = false;
  diff::Change change;
};

struct Options {
  std::string path;  // Repository path of the file, '/'-separated; decides the file type and goes into conflict ids.
  Policy policy = Policy::integrated;
  Side integrated = Side::ours;         // The side that is already on the shared branch.
  Side latest = Side::theirs;           // The side that was saved last.
  std::map<std::string, Side> choices;  // By conflict id: a person's decision, before any policy.
};

struct Outcome {
  std::string merged;
  std::vector<Conflict> conflicts;  // In the order of the file; empty: a clean merge.
  std::vector<Taken> taken;
};

// Fills in id; call when all other fields but chosen and because are set.
void set_id(Conflict& conflict, std::string_view path);

// The side whose value stands, for a conflict that no rule decides otherwise.
Side choose(const Conflict& conflict, const Options& options);
// "policy integrated", or "decided" where options.choices has it.
std::string reason(const Conflict& conflict, const Options& options);

// Merges by file type (from options.path). An empty base means the file is new on both sides. Errors only with
// invalid_input: a version cannot be read as its type; the message names the side, line and column.
Result<Outcome> merge_file(std::string_view base, std::string_view ours, std::string_view theirs,
                           const Options& options);

// As merge_file, but always has an outcome: a version that cannot be read is kept whole as a conflict `unreadable`
// or `binary`, the chosen side staying in the file.
Outcome merge_any(std::string_view base, std::string_view ours, std::string_view theirs, const Options& options);

Result<Outcome> merge_ifc(std::string_view base, std::string_view ours, std::string_view theirs,
                          const Options& options);
Result<Outcome> merge_json(std::string_view base, std::string_view ours, std::string_view theirs,
                           const Options& options);
Result<Outcome> merge_markdown(std::string_view base, std::string_view ours, std::string_view theirs,
                               const Options& options);
Result<Outcome> merge_text(std::string_view base, std::string_view ours, std::string_view theirs,
                           const Options& options);

}  // namespace aecos::merge
