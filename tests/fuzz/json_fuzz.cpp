// The input is three versions of a JSON file, with lines "%%%%" between them.

#include <optional>
#include <string>

#include "diff/diff.h"
#include "merge/merge.h"
#include "parts.h"
#include "text/json.h"

namespace {

using aecos::fuzz::require;
using aecos::merge::merge_json;
namespace text = aecos::text;

void walk(const text::JsonDocument& document) {
  for (std::uint32_t i = 0; i < document.node_count() && i < 200; ++i) {
    const text::JsonNode node = document.node(i);
    require(document.find(node.pointer()) == node, "a node is found by its pointer");
    require(text::equal(node, node), "a node is equal to itself");
    require(node.raw().size() <= document.source().size(), "a node lies in the source");
  }
  const std::string compact = text::compact(document.root());
  const auto again = text::parse_json(compact);
  require(bool(again) && text::equal(again->root(), document.root()), "the compact form is the same value");
}

bool same(std::string_view a, std::string_view b) {
  const auto first = text::parse_json(a), second = text::parse_json(b);
  return first && second && text::equal(first->root(), second->root());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parts = aecos::fuzz::parts_of(aecos::fuzz::text_of(data, size), 3);
  bool sound = true;
  for (const std::string_view part : parts) {
    const auto document = text::parse_json(part);
    sound = sound && document;
    if (document) walk(*document);
  }
  aecos::merge::Options options;
  options.path = "a.json";
  (void)aecos::merge::merge_any(parts[0], parts[1], parts[2], options);
  const auto merged = merge_json(parts[0], parts[1], parts[2], options);
  if (!sound) return 0;
  require(bool(merged), "sound versions merge");
  require(bool(text::parse_json(merged->merged)), "the merged text is JSON");
  const auto ours = merge_json(parts[0], parts[1], parts[0], options);
  const auto theirs = merge_json(parts[0], parts[0], parts[2], options);
  require(ours && same(ours->merged, parts[1]), "what ours alone changed stands");
  require(theirs && same(theirs->merged, parts[2]), "what theirs alone changed stands");
  require(ours->conflicts.empty() && theirs->conflicts.empty(), "changes of one side do not conflict");
  require(bool(aecos::diff::diff_file("a.json", parts[0], parts[1])), "sound versions compare");
  return 0;
}
