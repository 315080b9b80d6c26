#include <algorithm>

#include "policy/pattern_internal.h"
#include "policy/place_internal.h"
#include "policy/policy.h"
#include "schema/schema.h"

namespace aecos::policy {
namespace {

constexpr std::size_t reasons_max = 50;

bool is_class(const std::string& name, const std::string& wanted) {
  if (folded(name) == folded(wanted)) return true;
  for (const schema::Version version : {schema::Version::ifc4x3, schema::Version::ifc4, schema::Version::ifc2x3}) {
    const schema::Schema& schema = schema::get(version);
    const schema::Entity *one = schema.entity(name), *other = schema.entity(wanted);
    if (one != nullptr && other != nullptr && one->is_a(*other)) return true;
  }
  return false;
}

bool is_one_of(const std::string& name, const std::vector<std::string>& classes) {
  return std::any_of(classes.begin(), classes.end(), [&](const std::string& wanted) { return is_class(name, wanted); });
}

// "*.LoadBearing" against "Pset_WallCommon.LoadBearing". A place that ends in ".*" is a whole set.
bool is_property(const std::string& at, const std::vector<std::string>& patterns) {
  const auto as_path = [](std::string text) {
    std::replace(text.begin(), text.end(), '/', '|');
    std::replace(text.begin(), text.end(), '.', '/');
    return folded(text);
  };
  const std::string place = as_path(at);
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& wanted) {
    const std::string pattern = as_path(wanted);
    if (matches(pattern, place)) return true;
    return place.ends_with("/*") && matches(place, pattern);
  });
}

// Whose rules are looked at, and for what.
class Decider {
 public:
  Decider(const Actor& actor, const Roles& roles, const Update& update, Decision& decision)
      : actor_(actor), roles_(roles), update_(update), decision_(decision) {
    for (const std::string& name : actor.roles) {
      const auto found = roles.roles.find(name);
      if (found != roles.roles.end()) own_.emplace_back(name, &found->second);
    }
  }

  void judge(const FileChange& file) {
    if (file.path == roles_path) return;  // Judged by itself.
    if (!file.readable || file.kind != FileChange::Kind::file) return judge_unreadable(file);
    for (const Place& place : places_of(file)) judge(file, place);
  }

 private:
  struct Found {
    std::string role;
    std::string rule;  // "roles.architect.not[0]"
  };

  bool fits_branch(const Rule& rule) const {
    return rule.branches.empty() || std::any_of(rule.branches.begin(), rule.branches.end(),
                                                [&](const std::string& b) { return matches(b, update_.branch); });
  }

  static bool fits_path(const Rule& rule, const std::string& path, bool strict) {
    if (rule.pattern.empty()) return true;
    return strict ? matches(rule.pattern, path) : matches(folded(rule.pattern), folded(path));
  }

  // Whether a rule that allows does so for the place: in every respect, for all the element was and is.
  bool allows(const Rule& rule, const std::string& path, const Place& place) const {
    if (rule.action != "write" || !fits_path(rule, path, true) || !fits_branch(rule)) return false;
    if (!rule.properties.empty() && !(place.is_property && is_property(place.at, rule.properties))) return false;
    if (!rule.elements.empty() &&
        std::find(rule.elements.begin(), rule.elements.end(), place.element.global_id) == rule.elements.end())
      return false;
    if (rule.classes.empty()) return true;
    // What is shared by elements (units, materials) has no class that could be told.
    if (place.classes.empty()) return place.element.global_id.empty() && !place.at.empty() && !is_text(path);
    return std::all_of(place.classes.begin(), place.classes.end(),
                       [&](const std::string& name) { return is_one_of(name, rule.classes); });
  }

  static bool is_text(const std::string& path) { return !folded(path).ends_with(".ifc"); }

  // Whether a rule that forbids, or gives to others, touches the place in any respect.
  bool touches(const Rule& rule, const std::string& path, const Place& place) const {
    if (rule.action != "write" || !fits_path(rule, path, false) || !fits_branch(rule)) return false;
    if (!rule.properties.empty() && !(place.is_property && is_property(place.at, rule.properties))) return false;
    if (!rule.elements.empty() &&
        std::find(rule.elements.begin(), rule.elements.end(), place.element.global_id) == rule.elements.end())
      return false;
    return rule.classes.empty() || std::any_of(place.classes.begin(), place.classes.end(),
                                               [&](const std::string& name) { return is_one_of(name, rule.classes); });
  }

  static std::string name_of(const std::string& role, const char* list, std::size_t index) {
    return "roles." + role + "." + list + "[" + std::to_string(index) + "]";
  }

