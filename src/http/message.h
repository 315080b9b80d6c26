#pragma once
// What travels in an HTTP exchange, as values.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aecos::http {

// Names compare without regard to case; the order is that of the message.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> list) : list_(list) {}
  void add(std::string name, std::string value) { list_.emplace_back(std::move(name), std::move(value)); }
  void set(std::string_view name, std::string value);  // Replaces all of that name.
  void remove(std::string_view name);                  // All of that name.
  // The first of that name; empty: none.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] auto begin() const { return list_.begin(); }
  [[nodiscard]] auto end() const { return list_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> list_;
};

// "Not Found"; "Status" for one that nobody registered.
std::string_view reason_of(int status);

struct Response {
  int status = 200;
  Headers headers = {};
  std::string body = {};
};

// "application/json" of "application/json; charset=utf-8", in lower case.
std::string media_type(std::string_view content_type);

// %41 -> A; of a query also + -> blank. False: not well-formed.
bool percent_decode(std::string_view text, bool plus_is_blank, std::string& out);

// RFC 4648; absent-like: false where `text` is not base64.
std::string base64_encode(std::string_view bytes);
bool base64_decode(std::string_view text, std::string& out);

}  // namespace aecos::http
