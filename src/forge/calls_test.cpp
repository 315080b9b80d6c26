#include <gtest/gtest.h>

#include "forge/forge.h"
#include "forge/forge_test_internal.h"
#include "text/json.h"

namespace aecos::forge {
namespace {

const std::string commit(40, 'a');
const std::string token = "not-to-be-told";

class Calls : public testing::Test {
 protected:
  FakeClient client;

  std::unique_ptr<Forge> github(const std::string& repository = "acme/house") { return made(Kind::github, repository); }
  std::unique_ptr<Forge> made(Kind kind, const std::string& repository = "acme/house") {
    Access access;
    access.kind = kind;
    access.repository = repository;
    access.api = "https://forge.example.org/api";
    access.token = token;
    access.now_s = 1000;
    return connect(access, client);
  }
};

std::string list_of(std::size_t count, std::size_t first = 1) {
  std::string json = "[";
  for (std::size_t k = 0; k < count; ++k)
    json += (k == 0 ? "" : ",") + std::string(R"({"login": "u)") + std::to_string(first + k) + "\"}";
  return json + "]";
}

TEST_F(Calls, EveryForgeIsAskedAsItWants) {
  for (const Kind kind : {Kind::github, Kind::gitlab, Kind::gitea}) {
    client.calls.clear();
    client.answer(200, "[]");
    ASSERT_TRUE(made(kind)->open_pull_requests(10, 0));
    const http::Call& call = client.calls.at(0);
    EXPECT_EQ(call.headers.get("User-Agent"), "aecos");
    EXPECT_FALSE(call.headers.get("Accept").empty());
    EXPECT_EQ(call.headers.get("Authorization"), (kind == Kind::gitea ? "token " : "Bearer ") + token);
    EXPECT_EQ(call.url.find(token), std::string::npos);
  }
  EXPECT_EQ(client.asked(0), "GET /api/repos/acme/house/pulls?state=open&limit=50&page=1");
}

TEST_F(Calls, PagesAreFollowedByNumberAndNotByLink) {
  client.answer(200, list_of(50), {{"Link", "<https://elsewhere.example.org/?page=2>; rel=\"next\""}});
  client.answer(200, list_of(2, 51), {{"Link", "<https://elsewhere.example.org/?page=1>; rel=\"prev\""}});
  const auto members = github()->members("acme/structural");
  ASSERT_TRUE(members) << members.error().message;
  EXPECT_EQ(members->size(), 52U);
  EXPECT_EQ(client.asked(1), "GET /api/orgs/acme/teams/structural/members?per_page=50&page=2");
}

TEST_F(Calls, GitlabSaysWhichPageIsNext) {
  client.answer(200, R"([{"username": "b", "state": "active"}])", {{"X-Next-Page", "2"}});
  client.answer(200, R"([{"username": "a"}, {"username": "c", "state": "blocked"}])", {{"X-Next-Page", ""}});
  const auto members = made(Kind::gitlab)->members("acme/sub/structural");
  ASSERT_TRUE(members) << members.error().message;
  EXPECT_EQ(*members, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(client.asked(0), "GET /api/groups/acme%2Fsub%2Fstructural/members?per_page=50&page=1");
}

TEST_F(Calls, GiteasTeamsAreFoundByName) {
  client.answer(200, R"([{"id": 4, "name": "Owners"}, {"id": 5, "name": "Structural"}])");
  client.answer(200, list_of(1));
  ASSERT_TRUE(made(Kind::gitea)->members("acme/structural"));
  EXPECT_EQ(client.asked(1), "GET /api/teams/5/members?limit=50&page=1");
  client.answer(200, "[]");
  const auto none = made(Kind::gitea)->members("acme/other");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::not_found);
}

TEST_F(Calls, OpenPullRequestsWithChecksAndReviews) {
  client.answer(200, R"([{"number": 7, "title": "A", "user": {"login": "ben"}, "html_url": "https://f.example.org/7",
      "head": {"ref": "fire", "sha": ")" +
                         commit + R"("}, "base": {"ref": "develop"}, "draft": true}])");
  client.answer(200, R"({"state": "success", "statuses": [{}]})");
  client.answer(200, R"({"check_runs": [{"status": "completed", "conclusion": "failure"}]})");
  client.answer(200,
                R"([{"state": "APPROVED", "user": {"login": "ana"}}, {"state": "APPROVED", "user": {"login": "cleo"}},
      {"state": "CHANGES_REQUESTED", "user": {"login": "cleo"}}, {"state": "COMMENTED", "user": {"login": "ana"}}])");
  const auto pulls = github()->open_pull_requests(10, 10);
  ASSERT_TRUE(pulls) << pulls.error().message;
  ASSERT_EQ(pulls->size(), 1U);
  EXPECT_EQ((*pulls)[0], (PullRequest{7, "A", "ben", "fire", "develop", "https://f.example.org/7", commit, true,
                                      "failed", 1, 1, 0}));
}

