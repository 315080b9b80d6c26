#include "forge/settings.h"

#include <algorithm>
#include <array>

#include "forge/text_internal.h"
#include "text/json.h"

namespace aecos::forge {
namespace {

using text::JsonNode;

constexpr std::size_t size_max = 64U << 10U, address_max = 500, name_max = 60, full_name_max = 300;
constexpr std::size_t depth_max = 20;  // Of groups in GitLab.

Error at(JsonNode node, const std::string& what) {
  return {ErrorCode::invalid_input, text::to_string(node.where()) + ": " + what};
}

Result<> check_members(JsonNode root) {
  if (!root.is_object()) return at(root, "forge.json: an object is wanted");
  for (const JsonNode member : root) {
    const std::string_view key = member.key();
    constexpr std::array<std::string_view, 7> known{"kind",    "repository", "api",         "token",
                                                    "webhook", "app",        "installation"};
    if (std::find(known.begin(), known.end(), key) == known.end())
      return at(member, "\"" + std::string(key) + "\" is nothing forge.json can have (kind, repository, api, token, " +
                            "webhook, app, installation)");
    if (!member.is_string()) return at(member, std::string(key) + ": a text is wanted");
  }
  return {};
}

bool is_secret_name(std::string_view name) {
  return name.starts_with("FORGE_") && name.size() <= name_max &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; });
}

Result<> read_secret_name(JsonNode node, std::string& name) {
  if (!node) return {};
  name = string_of(node);
  if (is_secret_name(name)) return {};
  return at(node, std::string(node.key()) + ": the name of a secret that begins with FORGE_ is wanted (letters, " +
                      "digits, - and _), never the secret itself; set it with: aecos notify secret set NAME");
}

// Of printable ASCII; no user, query or fragment, which an address of an API does not have.
bool is_address(std::string_view url) {
  const bool is_web = url.starts_with("https://") || url.starts_with("http://");
  const bool is_plain = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7f; });
  return is_web && is_plain && url.size() <= address_max && !host_of(url).empty() &&
         url.find_first_of("@?#\\\"<>") == std::string_view::npos;
}

Result<> read_api(JsonNode node, Settings& settings) {
  settings.api = node ? string_of(node) : std::string(default_api(settings.kind));
  while (settings.api.ends_with('/')) settings.api.pop_back();
  if (is_address(settings.api)) return {};
  return at(node, "api: the address of the forge's API is wanted, as \"" + std::string(default_api(settings.kind)) +
                      "\", without user, password or query");
}

Result<> read_app(JsonNode root, Settings& settings) {
  if (!root["app"] && !root["installation"]) return {};
  const JsonNode there = root["app"] ? root["app"] : root["installation"];
  if (settings.kind != Kind::github) return at(there, "app and installation: GitHub alone has them");
  settings.app = string_of(root["app"]);
  settings.installation = string_of(root["installation"]);
  const auto is_plain = [](const std::string& id) {
    return !id.empty() && id.size() <= name_max &&
           std::all_of(id.begin(), id.end(), [](char c) { return is_letter_or_digit(c) || c == '.'; });
  };
  const bool is_number = settings.installation.find_first_not_of("0123456789") == std::string::npos;
  if (is_plain(settings.app) && is_plain(settings.installation) && is_number) return {};
  return at(there,
            "app: the App's number or client id, and installation: its installation's number, are wanted, both " +
                std::string("as texts"));
}

}  // namespace

std::string_view to_string(Kind kind) {
  return kind == Kind::github ? "github" : kind == Kind::gitlab ? "gitlab" : "gitea";
}

std::string_view name_of(Kind kind) {
  return kind == Kind::github ? "GitHub" : kind == Kind::gitlab ? "GitLab" : "Gitea";
}

Result<Kind> kind_of(std::string_view word) {
  for (const Kind kind : {Kind::github, Kind::gitlab, Kind::gitea}) {
    if (to_string(kind) == word) return kind;
  }
  return Error{ErrorCode::invalid_input, "kind: github, gitlab or gitea, not \"" + cut(word, name_max) + "\""};
}

std::string_view default_api(Kind kind) {
  switch (kind) {
    case Kind::github:
      return "https://api.github.com";
    case Kind::gitlab:
      return "https://gitlab.com/api/v4";
    case Kind::gitea:
      return "https://gitea.com/api/v1";
  }
  return "";
}

bool is_full_name(std::string_view name, std::size_t parts_min, std::size_t parts_max) {
  if (name.size() > full_name_max) return false;
  std::size_t parts = 0;
  for (std::size_t begin = 0; begin <= name.size(); ++parts) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    const bool is_plain = std::all_of(part.begin(), part.end(),
                                      [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; });
    if (part.empty() || part == "." || part == ".." || !is_plain) return false;
    begin = end + 1;
  }
  return parts >= parts_min && parts <= parts_max;
}

std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return "";
  const std::size_t begin = scheme + 3;
  return in_lower_case(url.substr(begin, url.find_first_of("/?#", begin) - begin));
}

Result<Settings> parse_settings(std::string_view json) {
  if (json.size() > size_max) return Error{ErrorCode::invalid_input, "1:1: larger than 64 KB"};
  AECOS_TRY_ASSIGN(const text::JsonDocument document, text::parse_json(json));
  const JsonNode root = document.root();
  AECOS_TRY(check_members(root));
  Settings settings;
  for (const char* needed : {"kind", "repository"}) {
    if (!root[needed]) return at(root, std::string(needed) + " is wanted");
  }
  const auto kind = kind_of(string_of(root["kind"]));
  if (!kind) return at(root["kind"], kind.error().message);
  settings.kind = *kind;
  settings.repository = string_of(root["repository"]);
  if (!is_full_name(settings.repository, 2, settings.kind == Kind::gitlab ? depth_max : 2))
    return at(root["repository"], "repository: its full name is wanted, as \"acme/house\"");
  AECOS_TRY(read_api(root["api"], settings));
  AECOS_TRY(read_secret_name(root["token"], settings.token));
  AECOS_TRY(read_secret_name(root["webhook"], settings.webhook));
  AECOS_TRY(read_app(root, settings));
  if (settings.token == settings.webhook)
    return at(root, "token and webhook are two secrets: the one is not to be known to whoever has the other");
  return settings;
}

}  // namespace aecos::forge
