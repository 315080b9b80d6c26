#pragma once
// What goes into a statement and comes out of it. No column is ever NULL.

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace aecos::store {

enum class Kind : std::uint8_t { number, text };
using Cell = std::variant<long long, std::string>;  // In the order of Kind.

// A list in one text: each entry with the separator behind it.
std::string join(const std::vector<std::string>& list);
std::vector<std::string> split(std::string_view text);

// For one execution of a statement, in the order of its parameters. Texts are seen, not copied.
class Values {
 public:
  using Value = std::variant<long long, std::string_view>;

  void add(bool value) { values_.emplace_back(value ? 1LL : 0LL); }
  void add(std::int64_t value) { values_.emplace_back(static_cast<long long>(value)); }
  void add(std::uint64_t value);
  void add(const std::string& text);
  void add(const std::vector<std::string>& list);

  std::span<const Value> all() const { return values_; }
  // invalid_input: something that one of the two databases would not keep as it is.
  const Result<>& validity() const { return validity_; }

 private:
  void add_text(std::string_view text);

  std::vector<Value> values_;
  std::deque<std::string> joined_;
  Result<> validity_;
};

inline void take(Cell& cell, bool& value) { value = std::get<long long>(cell) != 0; }
inline void take(Cell& cell, std::int64_t& value) { value = std::get<long long>(cell); }
inline void take(Cell& cell, std::uint64_t& value) { value = static_cast<std::uint64_t>(std::get<long long>(cell)); }
inline void take(Cell& cell, std::string& value) { value = std::move(std::get<std::string>(cell)); }
inline void take(Cell& cell, std::vector<std::string>& value) { value = split(std::get<std::string>(cell)); }

template <class T>
inline constexpr Kind kind_of = Kind::number;
template <>
inline constexpr Kind kind_of<std::string> = Kind::text;
template <>
inline constexpr Kind kind_of<std::vector<std::string>> = Kind::text;

}  // namespace aecos::store