  std::optional<Found> forbidden(const std::string& path, const Place& place) const {
    for (const auto& [name, role] : own_) {
      for (std::size_t i = 0; i < role->never.size(); ++i) {
        if (touches(role->never[i], path, place)) return Found{name, name_of(name, "not", i)};
      }
    }
    return std::nullopt;
  }

  // Another role's, and not one of the actor's.
  std::optional<Found> owned_by_others(const std::string& path, const Place& place, bool& own) const {
    std::optional<Found> others;
    for (const auto& [name, role] : roles_.roles) {
      for (std::size_t i = 0; i < role.owns.size(); ++i) {
        if (!touches(role.owns[i], path, place)) continue;
        if (std::find(actor_.roles.begin(), actor_.roles.end(), name) != actor_.roles.end()) {
          own = true;
        } else if (!others) {
          others = Found{name, name_of(name, "owns", i)};
        }
      }
    }
    return own ? std::nullopt : others;
  }

  bool allowed(const std::string& path, const Place& place) const {
    for (const auto& [name, role] : own_) {
      for (const Rule& rule : role->may) {
        if (allows(rule, path, place)) return true;
      }
    }
    return false;
  }

  void judge(const FileChange& file, const Place& place) {
    for (const std::string* path : {&file.path, &file.from}) {
      if (path->empty()) continue;
      if (const auto found = forbidden(*path, place)) {
        refuse(file, place, "may not change " + what(file, place) + ": no " + found->role + " may", found->rule);
        return;
      }
      bool own = false;
      if (const auto found = owned_by_others(*path, place, own)) {
        refuse(file, place, "may not change " + what(file, place) + ": it is for " + found->role + "; ask them",
               found->rule);
        return;
      }
      if (!own && !allowed(*path, place)) {
        refuse(file, place, "may not change " + what(file, place) + ": no rule allows it", "");
        return;
      }
    }
  }

  // What cannot be judged by what it says is judged by where it lies; where what it says would matter, it is refused.
  void judge_unreadable(const FileChange& file) {
    Place whole;
    for (const std::string* path : {&file.path, &file.from}) {
      if (path->empty()) continue;
      const std::string plain = folded(*path);
      const bool building = plain.ends_with(".ifc") || plain.ends_with(".ifczip") || plain.ends_with(".ifcxml") ||
                            plain.ends_with("metadata.json");
      if (building && hides_something()) {
        refuse(file, whole, "may not write " + *path + ": what changes in it cannot be told, and there are rules on it",
               "");
        return;
      }
      if (forbidden(*path, whole) || !allowed(*path, whole)) {
        refuse(file, whole, "may not write " + *path + ": no rule allows it", "");
        return;
      }
    }
  }

  // Whether any rule on classes, properties or elements could be got round by what cannot be read.
  bool hides_something() const {
    const auto is_fine = [](const Rule& rule) {
      return rule.classes.empty() && rule.properties.empty() && rule.elements.empty();
    };
    for (const auto& [name, role] : own_) {
      if (!std::all_of(role->never.begin(), role->never.end(), is_fine)) return true;
    }
    for (const auto& [name, role] : roles_.roles) {
      const bool mine = std::find(actor_.roles.begin(), actor_.roles.end(), name) != actor_.roles.end();
      if (!mine && !role.owns.empty()) return true;
    }
    return false;
  }

  static std::string what(const FileChange& file, const Place& place) {
    std::string name = place.element.name.empty() ? place.element.global_id : place.element.name;
    if (name.empty() && place.at.empty()) return file.path;
    if (place.at.empty()) return name;
    return place.at + (name.empty() ? " in " + file.path : " of " + name);
  }

  void refuse(const FileChange& file, const Place& place, const std::string& why, const std::string& rule) {
    decision_.allowed = false;
    decision_.reasons.push_back({actor_.login + " " + why, rule, file.path, place.element.global_id, place.at});
  }

  const Actor& actor_;
  const Roles& roles_;
  const Update& update_;
  Decision& decision_;
  std::vector<std::pair<std::string, const Role*>> own_;
};

void refuse(Decision& decision, const std::string& why, const std::string& rule = "", const std::string& path = "") {
  decision.allowed = false;
  decision.reasons.push_back({why, rule, path, "", ""});
}

