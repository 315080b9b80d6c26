#include <algorithm>
#include <string>

#include "cost/rate_number_internal.h"

namespace aecos::cost {
namespace {

constexpr std::size_t whole_max = 12;
constexpr int places_max = 6;
constexpr std::size_t group = 3;

Error wrong(std::string_view text, const std::string& why) {
  return {ErrorCode::invalid_input, "\"" + std::string(text.substr(0, 40)) + "\" " + why};
}

// "1.250.000" with '.': one to three digits, then groups of three.
bool is_grouped(std::string_view text, char mark) {
  std::size_t first = text.find(mark);
  if (first == 0 || first > group) return false;
  while (first != std::string_view::npos) {
    const std::size_t next = text.find(mark, first + 1);
    if ((next == std::string_view::npos ? text.size() : next) - first - 1 != group) return false;
    first = next;
  }
  return true;
}

Result<std::string> plain(std::string_view text, bool point_is_decimal) {
  const auto points = std::count(text.begin(), text.end(), '.'), commas = std::count(text.begin(), text.end(), ',');
  if (points == 0 && commas == 0) return std::string(text);
  if (points > 0 && commas > 0) {
    const char decimal = text.rfind('.') > text.rfind(',') ? '.' : ',', grouping = decimal == '.' ? ',' : '.';
    const std::string_view whole = text.substr(0, text.find(decimal));
    if (std::count(text.begin(), text.end(), decimal) > 1 || !is_grouped(whole, grouping))
      return wrong(text, "is no number; write it without marks between thousands: 1234.50");
    std::string out(whole);
    out.erase(std::remove(out.begin(), out.end(), grouping), out.end());
    return out + "." + std::string(text.substr(text.find(decimal) + 1));
  }
  const char mark = points > 0 ? '.' : ',';
  if (points + commas > 1) return wrong(text, "has marks between thousands; write it without them: 1234.50");
  const std::size_t at = text.find(mark);
  const bool clear = (mark == '.' && point_is_decimal) || text.size() - at - 1 != group || text.front() == '0';
  if (!clear && at <= group) {
    std::string digits(text);
    digits.erase(at, 1);
    return wrong(text, "can be read as " + digits + " and as " + std::string(text.substr(0, at)) + "." +
                           std::string(text.substr(at + 1)) + "; write " + digits + " or " + std::string(text) + "0");
  }
  std::string out(text);
  out[at] = '.';
  return out;
}

}  // namespace

Result<Decimal> read_rate(std::string_view text, bool point_is_decimal) {
  if (text.empty()) return wrong(text, "is no rate; write a number, or take the row out");
  if (text.front() == '-') return wrong(text, "is negative; a rate is what something costs: 0 or more");
  if (text.find_first_not_of("0123456789.,") != std::string_view::npos)
    return wrong(text, "is no number; write digits and a decimal point, without currency or exponent: 1234.50");
  AECOS_TRY_ASSIGN(const std::string digits, plain(text, point_is_decimal));
  if (digits.starts_with('.') || digits.ends_with('.'))
    return wrong(text, "has no digit on one side of the point; write one on both: 0.5");
  const auto number = parse_decimal(digits);
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  if (!number || whole > whole_max || number->places > places_max)
    return wrong(text, "is no rate; at most 12 digits before the point and 6 behind it");
  return *number;
}

}  // namespace aecos::cost
