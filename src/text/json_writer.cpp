#include "text/json_writer.h"

#include <charconv>
#include <cmath>
#include <stdexcept>

#include "base/utf8.h"

namespace aecos::text {
namespace {

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
  for (std::size_t at = 0; at < utf8.size();) {
    char c = utf8[at];
    if (c == '"' || c == '\\') {
      out += {'\\', c};
      ++at;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      append_control(out, c);
      ++at;
    } else {
      append_utf8(out, next_utf8(utf8, at));
    }
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