TEST_F(Calls, ChecksThatTheTokenMayNotSeeAreNotKnown) {
  client.answer(200, R"([{"number": 7, "head": {"sha": ")" + commit + R"("}}])");
  client.answer(200, R"({"state": "pending", "statuses": []})");
  client.answer(403, R"({"message": "Resource not accessible by integration"})");
  client.answer(200, "[]");
  const auto pulls = github()->open_pull_requests(10, 10);
  ASSERT_TRUE(pulls) << pulls.error().message;
  EXPECT_EQ((*pulls)[0].checks, "");
}

TEST_F(Calls, GitlabMergeRequests) {
  client.answer(200, R"([{"iid": 3, "title": "Doors", "author": {"username": "ben"}, "source_branch": "doors",
      "target_branch": "develop", "web_url": "https://f.example.org/3", "sha": ")" +
                         commit + R"("}])");
  client.answer(200, R"({"head_pipeline": {"status": "running"}})");
  client.answer(200, R"({"approved_by": [{"user": {}}, {"user": {}}]})");
  const auto requests = made(Kind::gitlab)->open_pull_requests(10, 10);
  ASSERT_TRUE(requests) << requests.error().message;
  EXPECT_EQ((*requests)[0].checks, "pending");
  EXPECT_EQ((*requests)[0].approvals, 2U);
  EXPECT_EQ(client.asked(1), "GET /api/projects/acme%2Fhouse/merge_requests/3");
}

TEST_F(Calls, AStatusIsAsLongAsTheForgeTakes) {
  Status status{Status::State::failure, "aecos", std::string(500, 'x'), "https://hub.example.org/"};
  client.answer(201, "{}");
  ASSERT_TRUE(github()->set_status(commit, status));
  EXPECT_EQ(client.asked(0), "POST /api/repos/acme/house/statuses/" + commit);
  const auto sent = text::parse_json(client.calls[0].body);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->root()["state"].as_string(), "failure");
  EXPECT_EQ(sent->root()["context"].as_string(), "aecos");
  EXPECT_LE(sent->root()["description"].as_string()->size(), 142U);
  client.answer(400, R"({"message": "Cannot transition status via :enqueue from :pending"})");
  EXPECT_TRUE(made(Kind::gitlab)->set_status(commit, status));
}

TEST_F(Calls, ThereIsOneComment) {
  client.answer(200, R"([{"id": 1, "body": "hello"}])");
  client.answer(201, "{}");
  ASSERT_TRUE(github()->keep_comment(7, "<!-- m -->", "<!-- m -->\none"));
  EXPECT_EQ(client.asked(1), "POST /api/repos/acme/house/issues/7/comments");
  const std::string there = R"([{"id": 1, "body": "see <!-- m -->"}, {"id": 2, "body": "<!-- m -->\none"},
      {"id": 3, "body": "<!-- m -->\none"}])";
  client.answer(200, there);
  client.answer(200, "{}");
  ASSERT_TRUE(github()->keep_comment(7, "<!-- m -->", "<!-- m -->\ntwo"));
  EXPECT_EQ(client.asked(3), "PATCH /api/repos/acme/house/issues/comments/2");
  client.answer(200, there);
  ASSERT_TRUE(github()->keep_comment(7, "<!-- m -->", "<!-- m -->\none"));
  EXPECT_EQ(client.calls.size(), 5U);  // It says so already.
}

TEST_F(Calls, GitlabsOwnNotesAreNotComments) {
  client.answer(200, R"([{"id": 1, "body": "<!-- m -->", "system": true}, {"id": 2, "body": "<!-- m -->\none"}])");
  client.answer(200, "{}");
  ASSERT_TRUE(made(Kind::gitlab)->keep_comment(3, "<!-- m -->", "<!-- m -->\ntwo"));
  EXPECT_EQ(client.asked(1), "PUT /api/projects/acme%2Fhouse/merge_requests/3/notes/2");
}

