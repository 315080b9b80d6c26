#include <algorithm>
#include <functional>

#include "base/utf8.h"
#include "policy/decide_internal.h"
#include "policy/fold_internal.h"

namespace aecos::policy {
namespace {

bool has_rule(const Roles& roles, const std::vector<std::string>& names, std::vector<Rule> Role::*list,
              const std::function<bool(const Rule&)>& is_meant) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const auto role = roles.roles.find(name);
    return role != roles.roles.end() && std::any_of((role->second.*list).begin(), (role->second.*list).end(), is_meant);
  });
}

// What holds for everybody, whatever the rules.
void judge_names(const Update& update, Reasons& reasons) {
  for (const FileChange& file : update.files) {
    if (file.removed) continue;
    if (const std::string fault = path_fault(file.path); !fault.empty())
      reasons.add({in_words(file.path) + ": the name " + fault, "", file.path, "", ""});
    const bool within = file.path.starts_with(".aecos/");
    if (within && file.kind != FileChange::Kind::file)
      reasons.add({in_words(file.path) + ": only files may lie there", "", file.path, "", ""});
  }
}

}  // namespace

void Reasons::add(Reason reason) {
  if (full()) return skip();
  constexpr std::size_t line_max = 1000;
  reason.what = in_words(reason.what, line_max);
  reason.rule = in_words(reason.rule, line_max);
  reasons_.push_back(std::move(reason));
}

std::vector<Reason> Reasons::take() && {
  if (more_ > 0) reasons_.back() = {"and " + std::to_string(more_ + 1) + " more", "", "", "", ""};
  return std::move(reasons_);
}

std::string in_words(std::string_view text, std::size_t bytes_max) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (out.size() > bytes_max) return out + "…";
    const char32_t code = next_utf8(text, at);
    if (code < ' ' || code == 0x7f || is_invisible(code)) {
      out += '?';
    } else {
      append_utf8(out, code);
    }
  }
  return out;
}

std::string in_words(const std::vector<std::string>& names, std::string_view last_link) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? last_link : ", ";
    out += in_words(names[i]);
  }
  return out;
}

Names names_of(const Actor& actor) { return {actor.login, actor.roles}; }

bool may_do(const Roles& roles, const Names& names, std::string_view action, std::string_view object) {
  const auto is_meant = [&](const Rule& rule) {
    return rule.action == action && (rule.pattern.empty() || matches(rule.pattern, object, names));
  };
  return has_rule(roles, names.roles, &Role::may, is_meant) && !has_rule(roles, names.roles, &Role::never, is_meant);
}

void judge_roles_file(const Actor& actor, const std::optional<Roles>& roles, const Update& update, Reasons& reasons) {
  const std::string path(roles_path);
  const auto refuse = [&](const std::string& why) { reasons.add({why, "", path, "", ""}); };
  for (const FileChange& file : update.files) {
    if (file.path != roles_path && file.from != roles_path) continue;
    if (!may_manage(roles, actor, "roles"))
      return refuse(in_words(actor.login) + " may not change " + path + ": ask who may manage roles");
    if (file.removed || file.from == roles_path)
      return refuse(path + " cannot be removed or renamed: the project would have no rules");
    if (file.kind != FileChange::Kind::file) return refuse(path + " must be a regular file");
    if (!update.roles_after) return refuse(path + " cannot be read: " + in_words(update.roles_fault));
    const Roles& after = *update.roles_after;
    const bool managed = std::any_of(after.members.begin(), after.members.end(), [&](const auto& member) {
      return may_do(after, {member.first, member.second.roles}, "manage", "roles");
    });
    if (!managed) return refuse(path + " must leave somebody who may manage roles");
  }
}

// That it is written anew and says the same is no change.
void judge_waivers(const Actor& actor, const std::optional<Roles>& roles, const Update& update, Reasons& reasons) {
  if (!roles) return;
  for (const FileChange& file : update.files) {
    if (file.path != waivers_path && file.from != waivers_path) continue;
    const bool says_same = file.path == waivers_path && file.from.empty() && !file.added && !file.removed &&
                           file.readable && file.changes.empty() && file.kind == FileChange::Kind::file;
    if (says_same || may_manage(roles, actor, "waivers")) continue;
    reasons.add({in_words(actor.login) + " may not let findings pass: ask who may manage waivers", "",
                 std::string(waivers_path), "", ""});
  }
}

Actor actor_of(const Roles& roles, const std::string& login) {
  Actor actor;
  actor.login = login;
  const auto member = roles.members.find(login);
  actor.may_write = member != roles.members.end();
  if (member != roles.members.end()) actor.roles = member->second.roles;
  return actor;
}

Decision decide(const Actor& actor, const std::optional<Roles>& roles, const Update& update,
                const std::vector<HeldLock>& locks) {
  Reasons reasons, warnings;
  const auto is_roles = [](const FileChange& file) { return file.path == roles_path && file.from.empty(); };
  const bool for_roles = actor.manages && update.files.size() == 1 && is_roles(update.files[0]);
  if (!actor.may_write && !for_roles)
    reasons.add({in_words(actor.login) + " may not write to this project: ask who manages the roles", "", "", "", ""});
  judge_branch(actor, roles, update, reasons);
  judge_names(update, reasons);
  judge_roles_file(actor, roles, update, reasons);
  judge_waivers(actor, roles, update, reasons);
  if (roles) judge_files(actor, *roles, update, reasons);
  const bool deny = roles && roles->locks == LockMode::deny;
  judge_locks(actor, update, locks, deny, deny ? reasons : warnings);
  Decision decision;
  decision.allowed = reasons.empty();
  decision.reasons = std::move(reasons).take();
  decision.warnings = std::move(warnings).take();
  return decision;
}

bool may_read(const std::optional<Roles>& roles, const Actor& actor, bool granted) {
  if (actor.manages) return true;
  if (!roles) return granted;
  const auto reads = [](const Rule& rule) { return rule.action == "read"; };
  return (granted || roles->members.contains(actor.login)) && !has_rule(*roles, actor.roles, &Role::never, reads);
}

bool may_manage(const std::optional<Roles>& roles, const Actor& actor, std::string_view what) {
  if (actor.manages || !roles) return actor.manages;
  const auto says = [](const Rule& rule) { return rule.action == "manage" && rule.pattern == "waivers"; };
  const bool is_said = std::any_of(roles->roles.begin(), roles->roles.end(), [&](const auto& role) {
    return std::any_of(role.second.may.begin(), role.second.may.end(), says);
  });
  return may_do(*roles, names_of(actor), "manage", what == "waivers" && !is_said ? "roles" : what);
}

bool may_comment(const std::optional<Roles>& roles, const Actor& actor) {
  if (!roles) return actor.may_write;
  const auto comments = [](const Rule& rule) { return rule.action == "comment"; };
  const auto writes = [](const Rule& rule) { return rule.action == "comment" || rule.action == "write"; };
  return !has_rule(*roles, actor.roles, &Role::never, comments) &&
         (has_rule(*roles, actor.roles, &Role::may, writes) || has_rule(*roles, actor.roles, &Role::owns, writes));
}

bool may_approve(const std::optional<Roles>& roles, const Actor& actor, std::string_view branch) {
  return roles ? may_do(*roles, names_of(actor), "approve", branch) : actor.may_write;
}

}  // namespace aecos::policy
