#include "text/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "text/json_tree_internal.h"

namespace aecos::text {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::optional<double> to_double(std::string_view spelled) {
  double value = 0;
  auto [end, error] = std::from_chars(spelled.data(), spelled.data() + spelled.size(), value);
  if (error != std::errc::result_out_of_range) return value;
  // Too small reads as zero, too large as nothing: only the exponent's sign tells.
  std::size_t exponent = spelled.find_first_of("eE");
  bool small =
      exponent == std::string_view::npos ? spelled.find('.') != std::string_view::npos : spelled[exponent + 1] == '-';
  return small ? std::optional(0.0) : std::nullopt;
}

}  // namespace

Position position_of(std::string_view source, std::size_t offset) {
  std::string_view before = source.substr(0, std::min(offset, source.size()));
  Position position;
  position.line += static_cast<std::size_t>(std::ranges::count(before, '\n'));
  std::size_t line_begin = before.rfind('\n') + 1;
  if (line_begin == 0 && before.starts_with("\xEF\xBB\xBF")) line_begin = 3;
  for (char c : before.substr(line_begin)) position.column += is_continuation(c) ? 0 : 1;
  return position;
}

std::string to_string(Position position) {
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

JsonKind JsonNode::kind() const { return tree_ ? tree_->entries[index_].kind : JsonKind::null; }
bool JsonNode::is_null() const { return tree_ && kind() == JsonKind::null; }

std::optional<std::string_view> JsonNode::as_string() const {
  if (!is_string()) return std::nullopt;
  return tree_->text(tree_->entries[index_].string);
}

std::optional<double> JsonNode::as_double() const { return is_number() ? to_double(raw()) : std::nullopt; }

std::optional<std::int64_t> JsonNode::as_int() const {
  if (!is_number()) return std::nullopt;
  std::string_view spelled = raw();
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(spelled.data(), spelled.data() + spelled.size(), value);
  if (error == std::errc() && end == spelled.data() + spelled.size()) return value;
  std::optional<double> real = to_double(spelled);  // "1e3" and "2.0"
  constexpr double exact = 9007199254740992.0;
  if (!real || std::trunc(*real) != *real || std::abs(*real) > exact) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

std::optional<bool> JsonNode::as_bool() const {
  if (!tree_ || kind() != JsonKind::boolean) return std::nullopt;
  return raw() == "true";
}

std::size_t JsonNode::size() const { return tree_ ? tree_->entries[index_].child_count : 0; }

JsonNode JsonNode::operator[](std::size_t position) const {
  if (position >= size()) return {};
  return {tree_, tree_->children[tree_->entries[index_].children_begin + position]};
}

JsonNode JsonNode::operator[](std::string_view key) const {
  if (!is_object()) return {};
  const JsonEntry& entry = tree_->entries[index_];
  auto first = tree_->by_key.begin() + entry.children_begin;
  auto last = first + entry.child_count;
  auto key_of = [&](std::uint32_t child) { return tree_->text(tree_->entries[child].key); };
  auto found = std::ranges::lower_bound(first, last, key, {}, key_of);
  if (found == last || key_of(*found) != key) return {};
  return {tree_, *found};
}

JsonNode JsonNode::parent() const {
  if (!tree_ || tree_->entries[index_].parent == no_parent) return {};
  return {tree_, tree_->entries[index_].parent};
}

std::size_t JsonNode::position() const { return tree_ ? tree_->entries[index_].position : 0; }
std::string_view JsonNode::key() const { return tree_ ? tree_->text(tree_->entries[index_].key) : std::string_view(); }
std::uint64_t JsonNode::hash() const { return tree_ ? tree_->entries[index_].hash : 0; }

Span JsonNode::span() const {
  if (!tree_) return {};
  return {tree_->entries[index_].begin, tree_->entries[index_].end};
}

Span JsonNode::key_span() const {
  if (!tree_) return {};
  return {tree_->entries[index_].key_begin, tree_->entries[index_].key_end};
}

std::string_view JsonNode::raw() const {
  return tree_ ? std::string_view(tree_->source).substr(span().begin, span().size()) : std::string_view();
}

std::string_view JsonNode::key_raw() const {
  return tree_ ? std::string_view(tree_->source).substr(key_span().begin, key_span().size()) : std::string_view();
}

Position JsonNode::where() const { return tree_ ? position_of(tree_->source, span().begin) : Position(); }

std::string JsonNode::pointer() const {
  std::vector<JsonNode> path;
  for (JsonNode node = *this; node.parent(); node = node.parent()) path.push_back(node);
  std::string pointer;
  for (auto node = path.rbegin(); node != path.rend(); ++node) {
    bool member = node->parent().is_object();
    pointer += "/" + (member ? pointer_step(node->key()) : std::to_string(node->position()));
  }
  return pointer;
}

std::string pointer_step(std::string_view key) {
  std::string step;
  for (char c : key) {
    if (c == '~') {
      step += "~0";
    } else if (c == '/') {
      step += "~1";
    } else {
      step += c;
    }
  }
  return step;
}

JsonDocument::JsonDocument(std::unique_ptr<JsonTree> tree) : tree_(std::move(tree)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

JsonNode JsonDocument::root() const { return tree_->node(0); }
JsonNode JsonDocument::node(std::uint32_t index) const { return tree_->node(index); }
std::size_t JsonDocument::node_count() const { return tree_->entries.size(); }
std::string_view JsonDocument::source() const { return tree_->source; }

std::string key_of_step(std::string_view step) {
  std::string key;
  for (std::size_t i = 0; i < step.size(); ++i) {
    bool escape = step[i] == '~' && i + 1 < step.size() && (step[i + 1] == '0' || step[i + 1] == '1');
    key += escape ? (step[++i] == '0' ? '~' : '/') : step[i];
  }
  return key;
}

JsonNode element_at(JsonNode array, std::string_view step) {
  std::size_t position = 0;
  auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), position);
  bool number = error == std::errc() && end == step.data() + step.size() && (step == "0" || step[0] != '0');
  return number ? array[position] : JsonNode();
}

JsonNode JsonDocument::find(std::string_view pointer) const {
  JsonNode node = root();
  while (node && !pointer.empty()) {
    if (pointer[0] != '/') return {};
    std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    std::string_view step = pointer.substr(1, end - 1);
    node = node.is_array() ? element_at(node, step) : node[key_of_step(step)];
    pointer.remove_prefix(end);
  }
  return node;
}

// Whole numbers as "-", significant digits, "e", exponent; others as the bits of the double.
std::string canonical_number(std::string_view spelled) {
  bool negative = spelled.starts_with('-');
  std::string_view rest = spelled.substr(negative ? 1 : 0);
  std::size_t exponent_at = std::min(rest.find_first_of("eE"), rest.size());
  std::string digits;
  std::int64_t exponent = 0;
  bool fraction = false;
  for (char c : rest.substr(0, exponent_at)) {
    if (c == '.') {
      fraction = true;
    } else {
      digits += c;
      exponent -= fraction ? 1 : 0;
    }
  }
  std::size_t last = digits.find_last_not_of('0');
  if (last == std::string::npos) return "0";
  exponent += static_cast<std::int64_t>(digits.size() - last - 1);
  digits.resize(last + 1);
  digits.erase(0, digits.find_first_not_of('0'));
  if (exponent_at < rest.size()) {
    std::string_view written = rest.substr(exponent_at + 1);
    if (written.starts_with('+')) written.remove_prefix(1);
    std::int64_t value = 0;
    auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
    constexpr std::int64_t limit = std::int64_t{1} << 40;
    if (error != std::errc() || value > limit || value < -limit) return std::string(spelled);
    exponent += value;
  }
  if (exponent < 0) {
    std::optional<double> real = to_double(spelled);
    if (real && *real != 0) return std::string(reinterpret_cast<const char*>(&*real), sizeof(double));
  }
  return (negative ? "-" : "") + digits + "e" + std::to_string(exponent);
}

bool equal(JsonNode a, JsonNode b) {
  if (!a || !b) return !a && !b;
  if (a == b) return true;
  if (a.hash() != b.hash() || a.kind() != b.kind() || a.size() != b.size()) return false;
  switch (a.kind()) {
    case JsonKind::null:
      return true;
    case JsonKind::boolean:
      return a.raw() == b.raw();
    case JsonKind::number:
      return a.raw() == b.raw() || canonical_number(a.raw()) == canonical_number(b.raw());
    case JsonKind::string:
      return a.as_string() == b.as_string();
    case JsonKind::array:
      return std::ranges::equal(a, b, [](JsonNode x, JsonNode y) { return equal(x, y); });
    case JsonKind::object:
      return std::ranges::all_of(a, [&](JsonNode member) {
        JsonNode other = b[member.key()];
        return other && equal(member, other);
      });
  }
  return false;
}

}  // namespace aecos::text
