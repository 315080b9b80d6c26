#pragma once
// Between reading three JSON versions and writing the merged one: the merged value as a tree of pieces, and how it is
// laid out on the text of one of the versions, its carrier.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "diff/json.h"
#include "merge/merge.h"
#include "text/json.h"

namespace aecos::merge {

// One place in the three versions.
struct JsonTriple {
  text::JsonNode base, ours, theirs;
  text::JsonNode of(Side side) const { return side == Side::base ? base : side == Side::ours ? ours : theirs; }
};

// A merged value: one that a version has, or a container composed of merged values.
struct JsonMerged {
  text::JsonNode value;    // Composed: any version of the container, which tells whether it is an object.
  text::JsonNode carrier;  // What stands at its place in the carrier; none where there is nothing.
  bool composed = false;
  std::vector<JsonMerged> children;
  std::vector<std::string_view> keys;  // As written, with quotes: of an object's children.
};

// The three versions; no base: the file is new on both sides.
struct JsonDocuments {
  const text::JsonDocument* base;
  const text::JsonDocument* ours;
  const text::JsonDocument* theirs;
  const text::JsonDocument* of(Side side) const {
    return side == Side::base ? base : side == Side::ours ? ours : theirs;
  }
};

// The version on whose text the merged value is written: the one whose writing was changed (indentation, order of
// members, spelling of numbers ...), if one side alone changed it or both did alike; else base. It does not depend on
// which side is ours.
Side json_carrier(const JsonDocuments& documents, const diff::JsonRules& rules);

// The text of the carrier with the merged value in place of its own: what is equal keeps its bytes, what is new follows
// the style around it.
std::string write_json(const JsonMerged& root, const JsonDocuments& documents, Side carrier,
                       const diff::JsonRules& rules);

}  // namespace aecos::merge
