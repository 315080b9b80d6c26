#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "text/json.h"
#include "text/json_tree_internal.h"

namespace aecos::text {
namespace {

// Different kinds of content, so that "1" and 1, {} and [] hash apart.
enum Seed : std::uint64_t { of_string = 1, of_number, of_word, of_object, of_array, of_key };

std::uint64_t hash_of(std::string_view bytes, Seed seed) { return mix(hash_bytes(bytes), seed); }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// As UTF-8; half a surrogate pair, which is no character, in the same scheme so that nothing is lost.
void append_code(std::string& out, char32_t code) {
  if (code < 0xD800 || code > 0xDFFF) return append_utf8(out, code);
  for (char32_t byte : {0xE0 | code >> 12, 0x80 | (code >> 6 & 0x3F), 0x80 | (code & 0x3F)}) {
    out += static_cast<char>(byte);
  }
}

// One pass without recursion; the containers that are open stand on a stack, and so do their children so far.
// The first error stays and ends the pass.
class Parser {
 public:
  explicit Parser(JsonTree& tree) : tree_(tree), source_(tree.source) {}

  std::optional<Error> run() {
    if (source_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    while (!error_ && !done_) {
      skip_space();
      read_value();
    }
    if (!error_ && at_ < source_.size()) fail(at_, "unexpected " + seen(at_) + " after the end of the document");
    return std::move(error_);
  }

 private:
  struct Open {
    std::uint32_t entry;
    std::size_t first_child;
  };

  void fail(std::size_t offset, const std::string& what) {
    if (!error_) error_ = Error{ErrorCode::invalid_input, to_string(position_of(source_, offset)) + ": " + what};
  }

  std::string seen(std::size_t offset) const {
    if (offset >= source_.size()) return "end of file";
    auto byte = static_cast<unsigned char>(source_[offset]);
    if (byte > 0x20 && byte < 0x7F) return std::string("'") + source_[offset] + "'";
    static constexpr char digits[] = "0123456789ABCDEF";
    return std::string("byte 0x") + digits[byte >> 4] + digits[byte & 15];
  }

  char peek() const { return at_ < source_.size() ? source_[at_] : '\0'; }

  void skip_space() {
    while (at_ < source_.size() &&
           (source_[at_] == ' ' || source_[at_] == '\n' || source_[at_] == '\r' || source_[at_] == '\t')) {
      ++at_;
    }
  }

  // Reads a scalar or the opening of a container, and whatever closes after it.
  void read_value() {
    std::uint32_t index = add_entry();
    char c = peek();
    if (c == '{' || c == '[') {
      open(index, c == '{' ? JsonKind::object : JsonKind::array);
      return;
    }
    JsonEntry& entry = tree_.entries[index];
    if (c == '"') {
      entry.kind = JsonKind::string;
      entry.string = read_string();
      entry.hash = hash_of(tree_.text(entry.string), of_string);
    } else if (c == '-' || is_digit(c)) {
      entry.kind = JsonKind::number;
      read_number();
      if (!error_) entry.hash = hash_of(canonical_number(source_.substr(entry.begin, at_ - entry.begin)), of_number);
    } else {
      read_word(entry);
    }
    entry.end = static_cast<std::uint32_t>(at_);
    after_value();
  }

  std::uint32_t add_entry() {
    auto index = static_cast<std::uint32_t>(tree_.entries.size());
    JsonEntry entry = std::exchange(next_, {});
    entry.begin = static_cast<std::uint32_t>(at_);
    if (!open_.empty()) {
      entry.parent = open_.back().entry;
      entry.position = static_cast<std::uint32_t>(children_.size() - open_.back().first_child);
      children_.push_back(index);
    }
    tree_.entries.push_back(entry);
    return index;
  }

  void read_word(JsonEntry& entry) {
    for (auto [word, kind] : {std::pair<std::string_view, JsonKind>{"true", JsonKind::boolean},
                              {"false", JsonKind::boolean},
                              {"null", JsonKind::null}}) {
      if (!source_.substr(at_).starts_with(word)) continue;
      entry.kind = kind;
      entry.hash = hash_of(word, of_word);
      at_ += word.size();
      return;
    }
    fail(at_, "expected a value, found " + seen(at_));
  }

  void open(std::uint32_t index, JsonKind kind) {
    tree_.entries[index].kind = kind;
    if (open_.size() == json_depth_max) {
      return fail(at_, "nested deeper than " + std::to_string(json_depth_max) + " levels");
    }
    ++at_;
    open_.push_back({index, children_.size()});
    skip_space();
    if (peek() == (kind == JsonKind::object ? '}' : ']')) {
      close();
      after_value();
    } else if (kind == JsonKind::object) {
      read_key();
    }
  }

  void read_key() {
    skip_space();
    if (peek() != '"') return fail(at_, "expected a key in double quotes, found " + seen(at_));
    next_.key_begin = static_cast<std::uint32_t>(at_);
    next_.key = read_string();
    next_.key_end = static_cast<std::uint32_t>(at_);
    skip_space();
    if (peek() != ':') return fail(at_, "expected ':' after a key, found " + seen(at_));
    ++at_;
  }

  // Goes on to where the next value begins, closing what ends before it.
  void after_value() {
    while (!error_) {
      skip_space();
      if (open_.empty()) {
        done_ = true;
        return;
      }
      bool object = tree_.entries[open_.back().entry].kind == JsonKind::object;
      if (peek() == ',') {
        ++at_;
        if (object) read_key();
        return;
      }
      if (peek() != (object ? '}' : ']')) {
        return fail(at_, std::string("expected ',' or '") + (object ? '}' : ']') + "', found " + seen(at_));
      }
      close();
    }
  }

  void close() {
    auto [index, first_child] = open_.back();
    JsonEntry& entry = tree_.entries[index];
    ++at_;
    entry.end = static_cast<std::uint32_t>(at_);
    entry.children_begin = static_cast<std::uint32_t>(tree_.children.size());
    entry.child_count = static_cast<std::uint32_t>(children_.size() - first_child);
    auto first = children_.begin() + static_cast<std::ptrdiff_t>(first_child);
    tree_.children.insert(tree_.children.end(), first, children_.end());
    tree_.by_key.insert(tree_.by_key.end(), first, children_.end());
    children_.erase(first, children_.end());
    open_.pop_back();
    if (entry.kind == JsonKind::object) sort_keys(entry);
    hash_container(entry);
  }

  void sort_keys(const JsonEntry& entry) {
    auto key_of = [&](std::uint32_t child) { return tree_.text(tree_.entries[child].key); };
    auto first = tree_.by_key.begin() + entry.children_begin;
    auto last = first + entry.child_count;
    std::sort(first, last, [&](std::uint32_t a, std::uint32_t b) {
      int order = key_of(a).compare(key_of(b));
      return order != 0 ? order < 0 : a < b;
    });
    auto twin = std::adjacent_find(first, last, [&](auto a, auto b) { return key_of(a) == key_of(b); });
    if (twin == last) return;
    const JsonEntry& before = tree_.entries[*twin];
    const JsonEntry& again = tree_.entries[*(twin + 1)];
    fail(again.key_begin, "key " + std::string(source_.substr(again.key_begin, again.key_end - again.key_begin)) +
                              " is already at " + to_string(position_of(source_, before.key_begin)));
  }

  void hash_container(JsonEntry& entry) {
    bool object = entry.kind == JsonKind::object;
    std::uint64_t hash = object ? of_object : of_array;
    for (std::uint32_t i = 0; i < entry.child_count; ++i) {
      const JsonEntry& child = tree_.entries[tree_.children[entry.children_begin + i]];
      if (object) {
        hash += mix(hash_of(tree_.text(child.key), of_key), child.hash);  // In any order.
      } else {
        hash = mix(hash, child.hash);
      }
    }
    entry.hash = mix(hash, entry.child_count);
  }

  void read_number() {
    std::size_t begin = at_;
    if (peek() == '-') ++at_;
    if (peek() == '0' && at_ + 1 < source_.size() && is_digit(source_[at_ + 1])) {
      return fail(begin, "a number may not begin with 0");
    }
    read_digits();
    if (peek() == '.') {
      ++at_;
      read_digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      read_digits();
    }
  }

  void read_digits() {
    if (!is_digit(peek())) fail(at_, "expected a digit, found " + seen(at_));
    while (is_digit(peek())) ++at_;
  }

  JsonText read_string() {
    std::size_t begin = ++at_;
    while (at_ < source_.size()) {
      char c = source_[at_];
      if (c == '"') {
        JsonText text{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_ - begin), false};
        ++at_;
        return text;
      }
      if (c == '\\') return read_escaped(begin);
      if (static_cast<unsigned char>(c) < 0x20) break;
      ++at_;
    }
    unfinished(begin);
    return {};
  }

