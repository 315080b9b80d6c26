#include <limits>

#include "base/utf8.h"
#include "store/values_internal.h"

namespace aecos::store {
namespace {

constexpr char behind_each = '\n';

}  // namespace

std::string join(const std::vector<std::string>& list) {
  std::string text;
  for (const auto& entry : list) (text += entry) += behind_each;
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> list;
  while (!text.empty()) {
    const auto end = text.find(behind_each);
    list.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return list;
}

void Values::add(std::uint64_t value) {
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    validity_ = Error{ErrorCode::invalid_input, std::to_string(value) + " is too large a number for the database"};
  }
  values_.emplace_back(static_cast<long long>(value));
}

void Values::add(const std::string& text) { add_text(text); }

void Values::add(const std::vector<std::string>& list) {
  for (const auto& entry : list) {
    if (entry.find(behind_each) != std::string::npos) {
      validity_ = Error{ErrorCode::invalid_input, "a line end in an entry of a list, which the database cannot keep"};
    }
  }
  add_text(joined_.emplace_back(join(list)));
}

// SQLite would take any bytes, PostgreSQL refuses what is not UTF-8, and its client cuts a text at a NUL.
void Values::add_text(std::string_view text) {
  if (text.find('\0') != std::string_view::npos || !is_utf8(text)) {
    validity_ = Error{ErrorCode::invalid_input, "a text that is not UTF-8, which the database cannot keep"};
  }
  values_.emplace_back(text);
}

}  // namespace aecos::store
