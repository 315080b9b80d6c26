#pragma once
// Who takes part in a run, and who may write what: as roles.json says it for the hub, and once more for the judge, in
// words of its own.

#include <string>
#include <vector>

namespace aecos::sim {

enum class Role { coordinator, builder, structural, reader };

struct Member {
  std::string login;
  Role role = Role::builder;
};

struct Team {
  std::vector<Member> members;
  bool has_roles = false;     // Else whoever may write may write everything.
  bool locks_forbid = false;  // "locks": "deny"
  [[nodiscard]] bool may_write(const std::string& login, const std::string& path) const;
  [[nodiscard]] Role role_of(const std::string& login) const;
  [[nodiscard]] std::string roles_json() const;
};

}  // namespace aecos::sim