  void unfinished(std::size_t begin) {
    if (at_ >= source_.size()) {
      fail(begin - 1, "the string has no end");
    } else {
      fail(at_, "control character " + seen(at_) + " in a string");
    }
  }

  // A string from its first backslash on: decoded into its own place.
  JsonText read_escaped(std::size_t begin) {
    std::string& out = tree_.decoded;
    auto out_begin = static_cast<std::uint32_t>(out.size());
    out += source_.substr(begin, at_ - begin);
    while (at_ < source_.size() && !error_) {
      char c = source_[at_];
      if (c == '"') {
        ++at_;
        return {out_begin, static_cast<std::uint32_t>(out.size()) - out_begin, true};
      }
      if (static_cast<unsigned char>(c) < 0x20) break;
      ++at_;
      if (c == '\\') {
        read_escape(out);
      } else {
        out += c;
      }
    }
    if (!error_) unfinished(begin);
    return {};
  }

  void read_escape(std::string& out) {
    static constexpr std::string_view letters = "\"\\/bfnrt";
    static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    char c = peek();
    ++at_;
    if (std::size_t letter = letters.find(c); letter != std::string_view::npos && c != '\0') {
      out += meanings[letter];
    } else if (c == 'u') {
      read_code(out);
    } else {
      fail(at_ - 2, "unknown escape in a string");
    }
  }

