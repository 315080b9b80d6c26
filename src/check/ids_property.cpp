#include "check/ids_property.h"

#include <algorithm>

#include "text/json_writer.h"

namespace aecos::check {
namespace {

using ifc::Index;
using ifc::no_instance;
using schema::ValueKind;
using step::Token;
using step::TokenKind;

// "IFCLABEL('x')", "('a','b')", ".T.", 12. Values of a declared type where the file does not name one.
void add_values(const Facts& facts, std::string_view text, const schema::Type* declared, Index unit,
                std::vector<RawValue>& out) {
  const std::string_view declared_keyword = declared == nullptr ? std::string_view() : declared->keyword;
  RawValue next{declared_keyword, {}, declared, unit};
  step::Tokens tokens(text);
  for (Token token = tokens.next(); token.kind != TokenKind::end; token = tokens.next()) {
    switch (token.kind) {
      case TokenKind::keyword:
        next.declared = facts.model.schema->type(token.text);
        next.type = next.declared == nullptr ? token.text : next.declared->keyword;
        break;
      case TokenKind::open:
      case TokenKind::comma:
      case TokenKind::omitted:
      case TokenKind::derived:
        break;
      case TokenKind::close:
        next = {declared_keyword, {}, declared, unit};
        break;
      default:
        next.token = token;
        out.push_back(next);
        break;
    }
  }
}

const schema::Type* declared_type(const Facts& facts, Index i, std::size_t attribute) {
  const schema::Entity* const entity = facts.model.traits(i).entity;
  if (entity == nullptr || attribute >= entity->attributes.size()) return nullptr;
  const schema::Shape& shape = entity->attributes[attribute].shape;
  return shape.kind == ValueKind::select ? nullptr : shape.type;
}

Index unit_in(const Facts& facts, Index i, std::size_t attribute) {
  return facts.model.reference(facts.model.attribute(i, attribute));
}

double in_si(const Facts& facts, const RawValue& raw, double number) {
  if (raw.unit != no_instance) return scale_of(facts.model, raw.unit).to_si(number);
  return facts.units.of(raw.declared).to_si(number);
}

bool is_truth(const RawValue& raw) {
  return raw.token.text == ".T." || raw.token.text == ".F." || raw.token.text == ".t." || raw.token.text == ".f.";
}

// The text of a string token; no copy where it is plain.
std::string_view decoded(std::string_view token, std::string& scratch) {
  const std::string_view inner = token.substr(1, token.size() - 2);
  const bool plain =
      std::none_of(inner.begin(), inner.end(), [](char c) { return c == '\\' || c == '\'' || (c & 0x80) != 0; });
  if (plain) return inner;
  scratch = step::decode_string(token);
  return scratch;
}

bool truth_kind(const RawValue& raw) {
  return raw.declared == nullptr || raw.declared->shape.kind == ValueKind::boolean ||
         raw.declared->shape.kind == ValueKind::logical;
}

bool is_true(const RawValue& raw) { return raw.token.text[1] == 'T' || raw.token.text[1] == 't'; }

// A logical is a text for IDS, which does not say which one: true and TRUE will do.
bool matches_truth(const RawValue& raw, const IdsValue& value) {
  if (matches(value, Actual{Actual::Kind::boolean, {}, is_true(raw) ? 1.0 : 0.0})) return true;
  const bool logical = raw.declared != nullptr && raw.declared->shape.kind == ValueKind::logical;
  return logical && matches(value, is_true(raw) ? "TRUE" : "FALSE");
}

}  // namespace

void read_property(const Facts& facts, Index property, RawProperty& out) {
  out.supported = true;
  out.values.clear();
  const ifc::Model& model = facts.model;
  const std::string& keyword = model.file.keyword(property);
  const auto add = [&](std::size_t attribute, Index unit) {
    add_values(facts, model.attribute(property, attribute), declared_type(facts, property, attribute), unit,
               out.values);
  };
  if (keyword == "IFCPROPERTYSINGLEVALUE" || keyword == "IFCPROPERTYLISTVALUE")
    return add(2, unit_in(facts, property, 3));
  if (keyword == "IFCPROPERTYENUMERATEDVALUE") return add(2, no_instance);
  if (keyword == "IFCPROPERTYBOUNDEDVALUE") {
    const Index unit = unit_in(facts, property, 4);
    for (const std::size_t attribute : {std::size_t{2}, std::size_t{3}, std::size_t{5}}) add(attribute, unit);
    return;
  }
  if (keyword == "IFCPROPERTYTABLEVALUE") {
    add(2, unit_in(facts, property, 5));
    return add(3, unit_in(facts, property, 6));
  }
  out.supported = keyword.starts_with("IFCQUANTITY");
  if (out.supported) add(3, unit_in(facts, property, 2));
}

void read_attribute(const Facts& facts, Index i, std::size_t attribute, RawProperty& out) {
  out.supported = true;
  out.values.clear();
  add_values(facts, facts.model.attribute(i, attribute), declared_type(facts, i, attribute), no_instance, out.values);
}

bool is_empty(const RawValue& value) {
  return value.token.text == "''" || (value.token.text == ".U." && truth_kind(value));
}

bool matches(const Facts& facts, const RawValue& raw, const IdsValue& value, std::string& scratch) {
  if (!value.given) return true;
  switch (raw.token.kind) {
    case TokenKind::string:
      return matches(value, decoded(raw.token.text, scratch));
    case TokenKind::enumeration:
      if (truth_kind(raw) && is_truth(raw)) return matches_truth(raw, value);
      return raw.token.text.size() > 2 && matches(value, raw.token.text.substr(1, raw.token.text.size() - 2));
    case TokenKind::number: {
      double number = 0;
      return step::number_value(raw.token.text, number) &&
             matches(value, Actual{Actual::Kind::number, {}, in_si(facts, raw, number)});
    }
    default:
      return false;
  }
}

std::string shown(const Facts& facts, const RawValue& raw) {
  double number = 0;
  switch (raw.token.kind) {
    case TokenKind::string:
      return "\"" + step::decode_string(raw.token.text) + "\"";
    case TokenKind::enumeration:
      if (truth_kind(raw) && is_truth(raw))
        return raw.token.text[1] == 'T' || raw.token.text[1] == 't' ? "true" : "false";
      return std::string(raw.token.text.substr(1, raw.token.text.size() - 2));
    case TokenKind::number:
      if (step::number_value(raw.token.text, number)) return text::json_number(in_si(facts, raw, number));
      break;
    default:
      break;
  }
  return std::string(raw.token.text);
}

}  // namespace aecos::check
