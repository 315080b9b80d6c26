#pragma once
// Comma-separated values (RFC 4180), and the kinds of it that spreadsheets write.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::cost {

struct CsvCell {
  std::string text;      // Without quotes, and without white space around it where it had none.
  std::size_t line = 1;  // Where it begins; the column counts characters.
  std::size_t column = 1;
};

struct Csv {
  char separator = ',';
  std::vector<std::vector<CsvCell>> rows;  // Without those that are empty.
};

struct CsvLimits {
  std::size_t bytes = 8U << 20U;
  std::size_t rows = 20'000;
  std::size_t cell = 2000;  // Bytes of one cell.
};

// Comma, semicolon or tab: whichever the first line has, or says ("sep=;"). A byte-order mark is passed over.
// invalid_input: "LINE:COLUMN: what, and what to do".
Result<Csv> read_csv(std::string_view text, const CsvLimits& limits = {});

// One cell as it is written: in quotes where it must be. A text that a spreadsheet would take for a formula gets an
// apostrophe in front.
std::string csv_cell(std::string_view text);

}  // namespace aecos::cost
