#pragma once
// Where a project's repository lives outside: .aecos/forge.json, which docs/FORGES.md describes.
//
//   {"kind": "github", "repository": "acme/house", "token": "FORGE_TOKEN", "webhook": "FORGE_WEBHOOK"}

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aecos::forge {

inline constexpr std::string_view settings_path = ".aecos/forge.json";

enum class Kind : std::uint8_t { github, gitlab, gitea };
std::string_view to_string(Kind kind);  // "github", as in the file.
std::string_view name_of(Kind kind);    // "GitHub", as people write it.
Result<Kind> kind_of(std::string_view word);
std::string_view default_api(Kind kind);  // Of the public service: "https://api.github.com"

struct Settings {
  Kind kind = Kind::github;
  std::string repository = {};        // "acme/house"; of GitLab also "acme/sub/house".
  std::string api = {};               // Without a slash at its end.
  std::string token = "FORGE_TOKEN";  // Names of secrets, never the secrets themselves.
  std::string webhook = "FORGE_WEBHOOK";
  // GitHub alone: the number or client id of an App and the number of its installation. Then `token` names the App's
  // private key, and tokens are made from it. Both or neither.
  std::string app = {}, installation = {};
  bool operator==(const Settings&) const = default;
};

// invalid_input: no forge.json; the message has line and column. What is not known is an error. Names of secrets begin
// with FORGE_: whoever may write the file cannot have other secrets sent to a forge.
Result<Settings> parse_settings(std::string_view json);

// "acme/house" -> whether a repository, or a team ("acme/structural"), may be called so: parts of letters, digits, '.',
// '_' and '-'.
bool is_full_name(std::string_view name, std::size_t parts_min, std::size_t parts_max);

// "git.example.org" or "git.example.org:3000" of an address; in lower case.
std::string host_of(std::string_view url);

}  // namespace aecos::forge
