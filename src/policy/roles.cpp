#include <algorithm>
#include <array>
#include <map>

#include "policy/decide_internal.h"
#include "policy/fold_internal.h"
#include "policy/pattern_internal.h"
#include "policy/policy.h"
#include "schema/schema.h"
#include "text/json.h"

namespace aecos::policy {
namespace {

using text::JsonNode;

constexpr std::size_t size_max = 4U << 20U;
constexpr std::size_t rules_max = 1000;  // Of one list.
constexpr std::ptrdiff_t dots_max = 16;
constexpr std::array actions{"write", "read", "comment", "approve", "manage"};
constexpr std::array versions{schema::Version::ifc4x3, schema::Version::ifc4, schema::Version::ifc2x3};

enum class List : std::uint8_t { may, never, owns };

Error at(JsonNode node, const std::string& what) {
  return {ErrorCode::invalid_input, text::to_string(node.where()) + ": " + in_words(what, 1000)};
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
  if (texts.empty() && name != "roles" && name != "checks" && name != "advisory")
    return at(node, name + ": the list is empty");
  return texts;
}

bool is_global_id(std::string_view text) {
  return text.size() == 22 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '$';
         });
}

std::string property_fault(std::string_view pattern) {
  if (pattern.empty()) return "is empty";
  if (pattern.size() > pattern_max) return "is too long";
  if (std::count(pattern.begin(), pattern.end(), '.') > dots_max) return "has too many dots";
  return "";
}

Result<> check_each(JsonNode node, const std::vector<std::string>& texts, std::string (*fault_of)(std::string_view)) {
  for (const std::string& text : texts) {
    if (const std::string fault = fault_of(text); !fault.empty()) return at(node, "\"" + text + "\" " + fault);
  }
  return {};
}

std::string class_fault(std::string_view name) {
  return is_known_class(std::string(name)) ? "" : "is no class of IFC2X3, IFC4 or IFC4X3";
}

std::string element_fault(std::string_view id) { return is_global_id(id) ? "" : "is no GlobalId (22 characters)"; }

// What an action is done to.
std::string object_fault(const std::string& action, std::string_view object) {
  if (action == "manage") {
    const bool is_known =
        object == "roles" || object == "locks" || object == "secrets" || object == "waivers" || object == "**";
    return is_known ? "" : "is nothing to manage: roles, locks, secrets, waivers or **";
  }
  if (action == "read" || action == "comment") {
    return object == "**" ? "" : "is a part; a project is read and commented as a whole: \"**\"";
  }
  return pattern_fault(object);
}

Result<> read_initial(JsonNode node, Rule& rule) {
  if (!node.is_array()) return at(node, "initial: a list of values is wanted");
  for (const JsonNode value : node) rule.initial.push_back(compact(value));
  return {};
}

Result<> read_part(JsonNode member, Rule& rule) {
  const std::string key(member.key());
  if (key == "class") {
    AECOS_TRY_ASSIGN(rule.classes, texts_of(member, key));
    return check_each(member, rule.classes, class_fault);
  }
  if (key == "property") {
    AECOS_TRY_ASSIGN(rule.properties, texts_of(member, key));
    return check_each(member, rule.properties, property_fault);
  }
  if (key == "element") {
    AECOS_TRY_ASSIGN(rule.elements, texts_of(member, key));
    return check_each(member, rule.elements, element_fault);
  }
  if (key == "branch") {
    AECOS_TRY_ASSIGN(rule.branches, texts_of(member, key));
    return check_each(member, rule.branches, pattern_fault);
  }
  if (key == "initial") return read_initial(member, rule);
  return at(member, "\"" + key + "\" is nothing a rule can have (write, read, comment, approve, manage, class, " +
                        "property, element, branch, initial)");
}

Result<Rule> read_rule(JsonNode node, List list) {
  if (!node.is_object()) return at(node, "a rule is an object");
  Rule rule;
  for (const JsonNode member : node) {
    const std::string key(member.key());
    if (std::find(actions.begin(), actions.end(), key) == actions.end()) {
      AECOS_TRY(read_part(member, rule));
      continue;
    }
    if (!rule.action.empty()) return at(member, "a rule has one of write, read, comment, approve, manage");
    rule.action = key;
    AECOS_TRY_ASSIGN(rule.pattern, text_of(member, key));
    const std::string fault = object_fault(key, rule.pattern);
    if (!fault.empty()) return at(member, "\"" + rule.pattern + "\" " + fault);
  }
  const bool says_what = !rule.classes.empty() || !rule.properties.empty() || !rule.elements.empty();
  if (rule.action.empty() && !says_what) return at(node, "the rule says nothing");
  if (rule.action.empty()) rule.action = "write";
  if (rule.action != "write" && (says_what || !rule.branches.empty()))
    return at(node, "class, property, element and branch say what may be written");
  if (rule.action != "write" && list == List::owns) return at(node, "what is owned is written: no " + rule.action);
  if (!rule.initial.empty() && (list == List::may || rule.properties.empty()))
    return at(node, "initial is for properties under \"not\" and \"owns\"");
  return rule;
}