bool can(const Roles& roles, const std::vector<std::string>& names, const std::string& action, std::string_view what) {
  for (const std::string& name : names) {
    const auto role = roles.roles.find(name);
    if (role == roles.roles.end()) continue;
    const auto fits = [&](const Rule& rule) {
      return rule.action == action && (rule.pattern.empty() || matches(rule.pattern, what));
    };
    if (std::any_of(role->second.never.begin(), role->second.never.end(), fits)) return false;
  }
  for (const std::string& name : names) {
    const auto role = roles.roles.find(name);
    if (role == roles.roles.end()) continue;
    const auto fits = [&](const Rule& rule) {
      return rule.action == action && (rule.pattern.empty() || matches(rule.pattern, what));
    };
    if (std::any_of(role->second.may.begin(), role->second.may.end(), fits)) return true;
  }
  return false;
}

void judge_roles_file(const Actor& actor, const std::optional<Roles>& roles, const Update& update, Decision& decision) {
  const auto is_it = [](const FileChange& file) { return file.path == roles_path || file.from == roles_path; };
  const auto file = std::find_if(update.files.begin(), update.files.end(), is_it);
  if (file == update.files.end()) return;
  const std::string path(roles_path);
  if (!may_manage(roles, actor, "roles")) {
    return refuse(decision, actor.login + " may not change " + path + ": that is for who may manage roles", "", path);
  }
  if (file->removed || file->from == roles_path) {
    return refuse(decision, path + " cannot be removed or renamed: the project would have no rules", "", path);
  }
  if (file->kind != FileChange::Kind::file) return refuse(decision, path + " must be a regular file", "", path);
  if (!update.roles_after) return refuse(decision, path + " cannot be read: " + update.roles_fault, "", path);
  const Roles& after = *update.roles_after;
  const bool managed = std::any_of(after.members.begin(), after.members.end(), [&](const auto& member) {
    return can(after, member.second.roles, "manage", "roles");
  });
  if (!managed) refuse(decision, path + " must leave somebody who may manage roles", "", path);
}

bool is_among(const std::vector<std::string>& pushers, const BranchRule& rule, const Actor& actor,
              std::string_view branch) {
  return std::any_of(pushers.begin(), pushers.end(), [&](const std::string& who) {
    if (who == "{member}") return named_part(rule.pattern, branch, "{member}") == actor.login;
    std::string role = who == "{role}" ? named_part(rule.pattern, branch, "{role}") : who;
    return role == actor.login || std::find(actor.roles.begin(), actor.roles.end(), role) != actor.roles.end();
  });
}

void judge_branch(const Actor& actor, const std::optional<Roles>& roles, const Update& update, Decision& decision) {
  const std::string branch = update.branch;
  if (roles) {
    for (const BranchRule& rule : roles->branches) {
      const bool exact = rule.pattern.find_first_of("*?{") == std::string::npos;
      if (exact && rule.pattern != branch && folded(rule.pattern) == folded(branch))
        return refuse(decision, branch + " can be taken for " + rule.pattern, "branches." + rule.pattern);
    }
  }
  const BranchRule rule = rule_for(roles, branch);
  const std::string name = "branches." + rule.pattern;
  if (rule.is_protected) {
    if (update.kind == Update::Kind::force) refuse(decision, branch + " is protected: its history stays", name);
    if (update.kind == Update::Kind::remove) refuse(decision, branch + " is protected: it cannot be removed", name);
    if (rule.through == Through::change_request && update.through != Through::change_request)
      refuse(decision, branch + " moves by change requests only: push to a branch of your own and open one", name);
    if (rule.through == Through::integration && update.through == Through::push)
      refuse(decision, branch + " moves by integration only: git push origin HEAD:refs/for/" + branch, name);
  }
  // Who may merge a change request is settled by its approvals.
  const bool by_push = update.through == Through::push || !rule.push.empty();
  if (by_push && !rule.push.empty() && !is_among(rule.push, rule, actor, branch)) {
    std::string list;
    for (const std::string& who : rule.push) list += (list.empty() ? "" : ", ") + who;
    refuse(decision, actor.login + " may not push to " + branch + " (" + rule.pattern + " is for " + list + ")", name);
  }
}

bool is_locked_place(const HeldLock& lock, const FileChange& file, const Place& place) {
  if (lock.kind == "element") return place.element.global_id == lock.target;
  if (lock.kind != "properties" || place.element.global_id != lock.target) return false;
  const bool whole = place.at.empty() || place.at == "globalId";
  return whole || place.at.starts_with(lock.property_set + ".") || file.removed;
}

