#pragma once
// How a document is kept: nodes in the order in which they begin, the children of each container side by side.

#include <string>
#include <string_view>
#include <vector>

#include "text/json.h"

namespace aecos::text {

inline constexpr std::uint32_t no_parent = UINT32_MAX;

// Decoded text: a piece of the source where it has no escapes, otherwise of `decoded`.
struct JsonText {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
  bool decoded = false;
};

struct JsonEntry {
  JsonKind kind = JsonKind::null;
  std::uint32_t parent = no_parent;
  std::uint32_t position = 0;  // Among the parent's children.
  std::uint32_t begin = 0, end = 0;
  std::uint32_t key_begin = 0, key_end = 0;  // With quotes; equal when there is no key.
  JsonText key;
  JsonText string;                                    // Of strings.
  std::uint32_t children_begin = 0, child_count = 0;  // Of containers: a piece of `children` and of `by_key`.
  std::uint64_t hash = 0;
};

struct JsonTree {
  std::string source;
  std::string decoded;
  std::vector<JsonEntry> entries;
  std::vector<std::uint32_t> children;
  std::vector<std::uint32_t> by_key;  // Parallel to children: those of an object sorted by decoded key.

  JsonNode node(std::uint32_t index) const { return {this, index}; }
  std::string_view text(const JsonText& piece) const {
    return std::string_view(piece.decoded ? decoded : source).substr(piece.begin, piece.size);
  }
};

}  // namespace aecos::text
