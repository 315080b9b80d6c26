#pragma once
// GraphQL requests (October 2021), as far as clients of Speckle need them: operations with fields, aliases, arguments,
// variables, fragments of both kinds, @include and @skip. What is asked of a schema itself is not understood.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "text/json.h"

namespace aecos::speckle::graphql {

struct Node;
using NodePtr = std::shared_ptr<const Node>;

// An argument with its variables filled in, as JSON text.
class Arguments {
 public:
  explicit Arguments(std::map<std::string, std::string> values) : values_(std::move(values)) {}
  // Empty: not given, or null, or of another kind.
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] std::int64_t number(const std::string& name, std::int64_t otherwise) const;
  // JSON; "null" where it is not given.
  [[nodiscard]] std::string json(const std::string& name) const;

 private:
  std::map<std::string, std::string> values_;
};

// What a field is: JSON of a scalar, an object, or a list of objects. A null pointer is null.
using Value = std::variant<std::string, NodePtr, std::vector<NodePtr>>;
using Field = std::function<Result<Value>(const Arguments&)>;

// An object. Fields are asked for when somebody wants them.
struct Node {
  std::string type;  // For __typename and fragments.
  std::map<std::string, Field> fields;
};

Field scalar(std::string json);     // JSON as it is.
Field text(std::string_view utf8);  // A string.
Field object(NodePtr node);
Field list(std::vector<NodePtr> nodes);

struct Request {
  std::string query, operation;  // `operation`: the name; empty: the only one.
  std::string variables = "{}";  // A JSON object.
};

// {"query":…,"variables":…,"operationName":…}; invalid_input.
Result<Request> read_request(std::string_view body);

// {"data":…} or {"data":null,"errors":[…]}, as a GraphQL server answers. A field that fails is null and told of in
// "errors", with the code of Speckle's servers ("FORBIDDEN", "NOT_FOUND").
std::string execute(const Request& request, const NodePtr& query, const NodePtr& mutation);

}  // namespace aecos::speckle::graphql
