#include <algorithm>
#include <array>

#include "policy/policy.h"
#include "text/json.h"

namespace aecos::policy {
namespace {

using text::JsonNode;

constexpr std::size_t size_max = 4U << 20U;
constexpr std::array actions{"write", "read", "comment", "approve", "manage"};

Error at(JsonNode node, const std::string& what) {
  return {ErrorCode::invalid_input, text::to_string(node.where()) + ": " + what};
}

Result<std::string> text_of(JsonNode node, const std::string& name) {
  const auto text = node.as_string();
  if (!text) return at(node, name + ": a text is wanted");
  return std::string(*text);
}

// A text, or a list of texts.
Result<std::vector<std::string>> texts_of(JsonNode node, const std::string& name) {
  std::vector<std::string> texts;
  if (node.is_string()) return std::vector<std::string>{std::string(*node.as_string())};
  if (!node.is_array()) return at(node, name + ": a list of texts is wanted");
  for (const JsonNode each : node) {
    AECOS_TRY_ASSIGN(std::string text, text_of(each, name));
    texts.push_back(std::move(text));
  }
  return texts;
}

Result<Rule> read_rule(JsonNode node) {
  if (!node.is_object()) return at(node, "a rule is an object");
  Rule rule;
  for (const JsonNode member : node) {
    const std::string key(member.key());
    if (std::find(actions.begin(), actions.end(), key) != actions.end()) {
      if (!rule.action.empty()) return at(member, "a rule has one of write, read, comment, approve, manage");
      rule.action = key;
      AECOS_TRY_ASSIGN(rule.pattern, text_of(member, key));
    } else if (key == "class") {
      AECOS_TRY_ASSIGN(rule.classes, texts_of(member, key));
    } else if (key == "property") {
      AECOS_TRY_ASSIGN(rule.properties, texts_of(member, key));
    } else if (key == "element") {
      AECOS_TRY_ASSIGN(rule.elements, texts_of(member, key));
    } else if (key == "branch") {
      AECOS_TRY_ASSIGN(rule.branches, texts_of(member, key));
    } else {
      return at(member, "\"" + key + "\" is nothing a rule can have (write, read, comment, approve, manage, class, " +
                            "property, element, branch)");
    }
  }
  if (rule.action.empty() && rule.classes.empty() && rule.properties.empty() && rule.elements.empty())
    return at(node, "the rule says nothing");
  if (rule.action.empty()) rule.action = "write";
  return rule;
}

Result<std::vector<Rule>> read_rules(JsonNode node) {
  std::vector<Rule> rules;
  if (!node) return rules;
  if (!node.is_array()) return at(node, "a list of rules is wanted");
  for (const JsonNode each : node) {
    AECOS_TRY_ASSIGN(Rule rule, read_rule(each));
    rules.push_back(std::move(rule));
  }
  return rules;
}

Result<> check_keys(JsonNode node, std::initializer_list<std::string_view> known, const std::string& what) {
  if (!node.is_object()) return at(node, what + ": an object is wanted");
  for (const JsonNode member : node) {
    if (std::find(known.begin(), known.end(), member.key()) == known.end())
      return at(member, "\"" + std::string(member.key()) + "\" is nothing " + what + " can have");
  }
  return {};
}

Result<Role> read_role(JsonNode node) {
  AECOS_TRY(check_keys(node, {"may", "not", "owns", "description"}, "a role"));
  Role role;
  AECOS_TRY_ASSIGN(role.may, read_rules(node["may"]));
  AECOS_TRY_ASSIGN(role.never, read_rules(node["not"]));
  AECOS_TRY_ASSIGN(role.owns, read_rules(node["owns"]));
  return role;
}

Result<std::size_t> read_count(JsonNode node) {
  const auto number = node.as_int();
  if (!number || *number < 0 || *number > 100) return at(node, "a number from 0 to 100 is wanted");
  return static_cast<std::size_t>(*number);
}

Result<Through> read_through(JsonNode node) {
  const auto word = node.as_string().value_or(std::string_view());
  if (word == "push") return Through::push;
  if (word == "integration") return Through::integration;
  if (word == "change-request") return Through::change_request;
  return at(node, "push, integration or change-request is wanted");
}

Result<BranchRule> read_branch(JsonNode node) {
  AECOS_TRY(check_keys(node, {"protected", "through", "approvals", "checks", "push", "description"}, "a branch"));
  BranchRule rule;
  rule.pattern = node.key();
  if (const JsonNode is_protected = node["protected"]) {
    if (!is_protected.as_bool()) return at(is_protected, "true or false is wanted");
    rule.is_protected = *is_protected.as_bool();
  }
  if (const JsonNode through = node["through"]) {
    AECOS_TRY_ASSIGN(rule.through, read_through(through));
  }
  if (const JsonNode approvals = node["approvals"]) {
    AECOS_TRY_ASSIGN(rule.approvals, read_count(approvals));
  }
  if (const JsonNode checks = node["checks"]) {
    AECOS_TRY_ASSIGN(rule.checks, texts_of(checks, "checks"));
  }
  if (const JsonNode push = node["push"]) {
    AECOS_TRY_ASSIGN(rule.push, texts_of(push, "push"));
  }
  return rule;
}

Result<> read_members(JsonNode node, Roles& roles) {
  if (!node) return {};
  if (!node.is_object()) return at(node, "members: an object is wanted");
  for (const JsonNode each : node) {
    AECOS_TRY(check_keys(each, {"roles", "email", "name"}, "a member"));
    Member member;
    AECOS_TRY_ASSIGN(member.roles, texts_of(each["roles"] ? each["roles"] : each, "roles"));
    for (const std::string& role : member.roles) {
      if (!roles.roles.contains(role)) return at(each, "there is no role \"" + role + "\"");
    }
    if (each["email"]) {
      AECOS_TRY_ASSIGN(member.email, text_of(each["email"], "email"));
    }
    roles.members[std::string(each.key())] = std::move(member);
  }
  return {};
}

}  // namespace

Result<Roles> parse_roles(std::string_view json) {
  if (json.size() > size_max) return Error{ErrorCode::invalid_input, "1:1: larger than 4 MiB"};
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
  const JsonNode root = document.root();
  AECOS_TRY(check_keys(root, {"version", "members", "teams", "roles", "branches", "locks", "$schema"}, "roles.json"));
  if (root["version"] && root["version"].as_int() != 1) return at(root["version"], "only version 1 is known");
  Roles roles;
  if (const JsonNode defined = root["roles"]) {
    if (!defined.is_object()) return at(defined, "roles: an object is wanted");
    for (const JsonNode each : defined) {
      AECOS_TRY_ASSIGN(roles.roles[std::string(each.key())], read_role(each));
    }
  }
  AECOS_TRY(read_members(root["members"], roles));
  if (const JsonNode branches = root["branches"]) {
    if (!branches.is_object()) return at(branches, "branches: an object is wanted");
    for (const JsonNode each : branches) {
      AECOS_TRY_ASSIGN(BranchRule rule, read_branch(each));
      roles.branches.push_back(std::move(rule));
    }
  }
  if (const JsonNode locks = root["locks"]) {
    const auto word = locks.as_string().value_or(std::string_view());
    if (word != "warn" && word != "deny") return at(locks, "warn or deny is wanted");
    roles.locks = word == "deny" ? LockMode::deny : LockMode::warn;
  }
  return roles;
}

}  // namespace aecos::policy
