#pragma once
// .aecos/rates.csv: what a unit of something costs.
//
//   classification,class,unit,rate,currency
//   EF_25_10,,m2,180.00,EUR
//   ,IfcSlab,m3,310.00,EUR

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/result.h"
#include "cost/unit.h"

namespace aecos::cost {

inline constexpr std::string_view rates_path = ".aecos/rates.csv";

// What is empty holds for everything. Names, types and materials may have '*' for any text; case counts nowhere.
struct Rate {
  std::string classification;   // A code; "EF_25" covers "EF_25_10".
  std::string ifc_class;        // "IfcWall", as the schema spells it; covers its subtypes.
  std::string predefined_type;  // "SHEAR"; of what is USERDEFINED the text.
  std::string type;             // Name of the element's type.
  std::string material;         // Name of one of its materials.
  std::string name;             // Of the element.
  const Unit* unit = nullptr;
  Decimal rate;          // Never negative.
  std::string currency;  // "EUR"
  std::string description;
  std::size_t line = 0;  // Of the file, from 1.
};

struct Rates {
  std::vector<Rate> rates;  // In the order of the file; no two are for the same.
};

// invalid_input: "LINE:COLUMN: what, and what to do". docs/COST.md says what is taken.
Result<Rates> parse_rates(std::string_view csv);

// Digits behind the point of its smallest coin; 2 where it is not known otherwise.
int currency_places(std::string_view currency);

}  // namespace aecos::cost
