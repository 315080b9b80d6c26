#include "policy/teams.h"

#include <algorithm>
#include <map>
#include <set>

#include "policy/policy.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::policy {
namespace {

using text::JsonNode;
using What = TeamChange::What;

constexpr std::size_t login_max = 64;

Error at(JsonNode node, const std::string& what) {
  return {ErrorCode::invalid_input, text::to_string(node.where()) + ": " + what};
}

std::string in_lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

bool can_be_member(std::string_view login) {
  return !login.empty() && login.size() <= login_max && std::all_of(login.begin(), login.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

// "login": "ana-smith", or {"github": "ana-smith"}; empty: it is not said.
std::string login_of(JsonNode member, std::string_view system) {
  const JsonNode login = member["login"];
  const JsonNode said = login.is_object() ? login[system] : login;
  return in_lower_case(std::string(said.as_string().value_or(std::string_view())));
}

// Login at the other system, in lower case -> member. A member who says their login there has no other.
Result<std::map<std::string, std::string>> who_is_who(JsonNode members, std::string_view system) {
  std::map<std::string, std::string> found;
  for (const JsonNode member : members) {
    const std::string login = login_of(member, system);
    if (login.empty()) continue;
    if (!found.emplace(login, member.key()).second) return at(member, "the login " + login + " is that of two members");
  }
  for (const JsonNode member : members) {
    const std::string name(member.key());
    if (login_of(member, system).empty()) found.emplace(in_lower_case(name), name);
  }
  return found;
}

std::vector<std::string> roles_of(JsonNode member) {
  const JsonNode roles = member["roles"];
  if (const auto one = roles.as_string()) return {std::string(*one)};
  std::vector<std::string> names;
  for (const JsonNode each : roles) names.emplace_back(each.as_string().value_or(std::string_view()));
  return names;
}

// The white space before a value or key, if it begins a line; empty: it does not.
std::string line_start_before(std::string_view source, std::size_t offset) {
  std::size_t begin = offset;
  while (begin > 0 && (source[begin - 1] == ' ' || source[begin - 1] == '\t')) --begin;
  if (begin == 0 || source[begin - 1] != '\n') return "";
  const bool has_return = begin > 1 && source[begin - 2] == '\r';
  return (has_return ? "\r\n" : "\n") + std::string(source.substr(begin, offset - begin));
}

std::string list_of(const std::vector<std::string>& names, const std::string& before_each,
                    const std::string& before_end) {
  std::string list = "[";
  for (const std::string& name : names) {
    if (&name != &names.front()) list += before_each.empty() ? ", " : ",";
    list += before_each + text::json_quote(name);
  }
  return list + (names.empty() ? "" : before_end) + "]";
}

class Editor {
 public:
  explicit Editor(std::string_view source) : source_(source) {}

  void set_roles(JsonNode member, const std::vector<std::string>& names) {
    const JsonNode roles = member["roles"];
    if (!roles) {
      const std::string rest = member.size() == 0 ? "" : ", ";
      insert(member.span().begin + 1, "\"roles\": " + list_of(names, "", "") + rest);
      return;
    }
    std::string before_each, before_end;
    if (roles.size() > 0) before_each = line_start_before(source_, roles[0].span().begin);
    if (!before_each.empty()) before_end = line_start_before(source_, roles.span().end - 1);
    edits_.push_back({roles.span().begin, roles.span().end, list_of(names, before_each, before_end)});
  }

  void add_members(JsonNode root, const std::map<std::string, std::vector<std::string>>& added) {
    if (added.empty()) return;
    const JsonNode members = root["members"];
    std::string before_each;
    if (members.size() > 0) before_each = line_start_before(source_, members[members.size() - 1].key_span().begin);
    std::string text;
    for (const auto& [name, roles] : added) {
      if (!text.empty() || members.size() > 0) text += before_each.empty() ? ", " : ",";
      text += before_each + text::json_quote(name) + ": {\"roles\": " + list_of(roles, "", "") + "}";
    }
    if (!members)
      insert(root.span().begin + 1, "\"members\": {" + text + "}" + (root.size() == 0 ? "" : ", "));
    else if (members.size() == 0)
      insert(members.span().begin + 1, text);
    else
      insert(members[members.size() - 1].span().end, text);
  }

  std::string take() {
    std::stable_sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
    std::string result;
    std::size_t done = 0;
    for (const Edit& edit : edits_) {
      result += source_.substr(done, edit.begin - done);
      result += edit.text;
      done = edit.end;
    }
    return result += source_.substr(done);
  }

 private:
  struct Edit {
    std::size_t begin, end;
    std::string text;
  };
  void insert(std::size_t offset, std::string text) { edits_.push_back({offset, offset, std::move(text)}); }
  std::string_view source_;
  std::vector<Edit> edits_;
};

// Works out who gets and loses what.
class Roster {
 public:
  Roster(JsonNode root, std::string_view system, std::map<std::string, std::string> who)
      : members_(root["members"]), system_(system), who_(std::move(who)) {
    for (const JsonNode member : members_) roles_[std::string(member.key())] = roles_of(member);
  }

  void apply(const Team& team) {
    std::set<std::string> inside;
    std::vector<TeamChange> changes;
    for (const std::string& login : team.members) {
      const std::string member = member_of(login);
      if (!member.empty()) inside.insert(member);
      if (member.empty()) changes.push_back({What::no_member, "", team.role, team.name, login});
      if (!member.empty() && !has(member, team.role)) {
        const bool is_known = roles_.contains(member);
        changes.push_back({is_known ? What::added : What::joined, member, team.role, team.name, login});
        roles_[member].push_back(team.role);
        changed_.insert(member);
      }
    }
    for (const JsonNode node : members_) {
      const std::string member(node.key());
      if (inside.contains(member) || !has(member, team.role)) continue;
      std::erase(roles_[member], team.role);
      changed_.insert(member);
      changes.push_back({What::removed, member, team.role, team.name, login_of(node, system_)});
    }
    std::sort(changes.begin(), changes.end(),
              [](const TeamChange& a, const TeamChange& b) { return a.member < b.member; });
    changes_.insert(changes_.end(), changes.begin(), changes.end());
  }

  void edit(Editor& editor, JsonNode root) const {
    std::map<std::string, std::vector<std::string>> added;
    for (const std::string& member : changed_) {
      const JsonNode node = members_[std::string_view(member)];
      if (node)
        editor.set_roles(node, roles_.at(member));
      else
        added[member] = roles_.at(member);
    }
    editor.add_members(root, added);
  }

  std::vector<TeamChange> take() { return std::move(changes_); }

 private:
  bool has(const std::string& member, const std::string& role) const {
    const auto found = roles_.find(member);
    return found != roles_.end() && std::find(found->second.begin(), found->second.end(), role) != found->second.end();
  }

  // Somebody who is no member yet has the same name here, unless a member who is called so says to be another there.
  std::string member_of(const std::string& login) const {
    const std::string lower = in_lower_case(login);
    if (const auto found = who_.find(lower); found != who_.end()) return found->second;
    const bool is_taken = std::any_of(members_.begin(), members_.end(), [&](JsonNode member) {
      return in_lower_case(std::string(member.key())) == lower;
    });
    return can_be_member(lower) && !is_taken ? lower : "";
  }

  JsonNode members_;
  std::string_view system_;
  std::map<std::string, std::string> who_;
  std::map<std::string, std::vector<std::string>> roles_;  // By member, as they are to be.
  std::set<std::string> changed_;
  std::vector<TeamChange> changes_;
};

bool is_managed(const Roles& roles) {
  return std::any_of(roles.members.begin(), roles.members.end(),
                     [&](const auto& member) { return may_manage(roles, actor_of(roles, member.first), "roles"); });
}

}  // namespace

Result<std::vector<Team>> teams_in(std::string_view json, std::string_view system) {
  AECOS_TRY_ASSIGN(const Roles roles, parse_roles(json));
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
  const JsonNode teams = document.root()["teams"];
  if (teams && !teams.is_object()) return at(teams, "teams: an object of teams by role is wanted");
  std::vector<Team> found;
  for (const JsonNode each : teams) {
    const std::string role(each.key());
    if (!roles.roles.contains(role)) return at(each, "there is no role \"" + role + "\"");
    if (!each.is_object()) return at(each, "a team is an object, as {\"github\": \"acme/structural\"}");
    const JsonNode name = each[system];
    if (!name) continue;
    const std::string text(name.as_string().value_or(std::string_view()));
    if (text.empty()) return at(name, "a team's name is wanted, as \"acme/structural\"");
    found.push_back({role, text});
  }
  return found;
}

Result<TeamsApplied> apply_teams(std::string_view json, std::string_view system, const std::vector<Team>& teams) {
  AECOS_TRY(parse_roles(json));
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
  const JsonNode root = document.root();
  AECOS_TRY_ASSIGN(auto who, who_is_who(root["members"], system));
  Roster roster(root, system, std::move(who));
  for (const Team& team : teams) roster.apply(team);
  Editor editor(document.source());
  roster.edit(editor, root);
  TeamsApplied applied{editor.take(), roster.take()};
  AECOS_TRY_ASSIGN(const Roles after, parse_roles(applied.json));
  const bool is_changed = applied.json != document.source();
  if (is_changed && !is_managed(after))
    return Error{ErrorCode::denied,
                 "nobody would be left who may manage roles: put one of them into the team, or give somebody a role " +
                     std::string("that has {\"manage\": \"roles\"} and no team")};
  return applied;
}

}  // namespace aecos::policy
