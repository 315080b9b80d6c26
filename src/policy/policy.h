#pragma once
// Who may do what: one function for the hub, which enforces it, and the client, which tells before.
//
// .aecos/roles.json is described in docs/SECURITY.md. Deny wins over allow; members may read; nothing else is allowed
// unless a rule says so. A project without roles.json has no rules: everybody who may write may write everything.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "diff/change.h"

namespace aecos::policy {

inline constexpr std::string_view roles_path = ".aecos/roles.json";
inline constexpr std::string_view waivers_path = ".aecos/waivers.json";

// One entry of a role's "may", "not" or "owns". Absent parts match everything.
struct Rule {
  std::string action;  // "write", "read", "comment", "approve", "manage"
  // Of "write": paths; of "read" and "comment": "**"; of "approve": branches; of "manage": "roles", "locks",
  // "secrets", "waivers", "**".
  // Empty: all; only where the rule does not say the action.
  std::string pattern;
  std::vector<std::string> classes;     // IFC classes; their subtypes and types (IfcWallType) too.
  std::vector<std::string> properties;  // "*.LoadBearing", "Pset_WallCommon.*", "Name"
  std::vector<std::string> elements;    // GlobalIds.
  std::vector<std::string> branches;    // Patterns.
  std::vector<std::string> initial;     // Of "not", "owns": values that all may draw an element with; JSON.
};

struct Role {
  std::vector<Rule> may, never, owns;
};

struct Member {
  std::vector<std::string> roles;
  std::string email;
};

enum class Through : std::uint8_t { push, integration, change_request };

struct BranchRule {
  std::string pattern;  // As written: "discipline/{role}/**".
  bool is_protected = false;
  Through through = Through::push;
  std::size_t approvals = 0;
  std::vector<std::string> checks, advisory;  // That must pass; whose findings are only told.
  std::vector<std::string> push;  // Who: "{member}", "{role}", names of roles or members; empty: whoever may write.
};

enum class LockMode : std::uint8_t { warn, deny };

struct Roles {
  std::map<std::string, Member> members;
  std::map<std::string, Role> roles;
  std::vector<BranchRule> branches;  // In the order of the file; the most specific one holds.
  LockMode locks = LockMode::warn;   // "locks": "warn" or "deny"
};

// invalid_input: not a roles.json; the message has line and column. What is not known (members, classes, roles, names)
// or cannot do anything is an error: a typing mistake must not open a door. Only "teams" is left to others.
Result<Roles> parse_roles(std::string_view json);

struct Actor {
  std::string login;
  std::vector<std::string> roles;  // Those of roles.json.
  bool may_write = true;           // By token, grant and membership; false: nothing can be written at all.
  bool manages = false;            // The hub lets them manage the project, whatever roles.json says.
};
Actor actor_of(const Roles& roles, const std::string& login);

// One file that would change, and what that means.
struct FileChange {
  std::string path;
  // Not empty: it was renamed from there, `changes` are those to what it was, and its own removal, if listed, is no
  // other change.
  std::string from;
  bool removed = false, added = false;
  enum class Kind : std::uint8_t { file, symlink, submodule } kind = Kind::file;
  bool readable = true;               // False: `changes` cannot be known (binary, LFS, not readable as its type).
  std::vector<diff::Change> changes;  // In building terms; empty for what is only reformatted.
  // For files that are about an element: what they are about, before and after (those of an element's folder, by its
  // metadata.json).
  std::vector<diff::ElementRef> about;
};

struct HeldLock {
  std::string id, kind, target, property_set, holder, reason;
};

// What is about to happen to a branch.
struct Update {
  std::string branch;  // Short: "develop"
  enum class Kind : std::uint8_t { create, advance, force, remove } kind = Kind::advance;
  Through through = Through::push;  // How it is being done.
  std::vector<FileChange> files;
  std::optional<Roles> roles_after;  // If roles.json changes: what it would be then.
  std::string roles_fault;           // If it changes and cannot be read: why.
};

struct Reason {
  std::string what;  // One line: "ben may not change Pset_WallCommon.LoadBearing of W-12 (owned by structural)"
  std::string rule;  // Which one: "roles.architect.not[0]"
  std::string path, element, at;
};

struct Decision {
  bool allowed = true;
  std::vector<Reason> reasons;   // Why not; at most 50, with a last one that says how many more.
  std::vector<Reason> warnings;  // Locks of others in mode warn.
};

// `roles`: as they are before the update (absent: the project has none). Those of the shared branch: a branch that
// begins at an old commit has old roles. Costs rules times places that change.
Decision decide(const Actor& actor, const std::optional<Roles>& roles, const Update& update,
                const std::vector<HeldLock>& locks);

// Other questions.
bool may_read(const std::optional<Roles>& roles, const Actor& actor, bool granted);
// "roles", "locks", "secrets", "waivers". Where no role of the project says who manages waivers, who manages roles
// does.
bool may_manage(const std::optional<Roles>& roles, const Actor& actor, std::string_view what);
bool may_comment(const std::optional<Roles>& roles, const Actor& actor);
bool may_approve(const std::optional<Roles>& roles, const Actor& actor, std::string_view branch);
// The rule for a branch; the default one (unprotected, push) where none fits.
BranchRule rule_for(const std::optional<Roles>& roles, std::string_view branch);

// Why nobody may write a path of that name, in words: it can be taken for another one (".AECOS/roles.json", invisible
// characters, trailing dots), or stands for another one on some file system. Empty: nothing is wrong with it.
std::string path_fault(std::string_view path);

// Paths: '*' within a segment, '**' any number of segments, '?' one character; "{member}" and "{role}" stand for any
// name here, and in rules for those of whom they are about.
bool matches(std::string_view pattern, std::string_view path);
// '*' any characters, '?' one; '/' is a character as any other.
bool matches_text(std::string_view pattern, std::string_view text);

// Whether a class is the one that is wanted, a subtype of it, or the type of such (IfcWallType of IfcWall).
bool is_class(const std::string& name, const std::string& wanted);
// Of IFC2X3, IFC4 or IFC4X3.
bool is_known_class(const std::string& name);

}  // namespace aecos::policy
