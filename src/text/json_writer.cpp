#include "text/json_writer.h"

#include <charconv>
#include <cmath>
#include <stdexcept>

namespace aecos::text {
namespace {

// The length of the UTF-8 character at the front; 0 when the bytes there are not one.
std::size_t utf8_length(std::string_view text) {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    bool second = follows(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
    return second && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    bool second = follows(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
    return second && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

void append_control(std::string& out, char c) {
  static constexpr std::string_view controls = "\b\f\n\r\t";
  static constexpr std::string_view letters = "bfnrt";
  static constexpr char digits[] = "0123456789abcdef";
  if (std::size_t known = controls.find(c); known != std::string_view::npos) {
    out += {'\\', letters[known]};
  } else {
    auto byte = static_cast<unsigned char>(c);
    out += {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
  }
}

void require(bool condition, const char* what) {
  if (!condition) throw std::logic_error(what);
}

}  // namespace

std::string json_quote(std::string_view utf8) {
  std::string out = "\"";
  out.reserve(utf8.size() + 2);
  while (!utf8.empty()) {
    char c = utf8.front();
    std::size_t length = utf8_length(utf8);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      append_control(out, c);
    } else {
      out += utf8.substr(0, length);
    }
    utf8.remove_prefix(length == 0 ? 1 : length);
  }
  return out += '"';
}

std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  char digits[32];
  auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  return {digits, end};
}

JsonWriter& JsonWriter::begin(char bracket) {
  before_value();
  out_ += bracket;
  levels_.push_back({bracket, true});
  return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
  require(!levels_.empty() && levels_.back().bracket == (bracket == '}' ? '{' : '[') && !after_key_,
          "JsonWriter: end without begin");
  bool empty = levels_.back().empty;
  levels_.pop_back();
  if (!empty) new_line();
  out_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::key_raw(std::string_view quoted) {
  require(!levels_.empty() && levels_.back().bracket == '{' && !after_key_, "JsonWriter: a key outside an object");
  if (!levels_.back().empty) out_ += ',';
  levels_.back().empty = false;
  new_line();
  out_ += quoted;
  out_ += indent_ ? ": " : ":";
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

void JsonWriter::before_value() {
  if (levels_.empty()) {
    require(out_.empty(), "JsonWriter: two documents in one");
  } else if (levels_.back().bracket == '{') {
    require(after_key_, "JsonWriter: a member without a key");
    after_key_ = false;
  } else {
    if (!levels_.back().empty) out_ += ',';
    levels_.back().empty = false;
    new_line();
  }
}

void JsonWriter::new_line() {
  if (indent_ == 0) return;
  out_ += '\n';
  out_.append(levels_.size() * indent_, ' ');
}

namespace {

void write(JsonWriter& json, JsonNode node) {
  if (!node.is_container()) {
    json.raw(node ? node.raw() : "null");
    return;
  }
  bool object = node.is_object();
  object ? json.begin_object() : json.begin_array();
  for (JsonNode child : node) {
    if (object) json.key_raw(child.key_raw());
    write(json, child);
  }
  object ? json.end_object() : json.end_array();
}

}  // namespace

JsonWriter& JsonWriter::value(JsonNode node) {
  write(*this, node);
  return *this;
}

std::string JsonWriter::take() && {
  require(levels_.empty() && !out_.empty(), "JsonWriter: the document is not finished");
  if (indent_) out_ += '\n';
  return std::move(out_);
}

std::string compact(JsonNode node) {
  JsonWriter json;
  json.value(node);
  return std::move(json).take();
}

}  // namespace aecos::text
