#include <algorithm>

#include "generate/document_internal.h"
#include "generate/ifc_writer_internal.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::generate {
namespace {

// One line that Markdown takes for nothing but text.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      out += ' ';
      continue;
    }
    if (std::string_view("\\`*_[]<>|#").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string with_unit(const FieldRule& rule, const Field& field) {
  const std::string value = value_text(rule, field);
  if (rule.type == FieldType::length) return value + " m";
  if (rule.type == FieldType::angle) return value + " degrees";
  return rule.name == "u" ? value + " W/(m2 K)" : value;
}

std::string row(const std::string& what, const std::string& value, const std::string& source) {
  return "| " + what + " | " + value + " | " + source + " |\n";
}

// "the elevation": those of the whole group are not this element's.
bool is_of_group(std::string_view name) {
  return name == "count" || name == "rows" || name == "spacing" || name == "rowSpacing" || name == "arrayDirection" ||
         name == "name";
}

}  // namespace

std::string document_of(const Element& element, const std::string& name, const element::Description& description,
                        const BuildOptions& options) {
  std::string text = "# " + plain(name) + "\n\n" + plain(type_name(element)) + " (" + description.ifc_class + "), " +
                     plain(description.storey) + ".\n\n";
  if (!options.text.empty()) text += "> " + plain(options.text) + "\n\n";
  text += "## What it is\n\n| what | value | from |\n| --- | --- | --- |\n";
  for (const FieldRule& rule : field_rules()) {
    const Field* field = element.find(rule.name);
    if (!field || is_of_group(rule.name) || field->text.starts_with('#')) continue;
    const std::string source =
        field->basis == Basis::said ? "said" : std::string(to_string(field->basis)) + ": " + plain(field->because);
    text += row(std::string(rule.words.empty() ? rule.name : rule.words), plain(with_unit(rule, *field)), source);
  }
  if (!element.layers.empty()) {
    text += "\n## Layers\n\n| material | thickness |\n| --- | --- |\n";
    for (const Layer& layer : element.layers)
      text += "| " + plain(layer.material) + " | " + number_text(layer.thickness_m) + " m |\n";
  }
  return text;
}

element::MoreMetadata metadata_of(const Element& element, const BuildOptions& options) {
  element::MoreMetadata more;
  if (const Field* fire = element.find("fire")) {
    const bool european = !fire->text.empty() && (fire->text[0] == 'R' || fire->text[0] == 'E');
    text::JsonWriter json(2);
    json.begin_object().key("fire").begin_object();
    json.key("code");
    european ? json.value("EN 13501-2") : json.null();
    json.member("status", "pending").key("by").null().end_object().end_object();
    more.compliance = std::move(json).take();
  }
  text::JsonWriter json(2);
  json.begin_object().member("from", options.provenance_from).member("text", options.text);
  json.member("author", options.author).end_object();
  more.provenance = std::move(json).take();
  for (std::string* each : {&more.compliance, &more.provenance}) {
    while (each->ends_with('\n')) each->pop_back();
    // Inside the document its lines stand one level deeper.
    for (std::size_t at = 0; (at = each->find('\n', at)) != std::string::npos; at += 3) each->insert(at + 1, "  ");
  }
  return more;
}

std::string with_quantities(const std::string& metadata, const element::Description& description) {
  const auto document = text::parse_json(metadata);
  if (!document) return metadata;
  std::vector<std::pair<text::Span, std::string>> changes;
  for (const element::Statement& statement : description.statements) {
    const text::JsonNode value = document->root()["quantities"][statement.name]["value"];
    if (statement.quantity && value && value.raw() != statement.value)
      changes.emplace_back(value.span(), statement.value);
  }
  std::sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) { return a.first.begin > b.first.begin; });
  std::string text = metadata;
  for (const auto& [span, value] : changes) text.replace(span.begin, span.size(), value);
  return text;
}

}  // namespace aecos::generate
