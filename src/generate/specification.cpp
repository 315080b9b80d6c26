#include "generate/specification.h"

namespace aecos::generate {

const Field* Element::find(std::string_view name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? nullptr : &found->second;
}

double Element::number(std::string_view name, double otherwise) const {
  const Field* field = find(name);
  return field ? field->number : otherwise;
}

std::string Element::text(std::string_view name) const {
  const Field* field = find(name);
  return field ? field->text : std::string();
}

bool Element::truth(std::string_view name) const {
  const Field* field = find(name);
  return field && field->truth;
}

void Element::assume(std::string_view name, Field field) {
  if (has(name)) return;
  field.basis = Basis::assumed;
  set(name, std::move(field));
}

std::string line_of(const Element& element) {
  std::string line = (element.kind == "slabOpening" ? "opening" : element.kind) + ":", before = " ";
  for (const FieldRule& rule : field_rules()) {
    const Field* field = element.find(rule.name);
    if (field && !(rule.quiet && field->basis == Basis::assumed)) {
      const char* mark = field->basis == Basis::assumed ? "*" : field->basis == Basis::reading ? "~" : "";
      line += before + std::string(rule.name) + "=" + value_text(rule, *field) + mark;
      before = "; ";
    }
    if (rule.name == "profile" && !element.layers.empty()) {
      std::string layers;
      for (const Layer& layer : element.layers)
        layers += (layers.empty() ? "" : " + ") + layer.material + " " + number_text(layer.thickness_m);
      line += before + "layers=" + layers;
      before = "; ";
    }
  }
  return line;
}

}  // namespace aecos::generate
