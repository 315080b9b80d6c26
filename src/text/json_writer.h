#pragma once
// Making JSON text.
//
//   JsonWriter json(2);
//   json.begin_object().member("id", id).member("count", 3).key("tags").begin_array();
//   for (const auto& tag : tags) json.value(tag);
//   json.end_array().end_object();
//   std::string text = std::move(json).take();

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/json.h"

namespace aecos::text {

// The text as a JSON string with its quotes. Always valid JSON: bytes that are not UTF-8 become U+FFFD.
std::string json_quote(std::string_view utf8);

// The shortest decimal that reads back as the same double; null for infinities and NaN, which JSON does not have.
std::string json_number(double value);

// Writes values one after the other; the order of calls must make a document (checked). No recursion.
class JsonWriter {
 public:
  // Spaces per level; 0 writes no white space at all.
  explicit JsonWriter(std::size_t indent = 0) : indent_(indent) {}

  JsonWriter& begin_object() { return begin('{'); }
  JsonWriter& end_object() { return end('}'); }
  JsonWriter& begin_array() { return begin('['); }
  JsonWriter& end_array() { return end(']'); }
  JsonWriter& key(std::string_view name) { return key_raw(json_quote(name)); }
  JsonWriter& key_raw(std::string_view quoted);  // A JSON string, written as it is.

  JsonWriter& value(std::string_view text) { return raw(json_quote(text)); }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(bool truth) { return raw(truth ? "true" : "false"); }
  JsonWriter& value(double number) { return raw(json_number(number)); }
  template <std::integral T>
  requires(!std::same_as<T, bool>) JsonWriter& value(T number) { return raw(std::to_string(number)); }
  template <class T>
  JsonWriter& value(const std::optional<T>& optional) {
    return optional ? value(*optional) : null();
  }
  JsonWriter& null() { return raw("null"); }
  JsonWriter& value(JsonNode node);        // Written anew in this writer's layout, scalars as they were spelled.
  JsonWriter& raw(std::string_view json);  // JSON text, written as it is.
  JsonWriter& raw_or_null(const std::optional<std::string>& json) { return raw(json ? *json : "null"); }

  template <class T>
  JsonWriter& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }
  JsonWriter& member(std::string_view name, const char* content) { return key(name).value(content); }

  // What was written; a pretty document ends with a line break.
  std::string take() &&;

 private:
  JsonWriter& begin(char bracket);
  JsonWriter& end(char bracket);
  void before_value();
  void new_line();

  struct Level {
    char bracket;
    bool empty;
  };
  std::size_t indent_;
  std::string out_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace aecos::text
