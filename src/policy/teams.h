#pragma once
// Teams that another system keeps (GitHub, GitLab, Gitea), and the members of roles.json brought up to date with them.
//
//   "teams":   { "structural": {"github": "acme/structural"} },
//   "members": { "ana": {"roles": ["structural"], "login": {"github": "ana-smith"}} }

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aecos::policy {

struct Team {
  std::string role;
  std::string name;                       // As the other system calls it: "acme/structural".
  std::vector<std::string> members = {};  // Logins there.
};

// What roles.json says of teams in `system` ("github"), without their members. invalid_input: it cannot be read, or a
// team has a role that is not defined; the message has line and column.
Result<std::vector<Team>> teams_in(std::string_view json, std::string_view system);

struct TeamChange {
  enum class What : std::uint8_t {
    added,      // The role.
    removed,    // The role; who has none left stays a member.
    joined,     // They were no member.
    no_member,  // Their login can be none here.
  };
  What what = What::added;
  std::string member, role, team, login;  // login: at the other system, as far as it is known.
  bool operator==(const TeamChange&) const = default;
};

struct TeamsApplied {
  std::string json;                 // With what does not change byte for byte as it was.
  std::vector<TeamChange> changes;  // By role as in the file, then by member.
};

// roles.json with the roles of these teams given to those who are in them, and to nobody else. Roles without a team
// stay as they are. Who is who: "login" of a member, otherwise the same name. denied: nobody would be left who may
// manage roles.
Result<TeamsApplied> apply_teams(std::string_view json, std::string_view system, const std::vector<Team>& teams);

}  // namespace aecos::policy
