#include "generate/fields.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace aecos::generate {

const std::vector<FieldRule>& field_rules() {
  using enum FieldType;
  static const std::vector<FieldRule> rules{
      {"name", text, 0, 0, true, true},
      {"count", count, 1, 500, false, true},
      {"rows", count, 1, 500, false, true},
      {"spacing", length, 0.01, 1000, false, true},
      {"rowSpacing", length, 0.01, 1000, false, true, false, "spacing of the rows"},
      {"arrayDirection", angle, -360, 360, true, true, false, "direction of the row"},
      {"use", text},
      {"form", text},
      {"leaves", count, 1, 4},
      {"panes", count, 1, 4},
      {"length", length, 0.01, 1000},
      {"width", length, 0.01, 500},
      {"height", length, 0.01, 200},
      {"thickness", length, 0.0005, 5},
      {"depth", length, 0.01, 10},
      {"diameter", length, 0.005, 20},
      {"profile", text},
      {"material", text},
      {"fire", text, 0, 0, false, false, true, "fire rating"},
      {"acoustic", text, 0, 0, false, false, true, "acoustic rating"},
      {"u", number, 0.01, 10, false, false, true, "thermal transmittance"},
      {"loadBearing", truth, 0, 0, false, false, true, "load-bearing"},
      {"external", truth, 0, 0, false, false, true},
      {"combustible", truth, 0, 0, false, false, true},
      {"storey", text, 0, 0, true, true},
      {"host", text},
      {"offset", length, 0, 1000, false, false, false, "distance from the start"},
      {"centred", truth},
      {"sill", length, 0, 100, false, false, false, "sill height"},
      {"elevation", length, -1000, 1000, true},
      {"at", point, -100000, 100000, true, true, false, "position"},
      {"direction", angle, -360, 360, true},
      {"pitch", angle, 1, 75},
      {"risers", count, 2, 200},
      {"tread", length, 0.1, 1},
      {"vertical", truth},
  };
  return rules;
}

const FieldRule* find_field(std::string_view name) {
  const auto& rules = field_rules();
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const FieldRule& rule) { return rule.name == name; });
  return found == rules.end() ? nullptr : &*found;
}

std::string_view to_string(Basis basis) {
  return basis == Basis::said ? "said" : basis == Basis::reading ? "read" : "assumed";
}

bool Field::same_value(const Field& other) const {
  return std::abs(number - other.number) < 1e-9 && truth == other.truth && text == other.text && point == other.point;
}

Field number_field(double number, Basis basis, std::string because) {
  Field field;
  field.number = number;
  field.basis = basis;
  field.because = std::move(because);
  return field;
}

Field text_field(std::string text, Basis basis, std::string because) {
  Field field;
  field.text = std::move(text);
  field.basis = basis;
  field.because = std::move(because);
  return field;
}

Field truth_field(bool truth) {
  Field field;
  field.truth = truth;
  return field;
}

Field point_field(std::vector<double> point, Basis basis, std::string because) {
  Field field;
  field.point = std::move(point);
  field.basis = basis;
  field.because = std::move(because);
  return field;
}

std::string number_text(double number) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed, 6).ptr;
  std::string text(buffer.data(), end);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string value_text(const FieldRule& rule, const Field& field) {
  switch (rule.type) {
    case FieldType::text:
      return field.text;
    case FieldType::truth:
      return field.truth ? "yes" : "no";
    case FieldType::point: {
      std::string text;
      for (const double each : field.point) text += (text.empty() ? "" : ",") + number_text(each);
      return text;
    }
    default:
      return number_text(field.number);
  }
}

}  // namespace aecos::generate
