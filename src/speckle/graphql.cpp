#include "speckle/graphql.h"

#include <algorithm>
#include <set>

#include "speckle/graphql_internal.h"
#include "text/json_writer.h"

namespace aecos::speckle::graphql {
namespace {

using Variables = std::map<std::string, std::string>;  // JSON by name.

constexpr std::size_t fields_max = 100'000;  // Of one answer, aliases and all.

std::string resolved(const Literal& literal, const Variables& variables) {
  if (literal.kind == Literal::Kind::json) return literal.text;
  if (literal.kind == Literal::Kind::variable) {
    const auto found = variables.find(literal.text);
    return found == variables.end() ? "null" : found->second;
  }
  const bool is_list = literal.kind == Literal::Kind::list;
  std::string json = is_list ? "[" : "{";
  for (const auto& [name, member] : literal.members) {
    if (json.size() > 1) json += ",";
    if (!is_list) json += text::json_quote(name) + ":";
    json += resolved(member, variables);
  }
  return json + (is_list ? "]" : "}");
}

// The fields of several selections under one name are asked for once, with all that is wanted of them.
struct Wanted {
  const Selection* first = nullptr;
  std::vector<const Selection*> all;
};

class Executor {
 public:
  Executor(const Document& document, Variables variables) : document_(document), variables_(std::move(variables)) {}

  void write(text::JsonWriter& json, const Node& node, const std::vector<const std::vector<Selection>*>& selections) {
    std::vector<std::pair<std::string, Wanted>> wanted;
    for (const auto* list : selections) collect(node, *list, wanted);
    json.begin_object();
    for (const auto& [alias, fields] : wanted) {
      path_.push_back(text::json_quote(alias));
      json.key(alias);
      write_field(json, node, fields);
      path_.pop_back();
    }
    json.end_object();
  }

  std::string errors() const { return errors_; }
  void fail(const Error& error) {
    text::JsonWriter json;
    json.begin_object().member("message", error.message).key("path").begin_array();
    for (const std::string& step : path_) json.raw(step);
    json.end_array().key("extensions").begin_object().member("code", code_of(error.code)).end_object().end_object();
    errors_ += (errors_.empty() ? "" : ",") + std::move(json).take();
  }

 private:
  static const char* code_of(ErrorCode code) {
    switch (code) {
      case ErrorCode::denied:
        return "FORBIDDEN";
      case ErrorCode::not_found:
        return "NOT_FOUND";
      case ErrorCode::unavailable:
        return "INTERNAL_SERVER_ERROR";
      default:
        return "BAD_USER_INPUT";
    }
  }

  bool is_wanted(const Selection& selection) const {
    return std::all_of(selection.directives.begin(), selection.directives.end(), [&](const Directive& directive) {
      const bool skips = directive.name == "skip";
      if (!skips && directive.name != "include") return true;
      for (const auto& [name, literal] : directive.arguments)
        if (name == "if") return (resolved(literal, variables_) == "true") != skips;
      return true;
    });
  }

  void collect(const Node& node, const std::vector<Selection>& selections,
               std::vector<std::pair<std::string, Wanted>>& wanted) {
    for (const Selection& selection : selections) {
      if (++fields_ > fields_max || !is_wanted(selection)) continue;
      if (selection.kind == Selection::Kind::field) {
        auto found =
            std::find_if(wanted.begin(), wanted.end(), [&](const auto& w) { return w.first == selection.alias; });
        if (found == wanted.end()) found = wanted.insert(wanted.end(), {selection.alias, {&selection, {}}});
        found->second.all.push_back(&selection);
      } else if (selection.kind == Selection::Kind::inline_fragment) {
        if (selection.name.empty() || selection.name == node.type) collect(node, selection.selections, wanted);
      } else {
        const auto fragment = document_.fragments.find(selection.name);
        if (fragment == document_.fragments.end() || fragment->second.type != node.type) continue;
        if (!spreading_.insert(selection.name).second) continue;  // In itself.
        collect(node, fragment->second.selections, wanted);
        spreading_.erase(selection.name);
      }
    }
  }

