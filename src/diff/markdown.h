#pragma once
// Which parts of two Markdown documents are the same part, and what changed in them.
//
// Places are the headings that lead there and what the part is there: "Fire > Doors, paragraph 2",
// "Fire > Doors, table 1, row D-12", "front matter, title", "Fire, list 1, item 3".

#include <string>
#include <vector>

#include "diff/change.h"
#include "diff/sequence.h"
#include "text/markdown.h"

namespace aecos::diff {

// A part of a document, or none. The document must outlive it.
struct MarkdownRef {
  const text::MarkdownDocument* document = nullptr;
  const text::MarkdownNode* node = nullptr;

  explicit operator bool() const { return node != nullptr; }
  std::size_t size() const { return node ? node->children.size() : 0; }
  MarkdownRef operator[](std::size_t child) const { return {document, &node->children[child]}; }
  std::string plain() const { return node ? plain_text(*document, *node) : std::string(); }
  std::string raw() const { return node ? raw_text(*document, *node) : std::string(); }
};

// Equal line by line, however the lines end. Two missing parts are equal.
bool equal(MarkdownRef a, MarkdownRef b);

// Whether the part is what its children are, so that it can be compared and merged child by child.
bool is_composed(MarkdownRef part);

// The children that are the same, perhaps moved or changed: pairs of positions, ascending in the second. In this order:
// equal ones in sequence; equal ones elsewhere; headings, entries and rows of one title; then, between those, the ones
// most alike.
std::vector<Pair> pair_children(MarkdownRef before, MarkdownRef after);

// The same for parts that two sides added alike: of one title, or of equal content.
std::string addition_key(MarkdownRef part);

// The places of a part's children, by position.
std::vector<std::string> child_places(const std::string& at, MarkdownRef part);

// The first cells, titles or beginnings of a part's children as a JSON list: their order, for people.
std::string order_value(MarkdownRef part);

// What a part has before its children: a table its header and the line under it, an item its marker.
std::string head_of(MarkdownRef part);

// The text as a JSON string; absent for no part.
Value value_of(MarkdownRef part);

// Adds the changes from one version of a part to another, either of which may be missing.
void markdown_changes(MarkdownRef before, MarkdownRef after, const std::string& at, std::vector<Change>& changes);

}  // namespace aecos::diff
