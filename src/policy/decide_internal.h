#pragma once
// The parts of decide().

#include <string>
#include <string_view>
#include <vector>

#include "policy/pattern_internal.h"
#include "policy/policy.h"

namespace aecos::policy {

// Reasons on the way to a decision: those beyond what a person would read are only counted.
class Reasons {
 public:
  void add(Reason reason);
  bool empty() const { return reasons_.empty(); }
  bool full() const { return reasons_.size() >= reasons_max; }
  void skip() { ++more_; }  // Another one, which nobody needs to put into words.
  std::vector<Reason> take() &&;

 private:
  static constexpr std::size_t reasons_max = 50;
  std::vector<Reason> reasons_;
  std::size_t more_ = 0;
};

// Without line breaks and what cannot be seen, and not too long: names are whatever somebody wrote.
std::string in_words(std::string_view text, std::size_t bytes_max = 120);
std::string in_words(const std::vector<std::string>& names, std::string_view last_link);  // "a, b or c"

Names names_of(const Actor& actor);
// Whether one of the actor's roles may do it and none may not.
bool may_do(const Roles& roles, const Names& names, std::string_view action, std::string_view object);

void judge_files(const Actor& actor, const Roles& roles, const Update& update, Reasons& reasons);
void judge_branch(const Actor& actor, const std::optional<Roles>& roles, const Update& update, Reasons& reasons);
void judge_roles_file(const Actor& actor, const std::optional<Roles>& roles, const Update& update, Reasons& reasons);
void judge_waivers(const Actor& actor, const std::optional<Roles>& roles, const Update& update, Reasons& reasons);
void judge_locks(const Actor& actor, const Update& update, const std::vector<HeldLock>& locks, bool deny,
                 Reasons& reasons);

}  // namespace aecos::policy
