#pragma once
// Making XML text, an element a line.
//
//   XmlWriter xml;
//   xml.begin("Topic", {{"Guid", guid}}).element("Title", title).end();
//   std::string text = std::move(xml).take();

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aecos::xml {

// A text as XML can hold it: bytes that are not UTF-8 become U+FFFD, characters that XML does not have are left out.
std::string clean(std::string_view text);

class XmlWriter {
 public:
  // Those with an empty value are left out.
  using Attributes = std::vector<std::pair<std::string_view, std::string_view>>;

  XmlWriter();
  XmlWriter& begin(std::string_view name, const Attributes& attributes = {});
  XmlWriter& end();
  XmlWriter& element(std::string_view name, std::string_view text);
  XmlWriter& empty(std::string_view name, const Attributes& attributes);
  XmlWriter& element_if_any(std::string_view name, std::string_view text) {
    return text.empty() ? *this : element(name, text);
  }
  // All elements must have ended.
  std::string take() &&;

 private:
  void open(std::string_view name, const Attributes& attributes);
  std::string out_;
  std::vector<std::string> names_;
};

}  // namespace aecos::xml
