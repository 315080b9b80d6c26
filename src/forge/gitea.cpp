// Gitea's API, version 1.

#include <algorithm>

#include "forge/github_like_internal.h"

namespace aecos::forge {
namespace {

constexpr std::size_t members_max = 10'000;

void add_names(text::JsonNode list, const std::string& prefix, std::vector<std::string>& names) {
  for (const text::JsonNode each : list) {
    if (std::string name = line_of(each); !name.empty()) names.push_back(prefix + name);
  }
}

class Gitea final : public Forge {
 public:
  Gitea(Access access, http::Client& client)
      : link_(access, client, access.token.empty() ? "" : "token " + access.token, {{"Accept", "application/json"}}),
        repository_("/repos/" + access.repository) {}

  Result<std::vector<PullRequest>> open_pull_requests(std::size_t count_max, std::size_t looked_at_max) override {
    std::vector<PullRequest> pulls;
    const auto take = [&](text::JsonNode pull) {
      if (pulls.size() < count_max) pulls.push_back(pull_request_of(pull));
      return pulls.size() < count_max;
    };
    AECOS_TRY(link_.for_each(repository_ + "/pulls?state=open", take));
    for (std::size_t k = 0; k < std::min(pulls.size(), looked_at_max); ++k) AECOS_TRY(look_at(pulls[k]));
    return pulls;
  }

  Result<> set_status(const std::string& commit, const Status& status) override {
    return post_status(link_, commit, status);
  }

  Result<> keep_comment(std::uint64_t number, const std::string& marker, const std::string& text) override {
    return keep_issue_comment(link_, number, marker, text);
  }

  // Teams have numbers, and names that are looked for among those of their organization.
  Result<std::vector<std::string>> members(const std::string& team) override {
    if (!is_full_name(team, 2, 2))
      return Error{ErrorCode::invalid_input, "\"" + cut(team, 100) + "\" is no team; \"acme/structural\" would be one"};
    const std::size_t slash = team.find('/');
    const std::string name = in_lower_case(team.substr(slash + 1));
    std::int64_t id = 0;
    const auto look = [&](text::JsonNode each) {
      if (in_lower_case(string_of(each["name"])) == name) id = each["id"].as_int().value_or(0);
      return id == 0;
    };
    AECOS_TRY(link_.for_each("/orgs/" + team.substr(0, slash) + "/teams", look));
    if (id <= 0) return Error{ErrorCode::not_found, "Gitea has no team " + team + ", or the token may not see it"};
    std::vector<std::string> logins;
    const auto take = [&](text::JsonNode member) {
      logins.push_back(line_of(member["login"]));
      return logins.size() < members_max;
    };
    AECOS_TRY(link_.for_each("/teams/" + std::to_string(id) + "/members", take));
    std::sort(logins.begin(), logins.end());
    return logins;
  }

  Result<Protection> protection(const std::string& branch) override {
    const auto found = link_.get(repository_ + "/branch_protections/" + part(branch));
    if (!found && found.error().code == ErrorCode::not_found) return Protection{};
    if (!found) return found.error();
    const text::JsonNode root = found->root();
    Protection protection;
    protection.is_protected = true;
    const auto count = root["required_approvals"].as_int().value_or(0);
    protection.approvals = static_cast<std::uint64_t>(std::max<std::int64_t>(0, count));
    if (root["enable_status_check"].as_bool().value_or(false))
      add_names(root["status_check_contexts"], "", protection.checks);
    const bool may_push = root["enable_push"].as_bool().value_or(false);
    protection.everybody_pushes = may_push && !root["enable_push_whitelist"].as_bool().value_or(false);
    if (may_push && !protection.everybody_pushes) {
      add_names(root["push_whitelist_usernames"], "", protection.push);
      add_names(root["push_whitelist_teams"], "team:", protection.push);
    }
    return protection;
  }

  std::int64_t wait_s() const override { return link_.wait_s(); }

 private:
  Result<> look_at(PullRequest& pull) {
    if (!pull.commit.empty()) {
      AECOS_TRY_ASSIGN(const auto combined, link_.get(repository_ + "/commits/" + pull.commit + "/status"));
      pull.checks = combined_state(combined.root());
    }
    Verdicts verdicts;
    const auto take = [&](text::JsonNode review) {
      const bool is_dismissed = review["dismissed"].as_bool().value_or(false);
      verdicts.add(string_of(review["user"]["login"]), is_dismissed ? "DISMISSED" : string_of(review["state"]));
      return true;
    };
    AECOS_TRY(link_.for_each(repository_ + "/pulls/" + std::to_string(pull.number) + "/reviews", take));
    verdicts.count(pull);
    return {};
  }

  Link link_;
  std::string repository_;
};

}  // namespace

std::unique_ptr<Forge> connect_gitea(Access access, http::Client& client) {
  return std::make_unique<Gitea>(std::move(access), client);
}

}  // namespace aecos::forge
