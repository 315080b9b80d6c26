#pragma once
// Decimal numbers without rounding errors, for money.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aecos {

__extension__ typedef __int128 Int128;

// units / 10^places.
struct Decimal {
  Int128 units = 0;
  int places = 0;
  bool operator==(const Decimal&) const = default;
};

inline constexpr int decimal_places_max = 12;

// "-12.50", "+3", ".5" is none: at most 24 digits, 12 of them behind the point. Absent: anything else.
std::optional<Decimal> parse_decimal(std::string_view text);

// "-12.50", with all its places.
std::string to_text(const Decimal& number);
// "-1,234,567.50"
std::string to_grouped_text(const Decimal& number);
// "+12.50", "-3.00", "0.00"
std::string to_signed_text(const Decimal& number);

// With the places of the one that has more.
Decimal operator+(const Decimal& one, const Decimal& other);
Decimal operator-(const Decimal& one, const Decimal& other);

// With that many places; halves are rounded away from zero.
Decimal rounded(const Decimal& number, int places);
// Exact: the places add up.
Decimal product(const Decimal& one, const Decimal& other);

}  // namespace aecos
