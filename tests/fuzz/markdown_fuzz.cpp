// The input is three versions of a Markdown file, with lines "%%%%" between them.

#include <string>

#include "diff/diff.h"
#include "merge/merge.h"
#include "parts.h"
#include "text/markdown.h"

namespace {

using aecos::fuzz::require;
using aecos::merge::merge_markdown;
using aecos::text::MarkdownDocument;
using aecos::text::MarkdownNode;

void walk(const MarkdownDocument& document, const MarkdownNode& node) {
  require(node.begin <= node.end && node.end <= document.lines.size(), "a node lies in the lines");
  (void)aecos::text::plain_text(document, node);
  std::size_t at = node.begin;
  for (const MarkdownNode& child : node.children) {
    require(child.begin >= at && child.end <= node.end, "children follow each other within their parent");
    at = child.end;
    walk(document, child);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parts = aecos::fuzz::parts_of(aecos::fuzz::text_of(data, size), 3);
  for (const std::string_view part : parts) {
    const MarkdownDocument document = aecos::text::read_markdown(part);
    walk(document, document.root);
  }
  aecos::merge::Options options;
  options.path = "a.md";
  require(bool(merge_markdown(parts[0], parts[1], parts[2], options)), "every text is Markdown");
  const auto ours = merge_markdown(parts[0], parts[1], parts[0], options);
  const auto theirs = merge_markdown(parts[0], parts[0], parts[2], options);
  require(ours && ours->merged == parts[1], "what ours alone changed stands");
  require(theirs && theirs->merged == parts[2], "what theirs alone changed stands");
  require(bool(aecos::diff::diff_file("a.md", parts[0], parts[1])), "every text can be compared");
  return 0;
}
