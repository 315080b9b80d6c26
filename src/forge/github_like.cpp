#include "forge/github_like_internal.h"

namespace aecos::forge {
namespace {

constexpr std::size_t status_max = 140;  // Characters, GitHub's limit.

std::string_view word_for(Status::State state) {
  return state == Status::State::success ? "success" : state == Status::State::failure ? "failure" : "pending";
}

}  // namespace

PullRequest pull_request_of(text::JsonNode pull) {
  PullRequest request;
  request.number = static_cast<std::uint64_t>(std::max<std::int64_t>(0, pull["number"].as_int().value_or(0)));
  request.title = line_of(pull["title"]);
  request.author = line_of(pull["user"]["login"]);
  request.source = line_of(pull["head"]["ref"]);
  request.target = line_of(pull["base"]["ref"]);
  request.url = link_of(pull["html_url"]);
  request.commit = commit_of(pull["head"]["sha"]);
  request.is_draft = pull["draft"].as_bool().value_or(false);
  request.updated_us = time_of(pull["updated_at"]);
  return request;
}

// GitHub says "pending" also of a commit that nobody says anything of.
std::string combined_state(text::JsonNode combined) {
  if (combined["statuses"].size() == 0) return "";
  const std::string state = string_of(combined["state"]);
  if (state == "success" || state == "warning") return "passed";
  return state == "pending" ? "pending" : state.empty() ? "" : "failed";
}

void Verdicts::add(const std::string& login, const std::string& state) {
  if (state == "APPROVED" || state == "CHANGES_REQUESTED" || state == "REQUEST_CHANGES")
    by_login_[login] = state;
  else if (state == "DISMISSED")
    by_login_.erase(login);
}

void Verdicts::count(PullRequest& pull) const {
  for (const auto& [login, state] : by_login_) ++(state == "APPROVED" ? pull.approvals : pull.objections);
}

std::string body_json(const std::string& text) {
  text::JsonWriter json;
  json.begin_object().member("body", text).end_object();
  return std::move(json).take();
}

// The first one: whoever copies the marker into a comment of theirs comes later.
Result<> keep_issue_comment(Link& link, std::uint64_t number, const std::string& marker, const std::string& text) {
  const std::string repository = "/repos/" + link.access().repository + "/issues/";
  const std::string comments = repository + std::to_string(number) + "/comments";
  std::int64_t id = 0;
  bool is_same = false;
  const auto look = [&](text::JsonNode comment) {
    const std::string body = string_of(comment["body"]);
    if (!body.starts_with(marker)) return true;
    id = comment["id"].as_int().value_or(0);
    is_same = body == text;
    return id <= 0;
  };
  AECOS_TRY(link.for_each(comments, look));
  if (is_same) return {};
  if (id > 0) {
    const auto changed = link.send("PATCH", repository + "comments/" + std::to_string(id), body_json(text));
    return changed ? Result<>() : Result<>(changed.error());
  }
  const auto made = link.send("POST", comments, body_json(text));
  return made ? Result<>() : Result<>(made.error());
}

Result<> post_status(Link& link, const std::string& commit, const Status& status) {
  text::JsonWriter json;
  json.begin_object().member("state", word_for(status.state)).member("context", status.name);
  json.member("description", cut(status.summary, status_max - 1));
  if (!status.url.empty()) json.member("target_url", status.url);
  json.end_object();
  const auto sent =
      link.send("POST", "/repos/" + link.access().repository + "/statuses/" + part(commit), std::move(json).take());
  return sent ? Result<>() : Result<>(sent.error());
}

}  // namespace aecos::forge
