#include "xml/writer.h"

#include "base/utf8.h"

namespace aecos::xml {
namespace {

bool is_character(char32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
  return code != 0xFFFE && code != 0xFFFF;
}

// Line ends and tabs of an attribute would become blanks; a return anywhere a line end.
std::string escaped(std::string_view text, bool attribute) {
  std::string out;
  for (const char c : clean(text)) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '\r') {
      out += "&#13;";
    } else if (attribute && c == '"') {
      out += "&quot;";
    } else if (attribute && (c == '\n' || c == '\t')) {
      out += c == '\n' ? "&#10;" : "&#9;";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string clean(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t code = next_utf8(text, at);
    if (is_character(code)) append_utf8(out, code);
  }
  return out;
}

XmlWriter::XmlWriter() : out_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}

void XmlWriter::open(std::string_view name, const Attributes& attributes) {
  out_.append(2 * names_.size(), ' ').append("<").append(name);
  for (const auto& [key, value] : attributes)
    if (!value.empty()) out_.append(" ").append(key).append("=\"").append(escaped(value, true)).append("\"");
}

XmlWriter& XmlWriter::begin(std::string_view name, const Attributes& attributes) {
  open(name, attributes);
  out_ += ">\n";
  names_.emplace_back(name);
  return *this;
}

XmlWriter& XmlWriter::end() {
  const std::string name = std::move(names_.back());
  names_.pop_back();
  out_.append(2 * names_.size(), ' ').append("</").append(name).append(">\n");
  return *this;
}

XmlWriter& XmlWriter::element(std::string_view name, std::string_view text) {
  open(name, {});
  out_.append(">").append(escaped(text, false)).append("</").append(name).append(">\n");
  return *this;
}

XmlWriter& XmlWriter::empty(std::string_view name, const Attributes& attributes) {
  open(name, attributes);
  out_ += "/>\n";
  return *this;
}

std::string XmlWriter::take() && { return std::move(out_); }

}  // namespace aecos::xml
