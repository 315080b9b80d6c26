#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_set>

#include "base/hash.h"
#include "diff/ifc_shape_internal.h"
#include "diff/step_text_internal.h"
#include "step/token.h"
#include "text/json_writer.h"

namespace aecos::diff {
namespace {

using ifc::ClassTraits;
using ifc::Index;
using ifc::Model;
using ifc::no_instance;
using text::json_quote;

bool is_a(const Model& model, Index i, std::string_view keyword) {
  const ClassTraits& traits = model.traits(i);
  if (traits.entity == nullptr || model.schema == nullptr) return false;
  const schema::Entity* const entity = model.schema->entity(keyword);
  return entity != nullptr && traits.entity->is_a(*entity);
}

bool only_looks(const Model& model, Index annotation) {
  return model.traits(annotation).layer || is_a(model, annotation, "IFCSTYLEDITEM") ||
         is_a(model, annotation, "IFCINDEXEDCOLOURMAP") || is_a(model, annotation, "IFCINDEXEDTEXTUREMAP");
}

std::string_view attribute_text(const Model& model, Index i, std::size_t position) {
  const auto attributes = model.attributes(i);
  return position < attributes.size() ? attributes[position] : std::string_view();
}

// The attribute of that name; no text where the class has none.
std::string_view named_attribute(const Model& model, Index i, std::string_view name) {
  const schema::Entity* const entity = model.traits(i).entity;
  const int at = entity == nullptr ? -1 : schema::attribute_index(*entity, name);
  return at < 0 ? std::string_view() : attribute_text(model, i, static_cast<std::size_t>(at));
}

// The end of a JSON object: "content":"…"}.
std::string content(const Model& model, Index owner, std::size_t position) {
  const std::string_view text = attribute_text(model, owner, position);
  return content_json(ifc::attribute_value(model, owner, position, text)).substr(1);
}

// "#b02a10" of an IfcColourRgb.
std::string colour(const Model& model, Index i) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out = "#";
  for (const std::string_view name : {"Red", "Green", "Blue"}) {
    double part = 0;
    if (!step::number_value(named_attribute(model, i, name), part) || !(part >= 0) || part > 1) return {};
    const auto byte = static_cast<unsigned>(std::lround(part * 255));
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

// The name of a style, else its colours.
void add_style(const Model& model, Index style, std::set<std::string>& names) {
  const std::string_view name = named_attribute(model, style, "Name");
  if (name.starts_with('\'') && name.size() > 2) {
    names.insert(step::decode_string(name));
    return;
  }
  constexpr std::size_t parts_max = 50;
  std::vector<Index> parts = {style};
  for (std::size_t k = 0; k < parts.size() && parts.size() < parts_max; ++k) {
    if (is_a(model, parts[k], "IFCCOLOURRGB"))
      names.insert(colour(model, parts[k]));
    else if (is_a(model, parts[k], "IFCPREDEFINEDCOLOUR"))
      names.insert(model.text_attribute(parts[k], 0));
    for (const Index part : model.file.refs_of(parts[k]))
      if (part != no_instance) parts.push_back(part);
  }
}

void add_styles_of(const Model& model, Index annotation, std::set<std::string>& names) {
  for (const Index to : model.file.refs_of(annotation)) {
    if (to == no_instance) continue;
    if (is_a(model, to, "IFCPRESENTATIONSTYLE")) add_style(model, to, names);
    if (!is_a(model, to, "IFCPRESENTATIONSTYLEASSIGNMENT")) continue;
    for (const Index style : model.file.refs_of(to))
      if (style != no_instance) add_style(model, style, names);
  }
}

std::string array_of(const std::set<std::string>& names) {
  std::string out = "[";
  for (const std::string& name : names) {
    if (out.size() > 1) out += ',';
    out += json_quote(name);
  }
  return out += ']';
}

std::string quoted(std::string_view attribute) {
  return attribute.starts_with('\'') ? json_quote(step::decode_string(attribute)) : "null";
}

std::string representation_json(const Model& model, Index i) {
  std::string out = "{\"identifier\":" + quoted(named_attribute(model, i, "RepresentationIdentifier"));
  out += ",\"type\":" + quoted(named_attribute(model, i, "RepresentationType"));
  const auto items = step::split(named_attribute(model, i, "Items")).size();
  return out += ",\"items\":" + std::to_string(items) + "}";
}

}  // namespace

std::uint64_t ShapeValues::attribute(Index owner, std::size_t position) {
  const std::string_view found = attribute_text(model_, owner, position);
  for (const Index i : model_.references(found)) of(i);
  return text(owner, position, found);
}

std::uint64_t ShapeValues::known(Index i) const {
  if (model_.token[i] != 0) return model_.token[i];
  const auto found = values_.find(i);
  return found == values_.end() ? 0 : found->second;  // 0: a cycle.
}

std::uint64_t ShapeValues::of(Index root) {
  stack_.push_back(root);
  while (!stack_.empty()) {
    const Index i = stack_.back();
    if (model_.token[i] != 0 || values_.contains(i)) {
      stack_.pop_back();
    } else if (!entered_.emplace(i, true).second || !push_missing(i)) {
      values_.emplace(i, own(i));
      stack_.pop_back();
    }
  }
  return known(root);
}

bool ShapeValues::push_missing(Index i) {
  const std::size_t before = stack_.size();
  const auto want = [&](Index to) {
    if (to != no_instance && model_.token[to] == 0 && !entered_.contains(to)) stack_.push_back(to);
  };
  const bool hangs = model_.traits(i).role == ifc::Role::annotation;
  const auto attributes = model_.attributes(i);
  for (std::size_t k = 0; k < attributes.size(); ++k)
    if (!hangs || static_cast<int>(k) != model_.traits(i).hook)
      for (const Index to : model_.references(attributes[k])) want(to);
  for (const Index annotation : model_.hung_on(i))
    if (!only_looks(model_, annotation)) want(annotation);
  return stack_.size() != before;
}

std::uint64_t ShapeValues::own(Index i) const {
  const ClassTraits& traits = model_.traits(i);
  std::uint64_t hash = traits.hash;
  if (model_.file.keyword(i).empty()) return mix(hash, sequence(model_.file.args(i)));
  const auto attributes = model_.attributes(i);
  for (std::size_t k = 0; k < attributes.size(); ++k) {
    const bool hook = traits.role == ifc::Role::annotation && static_cast<int>(k) == traits.hook;
    hash = mix(hash, hook ? 0 : text(i, k, attributes[k]));
  }
  std::uint64_t hung = 0;
  for (const Index annotation : model_.hung_on(i))
    if (!only_looks(model_, annotation)) hung += mix(known(annotation), 7);
  return mix(hash, hung);
}

std::uint64_t ShapeValues::text(Index owner, std::size_t position, std::string_view text) const {
  if (text.find('#') == std::string_view::npos) return ifc::attribute_value(model_, owner, position, text);
  if (!text.starts_with('(') || position >= 64 || ((model_.traits(owner).unordered >> position) & 1U) == 0)
    return sequence(text);
  std::uint64_t sum = 0;
  for (const std::string_view member : step::split(text)) sum += mix(sequence(member), 5);
  return sum;
}

std::uint64_t ShapeValues::sequence(std::string_view text) const {
  step::Tokens tokens(text);
  std::uint64_t hash = 1;
  for (step::Token token = tokens.next(); token.kind != step::TokenKind::end; token = tokens.next()) {
    double number = 0;
    if (token.kind == step::TokenKind::reference) {
      const Index to = model_.reference(token.text);
      hash = mix(hash, to == no_instance ? 3 : known(to));
    } else if (token.kind == step::TokenKind::string) {
      hash = mix(hash, hash_bytes(step::decode_string(token.text)));
    } else if (token.kind == step::TokenKind::number && step::number_value(token.text, number)) {
      hash = mix(hash, hash_bytes(text::json_number(number)));
    } else {
      hash = mix(hash, hash_bytes(token.text));
    }
  }
  return hash;
}

std::string shape_json(const Model& model, Index owner, std::size_t position) {
  std::string out = "{\"representations\":[";
  const std::size_t empty = out.size();
  for (const Index shape : model.references(attribute_text(model, owner, position))) {
    // A product's shape lists its representations, a type's map refers to one.
    for (const Index representation : model.file.refs_of(shape)) {
      if (representation == no_instance || !is_a(model, representation, "IFCREPRESENTATION")) continue;
      if (out.size() > empty) out += ',';
      out += representation_json(model, representation);
    }
  }
  return out += "]," + content(model, owner, position);
}

std::string looks_json(const Model& model, Index owner, std::size_t position, std::size_t& visits) {
  std::set<std::string> styles, layers;
  std::unordered_set<Index> seen;
  std::vector<Index> stack = model.references(attribute_text(model, owner, position));
  while (!stack.empty() && visits > 0) {
    const Index i = stack.back();
    stack.pop_back();
    if (i == no_instance || model.token[i] != 0 || !seen.insert(i).second) continue;
    --visits;
    for (const Index annotation : model.hung_on(i)) {
      if (model.traits(annotation).layer)
        layers.insert(model.text_attribute(annotation, 0));
      else
        add_styles_of(model, annotation, styles);
    }
    const auto parts = model.file.refs_of(i);
    stack.insert(stack.end(), parts.begin(), parts.end());
  }
  return "{\"styles\":" + array_of(styles) + ",\"layers\":" + array_of(layers) + "," + content(model, owner, position);
}

}  // namespace aecos::diff
