#include <algorithm>
#include <charconv>

#include "http/ascii_internal.h"
#include "http/client.h"

namespace aecos::http {

void ServerEventReader::add(std::string_view bytes, const std::function<void(const ServerEvent&)>& each) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  while (!bytes.empty()) {
    if (last_was_cr_ && bytes.front() == '\n') bytes.remove_prefix(1);
    last_was_cr_ = false;
    const std::size_t end = std::min(bytes.find_first_of("\r\n"), bytes.size());
    rest_ += bytes.substr(0, end);
    bytes.remove_prefix(end);
    if (bytes.empty()) return;
    last_was_cr_ = bytes.front() == '\r';
    bytes.remove_prefix(1);
    std::string text = std::move(rest_);
    rest_.clear();
    if (at_start_ && text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
    at_start_ = false;
    line(text, each);
  }
}

void ServerEventReader::line(std::string_view text, const std::function<void(const ServerEvent&)>& each) {
  if (text.empty()) {
    if (has_data_) {
      data_.pop_back();  // The line break after its last line.
      each({id_, type_.empty() ? "message" : type_, data_});
    }
    type_.clear();
    data_.clear();
    has_data_ = false;
    return;
  }
  const std::string_view name = text.substr(0, text.find(':'));
  std::string_view value = text.substr(std::min(text.size(), name.size() + 1));
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "event") {
    type_ = value;
  } else if (name == "data") {
    data_.append(value).append("\n");
    has_data_ = true;
  } else if (name == "id" && value.find('\0') == std::string_view::npos) {
    id_ = value;
  } else if (name == "retry" && !value.empty() && std::all_of(value.begin(), value.end(), is_digit)) {
    std::int64_t number = 0;
    if (std::from_chars(value.data(), value.data() + value.size(), number).ec == std::errc()) retry_ms = number;
  }
}

}  // namespace aecos::http
