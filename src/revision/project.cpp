#include "revision/project.h"

#include <algorithm>
#include <array>

#include "text/json.h"

namespace aecos::revision {
namespace {

using merge::Policy;

constexpr std::array policies{Policy::integrated, Policy::ours, Policy::theirs, Policy::latest, Policy::base};

Error at(text::JsonNode node, const std::string& what) {
  return {ErrorCode::invalid_input, text::to_string(node.where()) + ": " + what};
}

Result<> read_text(text::JsonNode node, std::string& target) {
  if (!node || node.is_null()) return {};
  auto string = node.as_string();
  if (!string || string->empty()) return at(node, "\"" + std::string(node.key()) + "\" is not a text");
  target = *string;
  return {};
}

// What could be read as an option, or as something else than a branch, by git.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.front() != '-' && name.front() != '/' && name.back() != '/' &&
         name.find("..") == std::string_view::npos && std::none_of(name.begin(), name.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' ||
                  std::string_view("~^:?*[\\\x7f").find(c) != std::string_view::npos;
         });
}

}  // namespace

Result<Project> parse_project(std::string_view json) {
  AECOS_TRY_ASSIGN(text::JsonDocument document, text::parse_json(json));
  text::JsonNode root = document.root();
  if (!root.is_object()) return at(root, "not an object");
  Project project;
  AECOS_TRY(read_text(root["id"], project.id));
  AECOS_TRY(read_text(root["name"], project.name));
  AECOS_TRY(read_text(root["sharedBranch"], project.shared_branch));
  AECOS_TRY(read_text(root["remote"], project.remote));
  if (!is_plain_name(project.shared_branch)) return at(root["sharedBranch"], "not the name of a branch");
  if (!is_plain_name(project.remote)) return at(root["remote"], "not the name of a remote");
  if (text::JsonNode node = root["integrationPolicy"]) {
    auto found = std::find_if(policies.begin(), policies.end(),
                              [&](Policy policy) { return to_string(policy) == node.as_string().value_or(""); });
    if (found == policies.end())
      return at(node, "\"integrationPolicy\" is none of integrated, ours, theirs, latest, base");
    project.policy = *found;
  }
  return project;
}

}  // namespace aecos::revision
