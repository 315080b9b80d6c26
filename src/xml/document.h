#pragma once
// XML of strangers, read into memory. Document types and entities are refused, so that a text can neither name other
// files nor blow itself up.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "base/result.h"

namespace pugi {
struct xml_node_struct;
}

namespace aecos::xml {

struct Attribute {
  std::string_view name, value;
};

// An element; the empty one where there is none. Valid as long as its document.
class Node {
 public:
  Node() = default;
  explicit operator bool() const { return node_ != nullptr; }

  std::string_view name() const;        // As it stands: "xs:element".
  std::string_view local_name() const;  // "element"
  std::string_view space() const;       // The namespace it is of; empty: none.
  // What a prefix stands for here; empty: it is not declared.
  std::string_view space_of(std::string_view prefix) const;

  Node first() const;  // The first element in it.
  Node next() const;   // The next element beside it.
  Node child(std::string_view local_name) const;

  std::vector<Attribute> attributes() const;
  bool has(const char* attribute) const;
  std::string_view attribute(const char* name, std::string_view otherwise = {}) const;

  std::string text() const;     // That stands directly in it.
  bool has_loose_text() const;  // Text that is more than white space.
  std::size_t offset() const;   // In the text of the document.

 private:
  friend class Document;
  explicit Node(pugi::xml_node_struct* node) : node_(node) {}
  pugi::xml_node_struct* node_ = nullptr;
};

class Document final {
 public:
  // invalid_input: "LINE:COLUMN: what was seen". `marks_max`: so many "<" at most, which bounds the memory.
  static Result<Document> parse(std::string_view text, std::size_t marks_max = std::string_view::npos);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  Node root() const;

 private:
  struct Tree;
  Document();
  std::unique_ptr<Tree> tree_;
};

// "LINE:COLUMN", both from 1; the column counts bytes.
std::string position(std::string_view text, std::size_t offset);

// "xs:element" -> "xs" and "element"; without a colon the prefix is empty.
std::string_view prefix_of(std::string_view name);
std::string_view local_name(std::string_view name);

// Without white space around it.
inline std::string_view trimmed(std::string_view text) { return aecos::trimmed(text, " \t\r\n"); }

}  // namespace aecos::xml
