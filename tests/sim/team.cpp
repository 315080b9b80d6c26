#include "sim/team.h"

#include <algorithm>

namespace aecos::sim {
namespace {

const char* word(Role role) {
  switch (role) {
    case Role::coordinator:
      return "coordinator";
    case Role::builder:
      return "builder";
    case Role::structural:
      return "structural";
    case Role::reader:
      return "reader";
  }
  return "";
}

bool starts_with_any(const std::string& path, std::initializer_list<const char*> folders) {
  return std::any_of(folders.begin(), folders.end(), [&](const char* folder) { return path.starts_with(folder); });
}

}  // namespace

Role Team::role_of(const std::string& login) const {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const auto& each) { return each.login == login; });
  return found == members.end() ? Role::reader : found->role;
}

bool Team::may_write(const std::string& login, const std::string& path) const {
  const Role role = role_of(login);
  if (role == Role::reader) return false;
  if (!has_roles || role == Role::coordinator) return true;
  if (path.starts_with(".aecos/conflicts/")) return true;
  if (role == Role::structural) return starts_with_any(path, {"structure/", "docs/"});
  return starts_with_any(path, {"elements/", "docs/", "site/", "models/"});
}

std::string Team::roles_json() const {
  std::string json = "{\n  \"version\": 1,\n  \"members\": {";
  for (const Member& member : members) {
    json += (json.back() == '{' ? "\n    \"" : ",\n    \"") + member.login + "\": {\"roles\": [\"" + word(member.role) +
            "\"]}";
  }
  json += "\n  },\n";
  json += R"(  "roles": {
    "coordinator": {"may": [{"write": "**"}, {"manage": "roles"}, {"manage": "locks"}]},
    "builder": {"may": [{"write": "elements/**"}, {"write": "docs/**"}, {"write": "site/**"}, {"write": "models/**"}]},
    "structural": {"may": [{"write": "structure/**"}, {"write": "docs/**"}]},
    "reader": {"may": [{"read": "**"}]}
  },
  "branches": {
    "develop": {"protected": true, "through": "integration"},
    "user/{member}/**": {"push": ["{member}"]}
  },
)";
  return json + "  \"locks\": \"" + (locks_forbid ? "deny" : "warn") + "\"\n}\n";
}

}  // namespace aecos::sim
