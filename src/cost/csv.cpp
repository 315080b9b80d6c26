#include "cost/csv.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"

namespace aecos::cost {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

Error at(std::size_t line, std::size_t column, const std::string& what) {
  return {ErrorCode::invalid_input, std::to_string(line) + ":" + std::to_string(column) + ": " + what};
}

Result<> look_at_bytes(std::string_view text, const CsvLimits& limits) {
  if (text.size() > limits.bytes)
    return at(1, 1,
              "the file has " + std::to_string(text.size()) + " bytes, more than " + std::to_string(limits.bytes) +
                  "; keep only the rows that are used");
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    return at(1, 1, "the file is UTF-16; save it as CSV UTF-8");
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos)
    return at(
        1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(nul), '\n')),
        1, "a NUL byte: that is no CSV file; save it as CSV UTF-8");
  return {};
}

// What separates the cells of a line, outside of quotes.
char separator_of(std::string_view line) {
  std::size_t commas = 0, semicolons = 0, tabs = 0;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    commas += c == ',' ? 1 : 0;
    semicolons += c == ';' ? 1 : 0;
    tabs += c == '\t' ? 1 : 0;
  }
  if (semicolons > 0 && semicolons >= commas) return ';';
  return tabs > commas ? '\t' : ',';
}

class Reader {
 public:
  Reader(std::string_view text, const CsvLimits& limits) : text_(text), limits_(limits) {}

  Result<Csv> run() {
    begin();
    while (at_ < text_.size()) AECOS_TRY(read_row());
    return std::move(csv_);
  }

 private:
  void begin() {
    if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    std::string_view first = text_.substr(at_, text_.find_first_of("\r\n", at_) - at_);
    const bool says = first.size() == 5 && first.starts_with("sep=");
    csv_.separator = says ? first[4] : separator_of(first);
    if (!says) return;
    at_ += first.size();
    end_line();
  }

  void end_line() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
    ++line_;
    column_ = 1;
  }

  bool at_end_of_line() const { return at_ == text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; }

  void take(std::string& out) {
    const auto byte = static_cast<unsigned char>(text_[at_]);
    if ((byte & 0xC0U) != 0x80U) ++column_;
    out += text_[at_++];
  }

  Result<> read_row() {
    std::vector<CsvCell> row;
    while (true) {
      AECOS_TRY_ASSIGN(CsvCell cell, read_cell());
      row.push_back(std::move(cell));
      if (at_end_of_line()) break;
      ++at_;  // The separator.
      ++column_;
    }
    end_line();
    const bool empty = std::all_of(row.begin(), row.end(), [](const CsvCell& cell) { return cell.text.empty(); });
    if (empty) return {};
    if (csv_.rows.size() >= limits_.rows)
      return at(line_ - 1, 1, "more than " + std::to_string(limits_.rows) + " rows; keep only those that are used");
    csv_.rows.push_back(std::move(row));
    return {};
  }

  Result<CsvCell> read_cell() {
    CsvCell cell{"", line_, column_};
    if (at_ < text_.size() && text_[at_] == '"') {
      AECOS_TRY(read_quoted(cell));
    } else {
      while (!at_end_of_line() && text_[at_] != csv_.separator) {
        if (text_[at_] == '"') return at(line_, column_, "a quote inside of a cell; write \"\" in a cell in quotes");
        take(cell.text);
        if (cell.text.size() > limits_.cell) return too_long(cell);
      }
      cell.text = trimmed(cell.text);
    }
    if (!is_utf8(cell.text)) return at(cell.line, cell.column, "not UTF-8; save the file as CSV UTF-8");
    return cell;
  }

  Error too_long(const CsvCell& cell) const {
    return at(cell.line, cell.column, "a cell of more than " + std::to_string(limits_.cell) + " bytes; shorten it");
  }

  Result<> read_quoted(CsvCell& cell) {
    ++at_;
    ++column_;
    while (true) {
      if (at_ == text_.size()) return at(cell.line, cell.column, "a quote that is never closed; add the other one");
      if (cell.text.size() > limits_.cell) return too_long(cell);
      if (text_[at_] == '"') {
        ++at_;
        ++column_;
        if (at_ == text_.size() || text_[at_] != '"') break;
      } else if (text_[at_] == '\n') {
        ++line_;
        column_ = 0;
      }
      take(cell.text);
    }
    if (!at_end_of_line() && text_[at_] != csv_.separator)
      return at(line_, column_, "text behind a closing quote; write \"\" for a quote inside of a cell");
    return {};
  }

  std::string_view text_;
  const CsvLimits& limits_;
  Csv csv_;
  std::size_t at_ = 0, line_ = 1, column_ = 1;
};

}  // namespace

Result<Csv> read_csv(std::string_view text, const CsvLimits& limits) {
  AECOS_TRY(look_at_bytes(text, limits));
  return Reader(text, limits).run();
}

std::string csv_cell(std::string_view text) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  std::string cell = formula ? "'" + std::string(text) : std::string(text);
  if (cell.find_first_of("\",;\r\n\t") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace aecos::cost