bool is_locked(const HeldLock& lock, const FileChange& file) {
  if (lock.kind == "path") {
    const std::string target = folded(lock.target);
    for (const std::string* path : {&file.path, &file.from}) {
      const std::string plain = folded(*path);
      if (!path->empty() && (plain == target || (target.ends_with('/') && plain.starts_with(target)))) return true;
    }
    return false;
  }
  const std::vector<Place> places = places_of(file);
  return std::any_of(places.begin(), places.end(),
                     [&](const Place& place) { return is_locked_place(lock, file, place); });
}

void judge_locks(const Actor& actor, LockMode mode, const Update& update, const std::vector<HeldLock>& locks,
                 Decision& decision) {
  for (const HeldLock& lock : locks) {
    if (lock.holder == actor.login) continue;
    for (const FileChange& file : update.files) {
      if (!is_locked(lock, file)) continue;
      std::string what = lock.kind == "properties" ? lock.property_set + " of " + lock.target : lock.target;
      Reason reason{what + " is locked by " + lock.holder + (lock.reason.empty() ? "" : " (" + lock.reason + ")") +
                        "; ask them, or whoever may manage locks",
                    "lock " + lock.id, file.path, lock.kind == "path" ? "" : lock.target, ""};
      if (mode == LockMode::deny) {
        decision.allowed = false;
        decision.reasons.push_back(std::move(reason));
      } else {
        decision.warnings.push_back(std::move(reason));
      }
      break;
    }
  }
}

void shorten(std::vector<Reason>& reasons) {
  if (reasons.size() <= reasons_max) return;
  const std::size_t more = reasons.size() - reasons_max + 1;
  reasons.resize(reasons_max - 1);
  reasons.push_back({"and " + std::to_string(more) + " more", "", "", "", ""});
}

// How much of a pattern stands before its first placeholder: the more, the more it says.
std::size_t precision(const std::string& pattern) { return std::min(pattern.find_first_of("*?{"), pattern.size()); }

}  // namespace

Actor actor_of(const Roles& roles, const std::string& login) {
  Actor actor;
  actor.login = login;
  const auto member = roles.members.find(login);
  actor.may_write = member != roles.members.end();
  if (member != roles.members.end()) actor.roles = member->second.roles;
  return actor;
}

BranchRule rule_for(const std::optional<Roles>& roles, std::string_view branch) {
  static const std::string own = "user/{member}/**";
  const BranchRule* best = nullptr;
  if (roles) {
    for (const BranchRule& rule : roles->branches) {
      if (!matches(rule.pattern, branch)) continue;
      const bool exact = rule.pattern == branch;
      if (best == nullptr || exact || precision(rule.pattern) > precision(best->pattern)) best = &rule;
      if (exact) break;
    }
  }
  if (best != nullptr) return *best;
  BranchRule rule;
  if (matches(own, branch)) {
    rule.pattern = own;
    rule.push = {"{member}"};
  }
  return rule;
}

Decision decide(const Actor& actor, const std::optional<Roles>& roles, const Update& update,
                const std::vector<HeldLock>& locks) {
  Decision decision;
  const bool for_roles = actor.manages && update.files.size() == 1 && update.files[0].path == roles_path;
  if (!actor.may_write && !for_roles) refuse(decision, actor.login + " may not write to this project");
  judge_branch(actor, roles, update, decision);
  for (const FileChange& file : update.files) {
    for (const std::string* path : {&file.path, &file.from}) {
      const std::string fault = path->empty() || file.removed ? "" : path_fault(*path);
      if (!fault.empty()) refuse(decision, *path + ": the name " + fault, "", file.path);
    }
    if (file.kind != FileChange::Kind::file && folded(file.path).starts_with(".aecos/"))
      refuse(decision, file.path + ": only files may lie there", "", file.path);
  }
  judge_roles_file(actor, roles, update, decision);
  if (roles) {
    Decider decider(actor, *roles, update, decision);
    for (const FileChange& file : update.files) decider.judge(file);
  }
  judge_locks(actor, roles ? roles->locks : LockMode::warn, update, locks, decision);
  shorten(decision.reasons);
  shorten(decision.warnings);
  return decision;
}

bool may_read(const std::optional<Roles>& roles, const Actor& actor, bool granted) {
  return granted || actor.manages || (roles && roles->members.contains(actor.login));
}

bool may_manage(const std::optional<Roles>& roles, const Actor& actor, std::string_view what) {
  return actor.manages || (roles && can(*roles, actor.roles, "manage", what));
}

bool may_approve(const std::optional<Roles>& roles, const Actor& actor, std::string_view branch) {
  return roles ? can(*roles, actor.roles, "approve", branch) : actor.may_write;
}

}  // namespace aecos::policy
