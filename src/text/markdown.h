#pragma once
// Markdown (CommonMark with GitHub's tables) as a tree of what its lines are: front matter, sections by heading,
// blocks, items, rows. Nothing is rewritten: a node is a stretch of the source's lines.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/lines.h"

namespace aecos::text {

enum class MarkdownKind : std::uint8_t {
  document,      // front_matter first, if any; blocks
  front_matter,  // entries; none where its lines are not "key: value" and what belongs to it
  entry,
  heading,
  paragraph,
  table,  // rows, without the header and the line under it
  row,
  list,  // items
  item,  // blocks
  code,
  quote,
  html,
  rule,
  definition,  // Of a link, or any other line that is no block of its own.
};
std::string_view to_string(MarkdownKind kind);

struct MarkdownNode {
  MarkdownKind kind = MarkdownKind::document;
  std::size_t begin = 0, end = 0;  // Lines; blank lines around it excluded.
  std::size_t offset = 0;          // Where it begins in its first line: behind the markers of the items it is in.
  std::string title;               // Heading: its text; entry: key; row: first cell.
  int level = 0;                   // Heading: 1 to 6.
  std::vector<MarkdownNode> children;
};

// The views point into the source, which must outlive it.
struct MarkdownDocument {
  std::vector<Line> lines;
  MarkdownNode root;
};

// Every text is Markdown; longer ones than markdown_size_max are not to be read. Items and sections nest at most
// markdown_depth_max deep; what is deeper has no children.
MarkdownDocument read_markdown(std::string_view source);
inline constexpr std::size_t markdown_depth_max = 50;
inline constexpr std::size_t markdown_size_max = std::size_t{64} << 20;

// The cells of a table's row, trimmed; '|' after a backslash does not separate.
std::vector<std::string_view> table_cells(std::string_view line);

// "- ", "10. ": what stands before the first child of an item, on its line; all of the line if there is none.
std::string_view item_marker(const MarkdownDocument& document, const MarkdownNode& item);

// The node's lines as they are, without the end of the last.
std::string raw_text(const MarkdownDocument& document, const MarkdownNode& node);

// The same with every line end a line feed: for comparing.
std::string plain_text(const MarkdownDocument& document, const MarkdownNode& node);

}  // namespace aecos::text
