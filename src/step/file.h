#pragma once
// An ISO 10303-21 exchange structure ("STEP file") as a table over its own bytes. Knows no schema.

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::step {

// The position of an instance in File::instances; means something in one file only.
using Index = std::uint32_t;
inline constexpr Index no_instance = std::numeric_limits<Index>::max();

// "#12= IFCWALL('…',#3,$);" as it stands in the file.
struct Instance {
  std::uint64_t id;         // The number after '#'.
  std::uint64_t begin;      // Offset of '#'.
  std::uint32_t length;     // Up to and with ';'.
  std::uint32_t args;       // Offset of '(' from begin. A complex instance has its whole "(A()B())" there.
  std::uint32_t keyword;    // Into File::keywords; complex instances have the empty keyword.
  std::uint32_t first_ref;  // Into File::refs; the references end where those of the next instance begin.
};

struct Section {
  std::uint64_t begin;  // Just behind "DATA;" or "DATA(…);".
  std::uint64_t end;    // At "ENDSEC;".
};

// All views point into the text that was read, which must outlive the File.
struct File {
  std::string_view text;
  std::string_view header;  // Between "HEADER;" and its "ENDSEC;".
  std::vector<Section> data;
  std::vector<std::string> schemas;    // From FILE_SCHEMA, decoded.
  std::vector<std::string> keywords;   // Upper case, each once.
  std::vector<Instance> instances;     // In the order of the file, and one end mark with id 0.
  std::vector<Index> refs;             // Every reference in the arguments, in order; no_instance where there is none.
  std::vector<Index> same;             // After read_like(): the instance of base with the same bytes, or no_instance.
  std::vector<std::uint64_t> missing;  // Ids that are referred to but not defined; sorted, each once.

  Index size() const { return static_cast<Index>(instances.size() - 1); }
  // "(…)" with both parentheses.
  std::string_view args(Index i) const;
  // "#12= IFCWALL(…);"
  std::string_view source(Index i) const;
  const std::string& keyword(Index i) const { return keywords[instances[i].keyword]; }
  std::span<const Index> refs_of(Index i) const;
  // no_instance if there is none of that id. O(1) for dense ids, else O(log n).
  Index find(std::uint64_t id) const;

  std::vector<Index> by_id_dense;                             // Index by id, or
  std::vector<std::pair<std::uint64_t, Index>> by_id_sparse;  // sorted by id where ids are far apart.
};

// One pass over the text; nothing is copied. Accepts what section 5 to 9 of ISO 10303-21:2016 allow and what real tools
// write beyond it (white space and comments anywhere, lower-case keywords, raw 8-bit text, a byte-order mark).
// Errors: invalid_input "LINE:COLUMN: what was seen"; never more than a few bytes of memory per byte of text.
Result<File> read(std::string_view text);

// As read(), for a version of a file that is read already: where the bytes are the same, that table is taken over.
Result<File> read_like(std::string_view text, const File& base);

// "LINE:COLUMN", both from 1; the column counts bytes.
std::string position(std::string_view text, std::uint64_t offset);

}  // namespace aecos::step
