#include "base/decimal.h"

#include <algorithm>

#include "base/ascii.h"

namespace aecos {
namespace {

constexpr std::size_t digits_max = 24;

Int128 power_of_ten(int exponent) {
  Int128 power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

Int128 scaled(const Decimal& number, int places) { return number.units * power_of_ten(places - number.places); }

std::string digits_of(Int128 units, int places) {
  std::string digits;
  for (Int128 rest = units < 0 ? -units : units; rest > 0; rest /= 10)
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
  while (digits.size() <= static_cast<std::size_t>(places)) digits += '0';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string written(const Decimal& number, std::string_view group) {
  const std::string digits = digits_of(number.units, number.places);
  const std::size_t whole = digits.size() - static_cast<std::size_t>(number.places);
  std::string text = number.units < 0 ? "-" : "";
  for (std::size_t k = 0; k < whole; ++k) {
    if (k > 0 && (whole - k) % 3 == 0) text += group;
    text += digits[k];
  }
  if (number.places > 0) text += "." + digits.substr(whole);
  return text;
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return std::nullopt;
  Decimal number;
  std::size_t digits = 0;
  bool behind = false;
  for (const char c : text) {
    if (c == '.' && !behind) {
      behind = true;
    } else if (!is_digit(c) || ++digits > digits_max || (behind && ++number.places > decimal_places_max)) {
      return std::nullopt;
    } else {
      number.units = number.units * 10 + (c - '0');
    }
  }
  if (negative) number.units = -number.units;
  return number;
}

std::string to_text(const Decimal& number) { return written(number, ""); }

std::string to_grouped_text(const Decimal& number) { return written(number, ","); }

std::string to_signed_text(const Decimal& number) { return (number.units > 0 ? "+" : "") + to_text(number); }

Decimal operator+(const Decimal& one, const Decimal& other) {
  const int places = std::max(one.places, other.places);
  return {scaled(one, places) + scaled(other, places), places};
}

Decimal operator-(const Decimal& one, const Decimal& other) { return one + Decimal{-other.units, other.places}; }

Decimal rounded(const Decimal& number, int places) {
  if (places >= number.places) return {scaled(number, places), places};
  const Int128 divisor = power_of_ten(number.places - places);
  const Int128 half = divisor / 2;
  return {(number.units + (number.units < 0 ? -half : half)) / divisor, places};
}

Decimal product(const Decimal& one, const Decimal& other) {
  return {one.units * other.units, one.places + other.places};
}

}  // namespace aecos
