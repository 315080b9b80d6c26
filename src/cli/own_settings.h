#pragma once
// What users set for themselves, such as tokens and addresses.

#include <map>
#include <optional>

#include "cli/command.h"

namespace aecos::cli {

// The environment, and behind it the file .env in the work tree. That one counts only if git ignores it: what was
// committed, by whomever, is not the user's own, and must not say where tokens and models are sent.
class OwnSettings {
 public:
  static Result<OwnSettings> of(Context& context, const std::string& root);

  // "" where it is not set.
  std::string value(const std::string& name) const;

  // A file .env has it that git does not ignore.
  bool is_passed_over(const std::string& name) const;

 private:
  explicit OwnSettings(os::Environment& environment) : environment_(environment) {}
  os::Environment& environment_;
  std::map<std::string, std::string> file_;
  bool is_ignored_ = false;
};

// NAME=VALUE lines, the last of a name counts; blank lines, '#' comments, "export " and quotes around the value are
// allowed.
std::map<std::string, std::string> read_env_file(std::string_view text);

}  // namespace aecos::cli