  void read_code(std::string& out) {
    std::optional<char32_t> code = read_hex(at_);
    if (!code) return fail(at_ - 2, "\\u needs four hexadecimal digits");
    at_ += 4;
    if (*code >= 0xD800 && *code < 0xDC00 && source_.substr(at_).starts_with("\\u")) {
      std::optional<char32_t> low = read_hex(at_ + 2);
      if (low && *low >= 0xDC00 && *low < 0xE000) {
        at_ += 6;
        code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
      }
    }
    append_code(out, *code);
  }

  std::optional<char32_t> read_hex(std::size_t offset) const {
    if (offset + 4 > source_.size()) return std::nullopt;
    char32_t code = 0;
    for (char c : source_.substr(offset, 4)) {
      int digit = hex_digit(c);
      if (digit < 0) return std::nullopt;
      code = code << 4 | static_cast<char32_t>(digit);
    }
    return code;
  }

  JsonTree& tree_;
  std::string_view source_;
  std::size_t at_ = 0;
  bool done_ = false;
  JsonEntry next_;  // Its key, when one has been read.
  std::vector<Open> open_;
  std::vector<std::uint32_t> children_;
  std::optional<Error> error_;
};

}  // namespace

Result<JsonDocument> parse_json(std::string_view source) {
  if (source.size() >= UINT32_MAX) return Error{ErrorCode::invalid_input, "1:1: JSON of 4 GiB or more"};
  auto tree = std::make_unique<JsonTree>();
  tree->source = source;
  if (std::optional<Error> error = Parser(*tree).run()) return *std::move(error);
  return JsonDocument(std::move(tree));
}

}  // namespace aecos::text
