#pragma once
// Numbers as spreadsheets write them.

#include <string_view>

#include "base/decimal.h"
#include "base/result.h"

namespace aecos::cost {

// "1250.5", "1250,5", "1.250,50", "1,250.50". What could be read in two ways ("1.250") is refused, but for a point
// where commas separate the cells (`point_is_decimal`). The error says what is wrong and what to write, without a
// place.
Result<Decimal> read_rate(std::string_view text, bool point_is_decimal);

}  // namespace aecos::cost
