#pragma once
// JSON read without loss: every value knows the bytes it was written with, so that what nobody changed can be written
// back as it was.
//
//   AECOS_TRY_ASSIGN(auto doc, text::parse_json(bytes));
//   std::string_view name = doc.root()["project"]["name"].as_string().value_or("unnamed");
//   for (text::JsonNode rule : doc.root()["rules"]) use(rule.key(), rule["owner"].as_string());

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::text {

struct JsonTree;

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

// Byte offsets into the source, end excluded.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
  bool operator==(const Span&) const = default;
};

// Line and column, both from 1; columns count characters, not bytes.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
  bool operator==(const Position&) const = default;
};
Position position_of(std::string_view source, std::size_t offset);
std::string to_string(Position position);  // "3:14"

// A value inside a document, or none: looking up what is not there gives a node that is false and answers every
// question with nothing, so that lookups chain. Small; copy it. Valid as long as its document (which may be moved).
class JsonNode {
 public:
  JsonNode() = default;
  explicit operator bool() const { return tree_ != nullptr; }

  JsonKind kind() const;  // Of no node: null.
  bool is_null() const;   // A null that is there.
  bool is_object() const { return tree_ && kind() == JsonKind::object; }
  bool is_array() const { return tree_ && kind() == JsonKind::array; }
  bool is_string() const { return tree_ && kind() == JsonKind::string; }
  bool is_number() const { return tree_ && kind() == JsonKind::number; }
  bool is_container() const { return is_object() || is_array(); }

  // Absent when there is no node or it is of another kind.
  std::optional<std::string_view> as_string() const;  // Decoded to UTF-8; a lone \uD800 to its three bytes.
  std::optional<double> as_double() const;            // Absent too when it is too large for a double.
  std::optional<std::int64_t> as_int() const;         // Absent too when it is not a whole number or does not fit.
  std::optional<bool> as_bool() const;

  // Members of an object, elements of an array, in the order of the source; none of anything else.
  std::size_t size() const;
  JsonNode operator[](std::size_t position) const;  // Also of an object's members.
  JsonNode operator[](std::string_view key) const;  // Decoded key; objects only. Logarithmic.
  JsonNode operator[](const char* key) const { return (*this)[std::string_view(key)]; }
  JsonNode operator[](int position) const { return (*this)[static_cast<std::size_t>(position)]; }
  JsonNode parent() const;
  std::size_t position() const;      // Among its siblings; 0 for the root.
  std::string_view key() const;      // Decoded; empty for what is not a member of an object.
  std::string_view key_raw() const;  // As written, with its quotes.

  std::string_view raw() const;  // As written.
  Span span() const;
  Span key_span() const;  // With its quotes.
  Position where() const;
  std::string pointer() const;  // RFC 6901: "/a/0/b~1c".
  std::uint64_t hash() const;   // Equal values have equal hashes.
  std::uint32_t index() const { return index_; }

  class iterator;
  iterator begin() const;
  iterator end() const;

  bool operator==(const JsonNode&) const = default;  // The same node, not the same value: see equal().

 private:
  friend struct JsonTree;
  JsonNode(const JsonTree* tree, std::uint32_t index) : tree_(tree), index_(index) {}
  const JsonTree* tree_ = nullptr;
  std::uint32_t index_ = 0;
};

class JsonNode::iterator {
 public:
  using value_type = JsonNode;
  using difference_type = std::ptrdiff_t;
  iterator() = default;
  iterator(JsonNode node, std::size_t position) : node_(node), position_(position) {}
  JsonNode operator*() const { return node_[position_]; }
  iterator& operator++() { return ++position_, *this; }
  iterator operator++(int) { return {node_, position_++}; }
  bool operator==(const iterator&) const = default;

 private:
  JsonNode node_;
  std::size_t position_ = 0;
};

inline JsonNode::iterator JsonNode::begin() const { return {*this, 0}; }
inline JsonNode::iterator JsonNode::end() const { return {*this, size()}; }

class JsonDocument {
 public:
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonNode root() const;
  JsonNode node(std::uint32_t index) const;  // By JsonNode::index(); parents come before what they contain.
  std::size_t node_count() const;
  JsonNode find(std::string_view pointer) const;  // RFC 6901; no node when it leads nowhere.
  std::string_view source() const;

 private:
  friend Result<JsonDocument> parse_json(std::string_view source);
  explicit JsonDocument(std::unique_ptr<JsonTree> tree);
  std::unique_ptr<JsonTree> tree_;
};

// RFC 8259, after an optional byte-order mark. An error (invalid_input) says line:column and what is wrong there; two
// members of one name are an error that names both places, and so are more than json_depth_max levels. Bytes that are
// not UTF-8 are allowed in strings and kept. Linear but for sorting each object's keys.
Result<JsonDocument> parse_json(std::string_view source);
inline constexpr std::size_t json_depth_max = 1000;

// The same value: numbers by value (1.10 is 1.1 is 11e-1; whole numbers exactly, others as doubles), strings decoded,
// members in any order, elements in the same order. Two missing nodes are equal.
bool equal(JsonNode a, JsonNode b);

// The value without white space between its parts, numbers and strings spelled as they were.
std::string compact(JsonNode node);

// One step of a pointer: '~' and '/' escaped; and back.
std::string pointer_step(std::string_view key);
std::string key_of_step(std::string_view step);
// The element at a position that a step spells: "0", "12"; no node for anything else.
JsonNode element_at(JsonNode array, std::string_view step);

// A text that is the same for numbers of equal value ("1.10" and "11e-1"), and only for them.
std::string canonical_number(std::string_view spelled);

}  // namespace aecos::text
