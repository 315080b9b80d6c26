#pragma once
// What an IDS says of one value: a text, or a restriction of XML Schema.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/ids_pattern.h"

namespace aecos::check {

// What stands in a model where an IDS asks for a value. Numbers are in SI units.
struct Actual {
  enum class Kind { text, number, boolean };
  Kind kind = Kind::text;
  std::string_view text;  // As UTF-8; of numbers and booleans not used.
  double number = 0;      // Of booleans 1 or 0.
};

struct IdsValue {
  struct Literal {
    std::string text;
    std::optional<double> number;  // Where the text is one.
  };
  struct Bound {
    std::string text;
    std::optional<double> number;
    bool inclusive = true;
  };

  bool given = false;
  bool restricted = false;        // By xs:restriction; else one literal.
  std::string base;               // Of the restriction: "string", "double" …
  std::vector<Literal> literals;  // The text, or an enumeration: one must be equal. Empty: no such condition.
  std::vector<Pattern> patterns;  // One must match.
  std::optional<Bound> lower, upper;
  std::optional<std::size_t> length, min_length, max_length;  // In characters.
  std::optional<std::size_t> total_digits, fraction_digits;

  const std::string* simple() const { return given && !restricted ? &literals.front().text : nullptr; }
};

// Whether the value is as asked for; where nothing is asked for, any is.
bool matches(const IdsValue& value, const Actual& actual);
inline bool matches(const IdsValue& value, std::string_view text) {
  return matches(value, Actual{Actual::Kind::text, text, 0});
}

// Equal but for rounding, as IDS says it: within 1e-6 of the expected value and 1e-6 more.
bool equal_number(double actual, double expected);

// A number by the rule of IDS for xs:double: a point for decimals, nothing between thousands.
std::optional<double> ids_number(std::string_view text);

// Whether the text is one of that type of XML Schema: "double", "integer", "boolean", "date", "dateTime", "time",
// "duration"; any text is a "string".
bool has_form(std::string_view base, std::string_view text);

// "one of a, b", "like WT[0-9]+", "≥ 2 and < 5".
std::string in_words(const IdsValue& value);

}  // namespace aecos::check