  void write_field(text::JsonWriter& json, const Node& node, const Wanted& wanted) {
    const std::string& name = wanted.first->name;
    if (name == "__typename") return static_cast<void>(json.value(node.type));
    const auto field = node.fields.find(name);
    if (field == node.fields.end())
      return fail(json,
                  {ErrorCode::invalid_input, "Cannot query field \"" + name + "\" on type \"" + node.type + "\"."});
    std::map<std::string, std::string> values;
    for (const auto& [argument, literal] : wanted.first->arguments) values[argument] = resolved(literal, variables_);
    const auto value = field->second(Arguments(std::move(values)));
    if (!value) return fail(json, value.error());
    if (const auto* scalar = std::get_if<std::string>(&*value)) return static_cast<void>(json.raw(*scalar));
    std::vector<const std::vector<Selection>*> inner;
    for (const Selection* each : wanted.all) inner.push_back(&each->selections);
    if (const auto* one = std::get_if<NodePtr>(&*value)) return write_object(json, *one, inner);
    json.begin_array();
    std::size_t position = 0;
    for (const NodePtr& each : std::get<std::vector<NodePtr>>(*value)) {
      path_.push_back(std::to_string(position++));
      write_object(json, each, inner);
      path_.pop_back();
    }
    json.end_array();
  }

  void write_object(text::JsonWriter& json, const NodePtr& node,
                    const std::vector<const std::vector<Selection>*>& selections) {
    if (!node) return static_cast<void>(json.null());
    write(json, *node, selections);
  }

  void fail(text::JsonWriter& json, const Error& error) {
    fail(error);
    json.null();
  }

  const Document& document_;
  const Variables variables_;
  std::vector<std::string> path_;  // JSON.
  std::set<std::string> spreading_;
  std::string errors_;
  std::size_t fields_ = 0;
};

std::string refused(const Error& error) {
  Document none;
  Executor executor(none, {});
  executor.fail(error);
  return "{\"errors\":[" + executor.errors() + "]}";
}

Result<Variables> fill(const Operation& operation, std::string_view json) {
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json.empty() ? "{}" : json));
  Variables variables;
  for (const Variable& variable : operation.variables) {
    const text::JsonNode given = document.root()[variable.name];
    if (given)
      variables[variable.name] = text::compact(given);
    else if (variable.otherwise)
      variables[variable.name] = resolved(*variable.otherwise, {});
    const auto found = variables.find(variable.name);
    if (variable.is_required && (found == variables.end() || found->second == "null"))
      return Error{ErrorCode::invalid_input,
                   "Variable \"$" + variable.name + "\" of required type \"" + variable.type + "!\" was not provided."};
  }
  return variables;
}

}  // namespace

std::string Arguments::json(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? "null" : found->second;
}

std::string Arguments::text(const std::string& name) const {
  const auto document = text::parse_json(json(name));
  if (!document) return "";
  return std::string(document->root().as_string().value_or(""));
}

std::int64_t Arguments::number(const std::string& name, std::int64_t otherwise) const {
  const auto document = text::parse_json(json(name));
  return document ? document->root().as_int().value_or(otherwise) : otherwise;
}

Field scalar(std::string json) {
  return [json = std::move(json)](const Arguments&) -> Result<Value> { return Value(json); };
}
Field text(std::string_view utf8) { return scalar(text::json_quote(utf8)); }
Field object(NodePtr node) {
  return [node = std::move(node)](const Arguments&) -> Result<Value> { return Value(node); };
}
Field list(std::vector<NodePtr> nodes) {
  return [nodes = std::move(nodes)](const Arguments&) -> Result<Value> { return Value(nodes); };
}

Result<Request> read_request(std::string_view body) {
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(body));
  const text::JsonNode root = document.root();
  if (!root["query"].is_string()) return Error{ErrorCode::invalid_input, "query: a text is wanted"};
  Request request{std::string(*root["query"].as_string()), std::string(root["operationName"].as_string().value_or("")),
                  "{}"};
  if (root["variables"].is_object()) request.variables = text::compact(root["variables"]);
  return request;
}

std::string execute(const Request& request, const NodePtr& query, const NodePtr& mutation) {
  const auto document = parse(request.query);
  if (!document) return refused(document.error());
  const Operation* operation = nullptr;
  for (const Operation& each : document->operations)
    if (request.operation.empty() || each.name == request.operation) operation = &each;
  if (operation == nullptr || (request.operation.empty() && document->operations.size() > 1))
    return refused({ErrorCode::invalid_input, "which of the operations is wanted is not said"});
  const NodePtr& root = operation->kind == "query" ? query : mutation;
  if (operation->kind == "subscription" || !root)
    return refused({ErrorCode::invalid_input, operation->kind + "s are not answered here"});
  auto variables = fill(*operation, request.variables);
  if (!variables) return refused(variables.error());
  Executor executor(*document, *std::move(variables));
  text::JsonWriter json;
  executor.write(json, *root, {&operation->selections});
  const std::string data = "{\"data\":" + std::move(json).take();
  return executor.errors().empty() ? data + "}" : data + ",\"errors\":[" + executor.errors() + "]}";
}

}  // namespace aecos::speckle::graphql
