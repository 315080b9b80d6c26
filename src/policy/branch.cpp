// Who may move which branch, and how.

#include <algorithm>
#include <tuple>

#include "policy/decide_internal.h"
#include "policy/fold_internal.h"

namespace aecos::policy {
namespace {

constexpr std::string_view own_branches = "user/{member}/**";

BranchRule default_rule() {
  BranchRule rule;
  rule.pattern = own_branches;
  rule.push = {"{member}"};
  return rule;
}

// The more a pattern says, the more precise it is.
auto precision(std::string_view pattern) {
  const std::size_t before = std::min(pattern.find_first_of("*?{"), pattern.size());
  const auto said = std::count_if(pattern.begin(), pattern.end(), [](char c) { return c != '*' && c != '?'; });
  const auto stars = std::count(pattern.begin(), pattern.end(), '*');
  return std::tuple(before == pattern.size(), before, said, -stars);
}

bool is_among(const std::vector<std::string>& pushers, const BranchRule& rule, const Actor& actor, const Roles* roles,
              std::string_view branch) {
  const Names names = names_of(actor);
  const auto has_role = [&](const std::string& role) {
    return std::find(actor.roles.begin(), actor.roles.end(), role) != actor.roles.end();
  };
  return std::any_of(pushers.begin(), pushers.end(), [&](const std::string& who) {
    if (who.starts_with('{')) return matches(rule.pattern, branch, names);
    // A member may have a role's name; the role is meant then.
    return roles != nullptr && roles->roles.contains(who) ? has_role(who) : who == actor.login;
  });
}

// A name that is one of the rules' but for case or look: file systems and people take one for the other.
std::string taken_for(const std::optional<Roles>& roles, const std::string& branch) {
  const std::string plain = folded(branch);
  if (plain == "head" || plain.starts_with("refs/")) return plain;
  const auto is_alike = [&](std::string_view pattern) {
    return can_be_taken_for(pattern, folded(pattern), branch, plain);
  };
  if (is_alike(own_branches)) return std::string(own_branches);
  if (!roles) return "";
  for (const BranchRule& rule : roles->branches) {
    if (is_alike(rule.pattern)) return rule.pattern;
  }
  for (const auto& [name, role] : roles->roles) {
    for (const auto list : {&Role::may, &Role::never, &Role::owns}) {
      for (const Rule& rule : role.*list) {
        const auto found = std::find_if(rule.branches.begin(), rule.branches.end(), is_alike);
        if (found != rule.branches.end()) return *found;
      }
    }
  }
  return "";
}

// A branch "user" makes a branch "user/ana/x" impossible, and "develop/x" one "develop". Empty: it is in nobody's way.
std::string in_the_way_of(const std::optional<Roles>& roles, const std::string& branch) {
  const auto stands_before = [&](std::string_view pattern) {
    const std::size_t end = std::min(pattern.find_first_of("*?{"), pattern.size());
    if (end > 0 && (pattern.substr(0, end).starts_with(branch + "/") || branch.starts_with(std::string(pattern) + "/")))
      return true;
    // "user/ana" of "user/{member}/**": as many parts as the pattern has before it is free.
    return end > 0 && pattern.ends_with("/**") && matches(pattern.substr(0, pattern.size() - 3), branch);
  };
  if (roles) {
    const auto is_it = [&](const BranchRule& rule) { return rule.pattern == branch; };
    if (std::any_of(roles->branches.begin(), roles->branches.end(), is_it)) return "";
    for (const BranchRule& rule : roles->branches) {
      if (stands_before(rule.pattern)) return rule.pattern;
    }
  }
  return stands_before(own_branches) ? std::string(own_branches) : "";
}

// Branches are files in every clone.
std::string name_fault(const std::string& branch) {
  constexpr std::size_t branch_max = 250;
  if (branch.size() > branch_max) return "is longer than " + std::to_string(branch_max) + " bytes";
  return path_fault("x/" + branch);
}

void judge_protection(const Actor& actor, const std::optional<Roles>& roles, const BranchRule& rule,
                      const Update& update, Reasons& reasons) {
  const auto refuse = [&](const std::string& what) {
    reasons.add({in_words(update.branch) + " " + what, "branches." + rule.pattern, "", "", ""});
  };
  using Kind = Update::Kind;
  if (rule.is_protected && update.kind == Kind::force) return refuse("is protected: its history stays as it is");
  if (rule.is_protected && update.kind == Kind::remove) return refuse("is protected: it cannot be removed");
  // Somebody has to begin it.
  if (update.kind == Kind::create && may_manage(roles, actor, "roles")) return;
  if (rule.through == Through::change_request && update.through != Through::change_request)
    return refuse("moves by change requests only: push to a branch of your own and open one");
  if (rule.through == Through::integration && update.through == Through::push)
    return refuse("moves by integration only: git push origin HEAD:refs/for/" + in_words(update.branch));
}

}  // namespace

void judge_branch(const Actor& actor, const std::optional<Roles>& roles, const Update& update, Reasons& reasons) {
  const std::string name = in_words(update.branch);
  const std::string other = update.kind == Update::Kind::remove ? "" : taken_for(roles, update.branch);
  if (!other.empty())
    return reasons.add(
        {name + " can be taken for " + other + ": choose another name", "branches." + other, "", "", ""});
  if (update.kind == Update::Kind::create) {
    if (const std::string fault = name_fault(update.branch); !fault.empty())
      return reasons.add({"the branch's name " + name + " " + fault, "", "", "", ""});
    if (const std::string way = in_the_way_of(roles, update.branch); !way.empty())
      return reasons.add(
          {name + " would stand in the way of " + way + ": choose another name", "branches." + way, "", "", ""});
  }
  const BranchRule rule = rule_for(roles, update.branch);
  judge_protection(actor, roles, rule, update, reasons);
  if (!rule.push.empty() && !is_among(rule.push, rule, actor, roles ? &*roles : nullptr, update.branch)) {
    reasons.add({in_words(actor.login) + " may not move " + name + ": " + rule.pattern + " is for " +
                     in_words(rule.push, " and ") + "; ask them, or push to user/" + in_words(actor.login) + "/…",
                 "branches." + rule.pattern, "", "", ""});
  }
}

BranchRule rule_for(const std::optional<Roles>& roles, std::string_view branch) {
  const BranchRule* best = nullptr;
  if (roles) {
    for (const BranchRule& rule : roles->branches) {
      if (!matches(rule.pattern, branch)) continue;
      if (best == nullptr || precision(rule.pattern) > precision(best->pattern)) best = &rule;
    }
  }
  if (best != nullptr) return *best;
  return matches(own_branches, branch) ? default_rule() : BranchRule();
}

}  // namespace aecos::policy
