#pragma once
// A GraphQL document as it is written.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace aecos::speckle::graphql {

// A value as it is written: JSON with `$name` for variables, and enumeration items as strings.
struct Literal {
  enum class Kind { json, variable, list, object };
  Kind kind = Kind::json;
  std::string text;                                      // JSON, or the variable's name.
  std::vector<std::pair<std::string, Literal>> members;  // Of a list: with empty names.
};

using LiteralList = std::vector<std::pair<std::string, Literal>>;

struct Directive {
  std::string name;
  LiteralList arguments;
};

struct Selection {
  enum class Kind { field, spread, inline_fragment };
  Kind kind = Kind::field;
  std::string name;   // Of the field, the fragment, or the type an inline one is for (may be empty).
  std::string alias;  // Of a field: what it is called in the answer.
  LiteralList arguments;
  std::vector<Directive> directives;
  std::vector<Selection> selections;
};

struct Variable {
  std::string name, type;
  bool is_required = false;
  std::optional<Literal> otherwise;
};

struct Operation {
  std::string kind;  // "query", "mutation", "subscription"
  std::string name;
  std::vector<Variable> variables;
  std::vector<Selection> selections;
};

struct Fragment {
  std::string type;
  std::vector<Selection> selections;
};

struct Document {
  std::vector<Operation> operations;
  std::map<std::string, Fragment> fragments;
};

// invalid_input: "LINE:COLUMN: what is wrong".
Result<Document> parse(std::string_view text);

}  // namespace aecos::speckle::graphql
