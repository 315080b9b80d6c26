#include "cost/rates.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/ascii.h"
#include "cost/csv.h"
#include "cost/rate_number_internal.h"
#include "cost/takeoff.h"

namespace aecos::cost {
namespace {

constexpr std::array<std::string_view, 10> columns{
    "classification", "class", "predefinedtype", "type", "material", "name", "unit", "rate", "currency", "description"};
constexpr std::string_view column_names =
    "classification, class, predefinedType, type, material, name, unit, rate, currency, description";

std::string shown(std::string_view text) {
  std::string out(text.substr(0, 60));
  for (char& c : out)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  return "\"" + out + "\"";
}

Error at(std::size_t line, std::size_t column, const std::string& what) {
  return {ErrorCode::invalid_input, std::to_string(line) + ":" + std::to_string(column) + ": " + what};
}
Error at(const CsvCell& cell, const std::string& what) { return at(cell.line, cell.column, what); }

bool is_printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 0x7f;
  });
}

constexpr std::ptrdiff_t stars_max = 8;  // In a cell.
std::ptrdiff_t stars_in(std::string_view text) { return std::count(text.begin(), text.end(), '*'); }

class Reader {
 public:
  explicit Reader(Csv csv) : csv_(std::move(csv)) {}

  Result<Rates> run() {
    if (csv_.rows.empty()) return at(1, 1, "the file is empty; its first line names the columns: " + wanted());
    AECOS_TRY(read_header(csv_.rows.front()));
    for (std::size_t k = 1; k < csv_.rows.size(); ++k) AECOS_TRY(add(csv_.rows[k]));
    return std::move(rates_);
  }

 private:
  static std::string wanted() { return std::string(column_names); }

  Result<> read_header(const std::vector<CsvCell>& header) {
    positions_.fill(header.size());
    for (std::size_t k = 0; k < header.size(); ++k) {
      const auto found = std::find(columns.begin(), columns.end(), lower(header[k].text));
      if (header[k].text.empty() && k > 0) continue;  // Spreadsheets write empty columns at the end.
      if (found == columns.end())
        return at(header[k], shown(header[k].text) + " is no column of rates; there are " + wanted() +
                                 " (remarks go into description)");
      std::size_t& position = positions_[static_cast<std::size_t>(found - columns.begin())];
      if (position != header.size()) return at(header[k], "the column " + shown(header[k].text) + " is there twice");
      position = k;
    }
    for (const std::string_view needed : {"unit", "rate", "currency"})
      if (position_of(needed) == header.size())
        return at(header.front(),
                  "there is no column " + std::string(needed) + "; the first line names the columns: " + wanted());
    width_ = header.size();
    return {};
  }

  std::size_t position_of(std::string_view column) const {
    return positions_[static_cast<std::size_t>(std::find(columns.begin(), columns.end(), column) - columns.begin())];
  }

  Result<> add(const std::vector<CsvCell>& row) {
    for (std::size_t k = width_; k < row.size(); ++k)
      if (!row[k].text.empty())
        return at(row[k], "more cells than the first line has columns; put a text with separators in quotes");
    for (const CsvCell& cell : row)
      if (!is_printable(cell.text)) return at(cell, "a control character; take it out");
    Rate rate;
    rate.line = row.front().line;
    AECOS_TRY(read_keys(row, rate));
    AECOS_TRY(read_price(row, rate));
    const auto [known, is_new] = lines_.emplace(key_of(rate), rate.line);
    if (!is_new)
      return at(row.front(),
                "this row is for the same as line " + std::to_string(known->second) + "; keep one of them");
    rates_.rates.push_back(std::move(rate));
    return {};
  }

  // The cell of a column; absent: the row has none.
  const CsvCell* cell(const std::vector<CsvCell>& row, std::string_view column) const {
    const std::size_t position = position_of(column);
    return position < row.size() ? &row[position] : nullptr;
  }
  std::string text(const std::vector<CsvCell>& row, std::string_view column) const {
    const CsvCell* const found = cell(row, column);
    return found == nullptr ? std::string() : found->text;
  }

  Result<> read_keys(const std::vector<CsvCell>& row, Rate& rate) const {
    rate.classification = text(row, "classification");
    rate.predefined_type = text(row, "predefinedtype");
    rate.type = text(row, "type");
    rate.material = text(row, "material");
    rate.name = text(row, "name");
    for (const std::string_view column : {"type", "material", "name"})
      if (const CsvCell* const found = cell(row, column); found != nullptr && stars_in(found->text) > stars_max)
        return at(*found, shown(found->text) + " has more than " + std::to_string(stars_max) +
                              " of *; leave some out, one * stands for any text");
    rate.description = text(row, "description");
    if (const std::string wish = text(row, "class"); !wish.empty()) {
      const schema::Entity* const entity = any_entity(wish);
      if (entity == nullptr) return at(*cell(row, "class"), shown(wish) + " is no class of IFC; write it like IfcWall");
      rate.ifc_class = entity->name;
    }
    const bool any = !rate.classification.empty() || !rate.ifc_class.empty() || !rate.type.empty() ||
                     !rate.material.empty() || !rate.name.empty();
    if (!any)
      return at(row.front(),
                "the row does not say what it is for; fill in classification or class (IfcElement is all)");
    return {};
  }

  Result<> read_price(const std::vector<CsvCell>& row, Rate& rate) const {
    const std::string unit = text(row, "unit"), price = text(row, "rate"), currency = text(row, "currency");
    const auto place = [&](std::string_view column) { return cell(row, column) ? *cell(row, column) : row.front(); };
    rate.unit = find_unit(unit);
    if (rate.unit == nullptr)
      return at(place("unit"), shown(unit) + " is no unit that is known here; there are " + unit_names());
    auto number = read_rate(price, csv_.separator == ',');
    if (!number) return at(place("rate"), number.error().message);
    rate.rate = *number;
    rate.currency = upper(currency);
    const bool is_code = rate.currency.size() == 3 && std::all_of(rate.currency.begin(), rate.currency.end(),
                                                                  [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!is_code)
      return at(place("currency"), shown(currency) + " is no currency; write its three letters (ISO 4217): EUR");
    return {};
  }

  // What the row is for.
  static std::string key_of(const Rate& rate) {
    std::string key;
    for (const std::string* part :
         {&rate.classification, &rate.ifc_class, &rate.predefined_type, &rate.type, &rate.material, &rate.name})
      key += lower(*part) + '\x1f';
    return key;
  }

  Csv csv_;
  std::array<std::size_t, columns.size()> positions_{};
  std::size_t width_ = 0;
  std::map<std::string, std::size_t> lines_;
  Rates rates_;
};

}  // namespace

Result<Rates> parse_rates(std::string_view csv) {
  AECOS_TRY_ASSIGN(Csv read, read_csv(csv));
  return Reader(std::move(read)).run();
}

int currency_places(std::string_view currency) {
  constexpr std::array<std::string_view, 16> none{"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
                                                  "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
  constexpr std::array<std::string_view, 7> three{"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
  if (std::find(none.begin(), none.end(), currency) != none.end()) return 0;
  return std::find(three.begin(), three.end(), currency) != three.end() ? 3 : 2;
}

}  // namespace aecos::cost
