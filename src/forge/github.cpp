// GitHub's REST API, version 2022-11-28.

#include <algorithm>

#include "forge/github_like_internal.h"

namespace aecos::forge {
namespace {

constexpr std::size_t members_max = 10'000;

std::string state_of_run(text::JsonNode run) {
  if (run["status"].as_string() != "completed") return "pending";
  const std::string conclusion = string_of(run["conclusion"]);
  return conclusion == "success" || conclusion == "neutral" || conclusion == "skipped" ? "passed" : "failed";
}

void add_names(text::JsonNode list, const char* member, const std::string& prefix, std::vector<std::string>& names) {
  for (const text::JsonNode each : list) {
    if (std::string name = line_of(each[member]); !name.empty()) names.push_back(prefix + name);
  }
}

class Github final : public Forge {
 public:
  Github(Access access, http::Client& client)
      : link_(access, client, access.token.empty() ? "" : "Bearer " + access.token,
              {{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}}),
        repository_("/repos/" + access.repository) {}

  Result<std::vector<PullRequest>> open_pull_requests(std::size_t count_max, std::size_t looked_at_max) override {
    std::vector<PullRequest> pulls;
    const auto take = [&](text::JsonNode pull) {
      if (pulls.size() < count_max) pulls.push_back(pull_request_of(pull));
      return pulls.size() < count_max;
    };
    AECOS_TRY(link_.for_each(repository_ + "/pulls?state=open", take));
    for (std::size_t k = 0; k < std::min(pulls.size(), looked_at_max); ++k) {
      AECOS_TRY(look_at_checks(pulls[k]));
      AECOS_TRY(look_at_reviews(pulls[k]));
    }
    return pulls;
  }

  Result<> set_status(const std::string& commit, const Status& status) override {
    return post_status(link_, commit, status);
  }

  Result<> keep_comment(std::uint64_t number, const std::string& marker, const std::string& text) override {
    return keep_issue_comment(link_, number, marker, text);
  }

  Result<std::vector<std::string>> members(const std::string& team) override {
    if (!is_full_name(team, 2, 2))
      return Error{ErrorCode::invalid_input, "\"" + cut(team, 100) + "\" is no team; \"acme/structural\" would be one"};
    const std::size_t slash = team.find('/');
    const std::string path = "/orgs/" + team.substr(0, slash) + "/teams/" + team.substr(slash + 1) + "/members";
    std::vector<std::string> logins;
    const auto take = [&](text::JsonNode member) {
      logins.push_back(line_of(member["login"]));
      return logins.size() < members_max;
    };
    AECOS_TRY(link_.for_each(path, take));
    std::sort(logins.begin(), logins.end());
    return logins;
  }

  Result<Protection> protection(const std::string& branch) override {
    const auto found = link_.get(repository_ + "/branches/" + part(branch) + "/protection");
    if (!found && found.error().code == ErrorCode::not_found) return Protection{};  // "Branch not protected"
    if (!found) return found.error();
    const text::JsonNode root = found->root();
    Protection protection;
    protection.is_protected = true;
    const auto count = root["required_pull_request_reviews"]["required_approving_review_count"].as_int().value_or(0);
    protection.approvals = static_cast<std::uint64_t>(std::max<std::int64_t>(0, count));
    for (const text::JsonNode name : root["required_status_checks"]["contexts"])
      protection.checks.push_back(line_of(name));
    if (const text::JsonNode only = root["restrictions"]; only.is_object()) {
      protection.everybody_pushes = false;
      add_names(only["users"], "login", "", protection.push);
      add_names(only["teams"], "slug", "team:", protection.push);
      add_names(only["apps"], "slug", "app:", protection.push);
    }
    return protection;
  }

  std::int64_t wait_s() const override { return link_.wait_s(); }

 private:
  // Statuses and check runs are two things, and not every token may see both.
  Result<> look_at_checks(PullRequest& pull) {
    if (pull.commit.empty()) return {};
    const std::string commit = repository_ + "/commits/" + pull.commit;
    const auto combined = link_.get(commit + "/status");
    if (!combined && !may_be_hidden(combined.error())) return combined.error();
    if (combined) take_worse(pull.checks, combined_state(combined->root()));
    const auto take = [&](text::JsonNode run) {
      take_worse(pull.checks, state_of_run(run));
      return true;
    };
    const Result<> runs = link_.for_each(commit + "/check-runs", take, "check_runs");
    return !runs && !may_be_hidden(runs.error()) ? runs : Result<>();
  }

  Result<> look_at_reviews(PullRequest& pull) {
    Verdicts verdicts;
    const auto take = [&](text::JsonNode review) {
      verdicts.add(string_of(review["user"]["login"]), string_of(review["state"]));
      return true;
    };
    AECOS_TRY(link_.for_each(repository_ + "/pulls/" + std::to_string(pull.number) + "/reviews", take));
    verdicts.count(pull);
    return {};
  }

  static bool may_be_hidden(const Error& error) {
    return error.code == ErrorCode::denied || error.code == ErrorCode::not_found;
  }

  Link link_;
  std::string repository_;
};

}  // namespace

std::unique_ptr<Forge> connect_github(Access access, http::Client& client) {
  return std::make_unique<Github>(std::move(access), client);
}

}  // namespace aecos::forge