Result<std::vector<Rule>> read_rules(JsonNode node, List list) {
  std::vector<Rule> rules;
  if (!node) return rules;
  if (!node.is_array()) return at(node, "a list of rules is wanted");
  if (node.size() > rules_max) return at(node, "more than " + std::to_string(rules_max) + " rules");
  for (const JsonNode each : node) {
    AECOS_TRY_ASSIGN(Rule rule, read_rule(each, list));
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
  AECOS_TRY_ASSIGN(role.may, read_rules(node["may"], List::may));
  AECOS_TRY_ASSIGN(role.never, read_rules(node["not"], List::never));
  AECOS_TRY_ASSIGN(role.owns, read_rules(node["owns"], List::owns));
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
  AECOS_TRY(
      check_keys(node, {"protected", "through", "approvals", "checks", "advisory", "push", "description"}, "a branch"));
  BranchRule rule;
  rule.pattern = node.key();
  if (const std::string fault = pattern_fault(rule.pattern); !fault.empty())
    return at(node, "\"" + rule.pattern + "\" " + fault);
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
  if (const JsonNode advisory = node["advisory"]) {
    AECOS_TRY_ASSIGN(rule.advisory, texts_of(advisory, "advisory"));
    for (const std::string& name : rule.advisory)
      if (std::find(rule.checks.begin(), rule.checks.end(), name) != rule.checks.end())
        return at(advisory, "\"" + name + "\" is among the checks that must pass already");
  }
  if (const JsonNode push = node["push"]) {
    AECOS_TRY_ASSIGN(rule.push, texts_of(push, "push"));
  }
  if (rule.approvals > 0 && rule.through != Through::change_request)
    return at(node["approvals"], "approvals are for branches that move \"through\": \"change-request\"");
  return rule;
}

// "{member}" where the pattern has none would be nobody; so would a name that nobody has.
Result<> check_push(JsonNode node, const BranchRule& rule, const Roles& roles) {
  for (const std::string& who : rule.push) {
    const bool known = who.starts_with('{') ? rule.pattern.find(who) != std::string::npos && pattern_fault(who).empty()
                                            : roles.roles.contains(who) || roles.members.contains(who);
    if (!known) return at(node["push"], "\"" + who + "\" is no role, no member, and no part of the branch's name");
  }
  return {};
}

// Names that stand in patterns and are read by people.
Result<> check_names(JsonNode node, const std::string& what) {
  std::map<std::string, std::string> known;
  for (const JsonNode each : node) {
    const std::string name(each.key());
    const bool plain = !name.empty() && name.size() <= pattern_max && name.find_first_of("/{}*?") == std::string::npos;
    if (!plain || !path_fault("x/" + name).empty()) return at(each, "\"" + name + "\" can be no name of a " + what);
    const auto [found, fresh] = known.try_emplace(folded(name), name);
    if (!fresh) return at(each, "\"" + name + "\" can be taken for \"" + found->second + "\"");
  }
  return {};
}

// What a member is called elsewhere: a text, or one for each system; policy/teams.h has use for it.
Result<> check_login(JsonNode node) {
  if (!node) return {};
  if (node.is_object()) AECOS_TRY(check_keys(node, {"github", "gitlab", "gitea"}, "login"));
  const auto is_login = [](JsonNode each) { return each.is_string() && !each.as_string()->empty(); };
  const bool is_well = node.is_object() ? std::all_of(node.begin(), node.end(), is_login) : is_login(node);
  return is_well ? Result<>() : at(node, "login: a text is wanted, or an object as {\"github\": \"ana\"}");
}

Result<> read_members(JsonNode node, Roles& roles) {
  if (!node) return {};
  if (!node.is_object()) return at(node, "members: an object is wanted");
  AECOS_TRY(check_names(node, "member"));
  for (const JsonNode each : node) {
    AECOS_TRY(check_keys(each, {"roles", "email", "name", "description", "login"}, "a member"));
    AECOS_TRY(check_login(each["login"]));
    Member member;
    if (each["roles"]) {
      AECOS_TRY_ASSIGN(member.roles, texts_of(each["roles"], "roles"));
    }
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
    AECOS_TRY(check_names(defined, "role"));
    for (const JsonNode each : defined) {
      AECOS_TRY_ASSIGN(roles.roles[std::string(each.key())], read_role(each));
    }
  }
  AECOS_TRY(read_members(root["members"], roles));
  if (const JsonNode branches = root["branches"]) {
    if (!branches.is_object()) return at(branches, "branches: an object is wanted");
    for (const JsonNode each : branches) {
      AECOS_TRY_ASSIGN(BranchRule rule, read_branch(each));
      AECOS_TRY(check_push(each, rule, roles));
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

bool is_known_class(const std::string& name) {
  return std::any_of(versions.begin(), versions.end(),
                     [&](schema::Version version) { return schema::get(version).entity(name) != nullptr; });
}

}  // namespace aecos::policy
