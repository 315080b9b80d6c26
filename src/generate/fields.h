#pragma once
// The values that a specification may have, one table for reading, checking and writing them.

#include <string>
#include <string_view>
#include <vector>

namespace aecos::generate {

enum class FieldType { length, angle, number, count, truth, text, point };

struct FieldRule {
  std::string_view name;
  FieldType type = FieldType::text;
  double least = 0, most = 0;   // Of numbers; of lengths in metres, of angles in degrees.
  bool quiet = false;           // Not told beside the others where it is assumed: where something is, and its name.
  bool common = false;          // Every kind may have it.
  bool property = false;        // A requirement; every kind may have it too.
  std::string_view words = {};  // For people; empty: the name.
};

const std::vector<FieldRule>& field_rules();
// Null: there is no such field.
const FieldRule* find_field(std::string_view name);

// Where a value is from. A reading was said, but what it is a measure of, or its unit, is not: "5 m wall", "300 x 300".
enum class Basis { said, reading, assumed };
std::string_view to_string(Basis basis);

struct Field {
  double number = 0;
  bool truth = false;
  std::string text = {};
  std::vector<double> point = {};  // Two coordinates, or three.
  Basis basis = Basis::said;
  std::string because = {};  // Why it is assumed, or read as it is.

  bool same_value(const Field& other) const;
};

Field number_field(double number, Basis basis = Basis::said, std::string because = {});
Field text_field(std::string text, Basis basis = Basis::said, std::string because = {});
Field truth_field(bool truth);
Field point_field(std::vector<double> point, Basis basis = Basis::said, std::string because = {});

// "0.3048": at most six digits behind the point.
std::string number_text(double number);
// "yes", "1,2", "REI 60", "0.2".
std::string value_text(const FieldRule& rule, const Field& field);

}  // namespace aecos::generate
