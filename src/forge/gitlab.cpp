// GitLab's REST API, version 4.

#include <algorithm>

#include "forge/github_like_internal.h"

namespace aecos::forge {
namespace {

constexpr std::size_t members_max = 10'000, status_max = 255, group_depth_max = 20;

std::string_view word_for(Status::State state) {
  return state == Status::State::success ? "success" : state == Status::State::failure ? "failed" : "pending";
}

std::string state_of_pipeline(const std::string& status) {
  if (status.empty()) return "";
  if (status == "success" || status == "skipped") return "passed";
  return status == "failed" || status == "canceled" ? "failed" : "pending";
}

PullRequest merge_request_of(text::JsonNode node) {
  PullRequest request;
  request.number = static_cast<std::uint64_t>(std::max<std::int64_t>(0, node["iid"].as_int().value_or(0)));
  request.title = line_of(node["title"]);
  request.author = line_of(node["author"]["username"]);
  request.source = line_of(node["source_branch"]);
  request.target = line_of(node["target_branch"]);
  request.url = link_of(node["web_url"]);
  request.commit = commit_of(node["sha"]);
  request.is_draft = node["draft"].as_bool().value_or(false);
  request.updated_us = time_of(node["updated_at"]);
  return request;
}

class Gitlab final : public Forge {
 public:
  Gitlab(Access access, http::Client& client)
      : link_(access, client, access.token.empty() ? "" : "Bearer " + access.token, {{"Accept", "application/json"}}),
        project_("/projects/" + part(access.repository)) {}

  Result<std::vector<PullRequest>> open_pull_requests(std::size_t count_max, std::size_t looked_at_max) override {
    std::vector<PullRequest> requests;
    const auto take = [&](text::JsonNode node) {
      if (requests.size() < count_max) requests.push_back(merge_request_of(node));
      return requests.size() < count_max;
    };
    AECOS_TRY(link_.for_each(project_ + "/merge_requests?state=opened", take));
    for (std::size_t k = 0; k < std::min(requests.size(), looked_at_max); ++k) AECOS_TRY(look_at(requests[k]));
    return requests;
  }

  // The state that it has already is refused by GitLab.
  Result<> set_status(const std::string& commit, const Status& status) override {
    text::JsonWriter json;
    json.begin_object().member("state", word_for(status.state)).member("name", status.name);
    json.member("description", cut(status.summary, status_max - 1));
    if (!status.url.empty()) json.member("target_url", status.url);
    json.end_object();
    const auto sent = link_.send("POST", project_ + "/statuses/" + part(commit), std::move(json).take());
    if (sent) return {};
    const bool is_so_already = sent.error().message.find("Cannot transition status") != std::string::npos;
    return is_so_already ? Result<>() : Result<>(sent.error());
  }

  Result<> keep_comment(std::uint64_t number, const std::string& marker, const std::string& text) override {
    const std::string notes = project_ + "/merge_requests/" + std::to_string(number) + "/notes";
    std::int64_t id = 0;
    bool is_same = false;
    const auto look = [&](text::JsonNode note) {
      const std::string body = string_of(note["body"]);
      if (note["system"].as_bool().value_or(false) || !body.starts_with(marker)) return true;
      id = note["id"].as_int().value_or(0);
      is_same = body == text;
      return id <= 0;
    };
    AECOS_TRY(link_.for_each(notes + "?sort=asc&order_by=created_at", look));
    if (is_same) return {};
    const auto sent = id > 0 ? link_.send("PUT", notes + "/" + std::to_string(id), body_json(text))
                             : link_.send("POST", notes, body_json(text));
    return sent ? Result<>() : Result<>(sent.error());
  }

  // Direct members: who inherits rights from a group above is not of the team.
  Result<std::vector<std::string>> members(const std::string& team) override {
    if (!is_full_name(team, 1, group_depth_max))
      return Error{ErrorCode::invalid_input,
                   "\"" + cut(team, 100) + "\" is no group; \"acme/structural\" would be one"};
    std::vector<std::string> logins;
    const auto take = [&](text::JsonNode member) {
      const std::string state = string_of(member["state"]);
      if (state.empty() || state == "active") logins.push_back(line_of(member["username"]));
      return logins.size() < members_max;
    };
    AECOS_TRY(link_.for_each("/groups/" + part(team) + "/members", take));
    std::sort(logins.begin(), logins.end());
    return logins;
  }

  Result<Protection> protection(const std::string& branch) override {
    const auto found = link_.get(project_ + "/protected_branches/" + part(branch));
    if (!found && found.error().code == ErrorCode::not_found) return Protection{};
    if (!found) return found.error();
    Protection protection;
    protection.is_protected = true;
    protection.everybody_pushes = false;
    for (const text::JsonNode level : found->root()["push_access_levels"]) {
      constexpr std::int64_t nobody = 0, developers = 30;
      const auto rank = level["access_level"].as_int();
      const bool is_one = level["user_id"].is_number() || level["group_id"].is_number();
      if (!is_one && rank == nobody) continue;
      protection.everybody_pushes = protection.everybody_pushes || (!is_one && rank == developers);
      protection.push.push_back((is_one ? "" : "role:") + line_of(level["access_level_description"]));
    }
    if (protection.everybody_pushes) protection.push.clear();
    AECOS_TRY(add_rules(branch, protection));
    return protection;
  }

  std::int64_t wait_s() const override { return link_.wait_s(); }

 private:
  // Approvals are a matter of the paid editions: where there are none, none are needed.
  Result<> add_rules(const std::string& branch, Protection& protection) {
    const auto add = [&](text::JsonNode rule) {
      bool is_for_it = rule["protected_branches"].size() == 0;
      for (const text::JsonNode each : rule["protected_branches"]) is_for_it |= each["name"].as_string() == branch;
      const auto count = rule["approvals_required"].as_int().value_or(0);
      if (is_for_it && count > 0)
        protection.approvals = std::max(protection.approvals, static_cast<std::uint64_t>(count));
      return true;
    };
    const Result<> rules = link_.for_each(project_ + "/approval_rules", add);
    if (!rules && rules.error().code != ErrorCode::not_found && rules.error().code != ErrorCode::denied) return rules;
    AECOS_TRY_ASSIGN(const auto project, link_.get(project_));
    if (project.root()["only_allow_merge_if_pipeline_succeeds"].as_bool().value_or(false))
      protection.checks.emplace_back("pipeline");
    return {};
  }

  Result<> look_at(PullRequest& request) {
    const std::string path = project_ + "/merge_requests/" + std::to_string(request.number);
    AECOS_TRY_ASSIGN(const auto whole, link_.get(path));
    request.checks = state_of_pipeline(string_of(whole.root()["head_pipeline"]["status"]));
    const auto approvals = link_.get(path + "/approvals");
    if (approvals) request.approvals = approvals->root()["approved_by"].size();
    const bool is_hidden =
        !approvals && (approvals.error().code == ErrorCode::not_found || approvals.error().code == ErrorCode::denied);
    return approvals || is_hidden ? Result<>() : Result<>(approvals.error());
  }

  Link link_;
  std::string project_;
};

}  // namespace

std::unique_ptr<Forge> connect_gitlab(Access access, http::Client& client) {
  return std::make_unique<Gitlab>(std::move(access), client);
}

}  // namespace aecos::forge
