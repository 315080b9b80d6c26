#pragma once
// What Gitea has taken over from GitHub's API.

#include <map>

#include "forge/link_internal.h"

namespace aecos::forge {

// Of an element of /repos/…/pulls.
PullRequest pull_request_of(text::JsonNode pull);

// {"state": …, "statuses": […]} of a commit, in our words.
std::string combined_state(text::JsonNode combined);

// The last word of each person, out of reviews in the order they were given.
class Verdicts {
 public:
  void add(const std::string& login, const std::string& state);
  void count(PullRequest& pull) const;

 private:
  std::map<std::string, std::string> by_login_;
};

// See Forge::keep_comment.
Result<> keep_issue_comment(Link& link, std::uint64_t number, const std::string& marker, const std::string& text);
Result<> post_status(Link& link, const std::string& commit, const Status& status);

std::string body_json(const std::string& text);  // {"body": …}

}  // namespace aecos::forge
