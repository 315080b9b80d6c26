#pragma once
// How JSON text is laid out: its white space, seen and chosen.

#include <string_view>

#include "text/json.h"

namespace aecos::merge {

inline bool has_line_break(std::string_view gap) { return gap.find('\n') != std::string_view::npos; }

// What stands behind the last line break.
std::string_view indentation_of(std::string_view gap);

// The gap without what stands before its last line break: no blank lines.
std::string_view last_line_of(std::string_view gap);

// The white space inside one container, in the source of its document.
class JsonGaps {
 public:
  JsonGaps(text::JsonNode container, std::string_view source) : container_(container), source_(source) {}

  // Before a child, from the bracket or comma on; behind it, up to the comma or bracket.
  std::string_view lead(std::size_t child) const;
  std::string_view trail(std::size_t child) const;
  // Between the key of a member and its value, with the colon.
  std::string_view colon(std::size_t child) const;

 private:
  std::size_t after(std::size_t child) const;  // Where the comma or bracket behind a child is.
  std::string_view cut(std::size_t begin, std::size_t end) const { return source_.substr(begin, end - begin); }

  text::JsonNode container_;
  std::string_view source_;
};

// The habits of a document, as its first containers show them. The views point into its source.
struct JsonStyle {
  bool lines = true;  // Containers take a line for each child.
  bool scalar_lists_inline = true;
  std::string_view line_break = "\n", unit = "  ", colon = ": ", comma_gap = " ";
  bool operator==(const JsonStyle&) const = default;
};
JsonStyle json_style(const text::JsonDocument& document);

bool has_only_scalars(text::JsonNode container);

}  // namespace aecos::merge
