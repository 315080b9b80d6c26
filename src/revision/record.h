#pragma once
// Conflict records: one committed file per open conflict, .aecos/conflicts/ID.json. Values too large for it lie beside
// it as blobs named by their hash, .aecos/conflicts/values/HASH.

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "merge/merge.h"

namespace aecos::revision {

inline constexpr std::string_view records_folder = ".aecos/conflicts";
inline constexpr std::size_t inline_value_max = 4096;  // Bytes of a value's JSON text that stay in the record.

// What a record knows of one of the three versions beyond its value.
struct RecordSide {
  std::string commit;       // Where the value comes from; empty: not known.
  std::string author;       // Who made it; empty for base.
  std::string file;         // Blob id of the whole file as it was merged; empty: there was none.
  std::string large_value;  // Blob id of the value, where the record does not hold it itself.
};

struct Record {
  merge::Conflict conflict;
  std::string path;
  std::string branch;  // That was merged into: "develop".
  std::string opened;  // RFC 3339, UTC.
  RecordSide base, ours, theirs;
};

// Keeps bytes and gives the hash by which they are kept.
using KeepValue = std::function<Result<std::string>(std::string_view bytes)>;

// The text of the record's file. Values that are too large go to `keep`; those that are kept already stay there.
Result<std::string> to_json(const Record& record, const KeepValue& keep);

// Reads a record's file. invalid_input: not a record; the message has line and column where there is one.
Result<Record> parse_record(std::string_view json);

std::string record_path(std::string_view id);
std::string large_value_path(std::string_view hash);
// ".aecos/conflicts/ID.json" -> "ID"; empty for all other paths.
std::string_view record_id(std::string_view path);
// Records themselves never conflict.
bool is_in_records(std::string_view path);

merge::Value value_of(const Record& record, merge::Side side);
const RecordSide& side_of(const Record& record, merge::Side side);

}  // namespace aecos::revision
