#pragma once
// What a rate may be for: a metre, a square metre, a piece.

#include <cstdint>
#include <string>
#include <string_view>

namespace aecos::cost {

enum class Dimension : std::uint8_t { count, length, area, volume, mass, time };
inline constexpr std::size_t dimensions = 6;

// "volume"
std::string_view name_of(Dimension dimension);

struct Unit {
  std::string_view name;  // As it is written in answers: "m2".
  Dimension dimension;
  double si;  // So much of m, m2, m3, kg, s it is.
};

// "m²", "sqm" and "M2" are "m2"; null: not known. Lives as long as the program.
const Unit* find_unit(std::string_view name);
// "m, m2, m3, kg, pcs …", for people.
std::string unit_names();

}  // namespace aecos::cost
