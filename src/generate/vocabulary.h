#pragma once
// The words and rules of src/generate/data, read once.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aecos::generate {

struct Default {
  std::string field, value, because;
};

struct BareRule {
  std::string field;
  bool at_most = true;  // Else: more than.
  double limit_m = 0;   // 0: no limit.
};

struct Kind {
  std::string name, ifc_class, type_class, predefined, prefix;
  std::string set;                      // "Pset_WallCommon"; empty: none.
  std::vector<std::string> set_fields;  // Of our fields, which the set has properties for.
  std::string quantities;               // "Qto_WallBaseQuantities"; empty: none.
  std::vector<std::string> needs;
  std::vector<Default> defaults;
  std::vector<std::vector<std::string>> sides;
  std::vector<BareRule> bare;
  std::set<std::string, std::less<>> takes;
  bool line = false;  // It runs from one point to another.
};

struct Noun {
  std::vector<std::string> words;
  std::string kind;
  std::vector<std::pair<std::string, std::string>> also;
  std::string what_else(std::string_view name) const;  // Empty: nothing.
};

struct MaterialWords {
  std::vector<std::string> words;  // "*C": a grade of concrete, "*S" of steel, "*T" of timber.
  std::string name;                // "*": the grade.
};

// Millimetres.
struct SteelProfile {
  std::string name;
  double depth = 0, width = 0, web = 0, flange = 0, radius = 0;
};

struct PatternPart {
  std::vector<std::string> words;  // One of these; empty: a slot.
  char slot = 0;                   // 'L'; 'T'; …
  bool optional = false;
};

struct Pattern {
  std::vector<std::string> actions;  // "length=$1", "bare"
  std::vector<PatternPart> parts;
};

struct NominalPipe {
  double diameter_m = 0, wall_m = 0;
};

struct Vocabulary {
  std::vector<Kind> kinds;
  std::vector<Noun> nouns;
  std::vector<MaterialWords> materials;
  std::map<std::string, std::string> material_categories;  // By the name, without a grade.
  std::vector<SteelProfile> profiles;
  std::vector<Pattern> patterns;
  std::set<std::string> articles, separators, fillers, verbs;
  std::map<std::string, double> units, numbers, directions;
  std::map<std::string, double> multipliers;  // hundred, thousand
  std::map<std::string, int> ordinals;
  std::map<int, NominalPipe> nominal;  // By DN.

  const Kind* kind(std::string_view name) const;
  const SteelProfile* profile(std::string_view name) const;
  // The one that says it is used as this: "Desk". Null: none does.
  const Noun* noun_of_use(std::string_view use) const;
};

const Vocabulary& vocabulary();

// "Concrete C30/37" -> "concrete"; empty: not known.
std::string material_category(std::string_view material);

}  // namespace aecos::generate
