#pragma once
// A STEP file that can be edited: what is not touched keeps its id, its place and its bytes, as native editors leave
// it.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "ifc/traits.h"
#include "step/file.h"

namespace aecos::ifc {

using Row = std::size_t;  // Of an instance; stays valid through edits.
inline constexpr Row no_row = static_cast<Row>(-1);

class Sheet {
 public:
  // Keeps a copy of the text. Errors as step::read.
  static Result<Sheet> open(std::string_view text);

  Row size() const { return rows_.size(); }
  bool is_removed(Row row) const { return rows_[row].removed; }
  const std::string& keyword(Row row) const { return rows_[row].keyword; }
  const ClassTraits& traits(Row row) const;
  // As STEP text, without white space around them.
  std::vector<std::string> attributes(Row row) const;
  std::string attribute(Row row, std::size_t position) const;  // Empty if there is none.
  // Decoded; empty if it is no string.
  std::string text_attribute(Row row, std::size_t position) const;

  // The instance a reference "#12" leads to, or no_row.
  Row target(std::string_view reference) const;
  // All that are referred to in a text, in its order.
  std::vector<Row> targets(std::string_view text) const;
  std::string reference(Row row) const { return "#" + std::to_string(rows_[row].id); }
  // Those that refer to it, each once, in the order of the file.
  std::vector<Row> users(Row row) const;

  void set_attribute(Row row, std::size_t position, std::string text);
  Row add(std::string_view keyword, const std::vector<std::string>& attributes);
  void remove(Row row);

  const schema::Schema* schema() const { return schema_; }
  std::string text() const;

 private:
  struct Instance {
    std::uint64_t id = 0;
    std::string keyword;
    std::string args;  // Empty: as in the source.
    bool removed = false;
  };

  std::string_view args(Row row) const;
  void count_uses(Row row, bool add);

  std::unique_ptr<const std::string> source_;  // Not moved when the sheet is.
  step::File file_;
  const schema::Schema* schema_ = nullptr;
  std::vector<Instance> rows_;
  std::unordered_map<std::uint64_t, Row> by_id_;
  std::unordered_map<Row, std::vector<Row>> users_;
  mutable std::unordered_map<std::string, ClassTraits> traits_;
  std::uint64_t last_id_ = 0;
};

// "(#1,#2)"
std::string reference_list(const Sheet& sheet, const std::vector<Row>& rows);

}  // namespace aecos::ifc
