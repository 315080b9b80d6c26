#include "xml/document.h"

#include <algorithm>
#include <array>
#include <pugixml.hpp>

#include "base/ascii.h"

namespace aecos::xml {
namespace {

Error fault(std::string_view text, std::size_t offset, const std::string& what) {
  return {ErrorCode::invalid_input, position(text, offset) + ": " + what};
}

bool is_known_entity(std::string_view rest) {
  constexpr std::array<std::string_view, 6> known{"#", "amp;", "lt;", "gt;", "quot;", "apos;"};
  return std::any_of(known.begin(), known.end(), [&](std::string_view name) { return rest.starts_with(name); });
}

// Behind the comment, instruction or section that begins there, in which '&' is a letter as others; else there itself.
std::size_t end_of_section(std::string_view text, std::size_t at) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> sections{
      {{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}}};
  for (const auto& [begin, end] : sections)
    if (text.substr(at).starts_with(begin)) return std::min(text.find(end, at + begin.size()), text.size());
  return at;
}

// What pugixml would leave as it stands, and what it would make too much of. What stands in sections counts as tags,
// too: pugixml takes one in an attribute for text.
Result<> look_at_text(std::string_view text, std::size_t marks_max) {
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos)
    return fault(text, zero, "the file is not UTF-8 text; save it as UTF-8");
  std::size_t marks = 0, section_end = 0;
  for (std::size_t at = text.find_first_of("&<"); at != std::string_view::npos; at = text.find_first_of("&<", at + 1)) {
    if (text[at] == '&') {
      if (at < section_end || is_known_entity(text.substr(at + 1, 8))) continue;
      return fault(text, at, "entities but those of XML itself (&amp; &lt; &gt; &quot; &apos;) are not allowed");
    }
    if (++marks > marks_max) return fault(text, at, "there is more in it than " + std::to_string(marks_max) + " tags");
    if (at >= section_end) section_end = end_of_section(text, at);
  }
  return {};
}

pugi::xml_node first_element(pugi::xml_node node) {
  while (node && node.type() != pugi::node_element) node = node.next_sibling();
  return node;
}

bool is_text(pugi::xml_node node) { return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata; }

}  // namespace

struct Document::Tree {
  pugi::xml_document document;
};

Document::Document() : tree_(std::make_unique<Tree>()) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(std::string_view text, std::size_t marks_max) {
  AECOS_TRY(look_at_text(text, marks_max));
  Document made;
  pugi::xml_document& document = made.tree_->document;
  const pugi::xml_parse_result parsed = document.load_buffer(
      text.data(), text.size(), pugi::parse_default | pugi::parse_doctype | pugi::parse_ws_pcdata_single);
  if (!parsed)
    return fault(text, static_cast<std::size_t>(parsed.offset),
                 std::string("this is not XML: ") + parsed.description());
  for (const pugi::xml_node node : document.children())
    if (node.type() == pugi::node_doctype)
      return fault(text, static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, node.offset_debug())),
                   "a document type is not allowed: it can name other files and blow up text");
  if (!document.document_element()) return fault(text, 0, "this is not XML: it has no element");
  return made;
}

Node Document::root() const { return Node(tree_->document.document_element().internal_object()); }

std::string_view Node::name() const { return pugi::xml_node(node_).name(); }
std::string_view Node::local_name() const { return xml::local_name(name()); }
std::string_view Node::space() const { return space_of(prefix_of(name())); }

std::string_view Node::space_of(std::string_view prefix) const {
  const std::string wanted = prefix.empty() ? "xmlns" : "xmlns:" + std::string(prefix);
  for (pugi::xml_node node(node_); node; node = node.parent())
    if (const pugi::xml_attribute found = node.attribute(wanted.c_str())) return found.value();
  return {};
}

Node Node::first() const { return Node(first_element(pugi::xml_node(node_).first_child()).internal_object()); }
Node Node::next() const { return Node(first_element(pugi::xml_node(node_).next_sibling()).internal_object()); }

Node Node::child(std::string_view wanted) const {
  Node found = first();
  while (found && found.local_name() != wanted) found = found.next();
  return found;
}

std::vector<Attribute> Node::attributes() const {
  std::vector<Attribute> found;
  for (const pugi::xml_attribute each : pugi::xml_node(node_).attributes())
    found.push_back({each.name(), each.value()});
  return found;
}

bool Node::has(const char* attribute) const { return !pugi::xml_node(node_).attribute(attribute).empty(); }

std::string_view Node::attribute(const char* name, std::string_view otherwise) const {
  const pugi::xml_attribute found = pugi::xml_node(node_).attribute(name);
  return found ? std::string_view(found.value()) : otherwise;
}

std::string Node::text() const {
  std::string text;
  for (const pugi::xml_node child : pugi::xml_node(node_).children())
    if (is_text(child)) text += child.value();
  return text;
}

bool Node::has_loose_text() const {
  const auto children = pugi::xml_node(node_).children();
  return std::any_of(children.begin(), children.end(),
                     [](pugi::xml_node child) { return is_text(child) && !trimmed(child.value()).empty(); });
}

std::size_t Node::offset() const {
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, pugi::xml_node(node_).offset_debug()));
}

std::string position(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0.
  return std::to_string(lines + 1) + ":" + std::to_string(before.size() - line_begin + 1);
}

std::string_view prefix_of(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
}

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace aecos::xml