TEST_F(Calls, BranchProtection) {
  client.answer(200, R"({"required_pull_request_reviews": {"required_approving_review_count": 2},
      "required_status_checks": {"contexts": ["aecos", "ci"]},
      "restrictions": {"users": [{"login": "ana"}], "teams": [{"slug": "leads"}], "apps": []}})");
  auto protection = github()->protection("develop");
  ASSERT_TRUE(protection) << protection.error().message;
  EXPECT_EQ(*protection, (Protection{true, 2, {"aecos", "ci"}, false, {"ana", "team:leads"}}));
  client.answer(404, R"({"message": "Branch not protected"})");
  protection = github()->protection("user/ana/x");
  ASSERT_TRUE(protection);
  EXPECT_EQ(*protection, Protection{});
  EXPECT_EQ(client.asked(1), "GET /api/repos/acme/house/branches/user%2Fana%2Fx/protection");
  client.answer(200, R"({"required_approvals": 1, "enable_status_check": true, "status_check_contexts": ["aecos"],
      "enable_push": true, "enable_push_whitelist": true, "push_whitelist_usernames": ["ana"]})");
  protection = made(Kind::gitea)->protection("develop");
  ASSERT_TRUE(protection);
  EXPECT_EQ(*protection, (Protection{true, 1, {"aecos"}, false, {"ana"}}));
  client.answer(200, R"({"push_access_levels": [{"access_level": 40, "access_level_description": "Maintainers"}]})");
  client.answer(200, R"([{"approvals_required": 2, "protected_branches": [{"name": "other"}]},
      {"approvals_required": 1, "protected_branches": []}])");
  client.answer(200, R"({"only_allow_merge_if_pipeline_succeeds": true})");
  protection = made(Kind::gitlab)->protection("develop");
  ASSERT_TRUE(protection);
  EXPECT_EQ(*protection, (Protection{true, 1, {"pipeline"}, false, {"role:Maintainers"}}));
}

// --- what goes wrong

struct Wrong {
  int status;
  http::Headers headers;
  ErrorCode code;
  std::int64_t wait_s;
};

TEST_F(Calls, ErrorsSayWhatToDo) {
  const Wrong all[] = {
      {401, {}, ErrorCode::denied, 0},
      {403, {}, ErrorCode::denied, 0},
      {404, {}, ErrorCode::not_found, 0},
      {301, {}, ErrorCode::invalid_input, 0},
      {422, {}, ErrorCode::invalid_input, 0},
      {500, {}, ErrorCode::unavailable, 0},
      {429, {{"Retry-After", "17"}}, ErrorCode::unavailable, 17},
      {429, {}, ErrorCode::unavailable, 60},
      {403, {{"Retry-After", "30"}}, ErrorCode::unavailable, 30},
      {403, {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1090"}}, ErrorCode::unavailable, 90},
      {429, {{"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "1200"}}, ErrorCode::unavailable, 200},
      {429, {{"Retry-After", "99999999"}}, ErrorCode::unavailable, 3600},
  };
  for (const Wrong& wrong : all) {
    const auto forge = github();
    client.answer(wrong.status, R"({"message": "no, )" + token + R"( is\nnot good"})", wrong.headers);
    const auto answer = forge->members("acme/structural");
    ASSERT_FALSE(answer) << wrong.status;
    EXPECT_EQ(answer.error().code, wrong.code) << wrong.status;
    EXPECT_EQ(forge->wait_s(), wrong.wait_s) << wrong.status;
    EXPECT_EQ(answer.error().message.find(token), std::string::npos) << answer.error().message;
    EXPECT_EQ(answer.error().message.find('\n'), std::string::npos) << answer.error().message;
    EXPECT_EQ(answer.error().message.substr(0, 6), "GitHub");
  }
}

TEST_F(Calls, ALimitThatIsJustUsedUpIsKeptToo) {
  const auto forge = github();
  client.answer(200, "[]", {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1090"}});
  ASSERT_TRUE(forge->members("acme/structural"));
  EXPECT_EQ(forge->wait_s(), 90);
}

TEST_F(Calls, AnAnswerThatIsNoneIsAnError) {
  for (const char* body : {"", "<html>", "{}", "null"}) {
    client.answer(200, body);
    const auto answer = github()->members("acme/structural");
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  }
}

TEST_F(Calls, NamesOfTeamsCannotLeadElsewhere) {
  for (const char* team : {"", "acme", "acme/../x", "acme/x?y", "a/b/c", "acme/x y"})
    EXPECT_FALSE(github()->members(team)) << team;
  EXPECT_TRUE(client.calls.empty());
}

}  // namespace
}  // namespace aecos::forge
