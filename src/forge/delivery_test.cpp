#include "forge/delivery.h"

#include <gtest/gtest.h>

#include "base/sha256.h"

namespace aecos::forge {
namespace {

using What = Delivery::What;

const std::string secret = "what only two know";
const std::string one(40, '1'), two(40, '2'), zero(40, '0');
constexpr std::int64_t now_s = 1'764'061'200;

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += {digits[static_cast<unsigned char>(c) >> 4U], digits[static_cast<unsigned char>(c) & 15U]};
  }
  return text;
}

http::Headers github(const std::string& event, const std::string& body) {
  return {{"X-GitHub-Event", event},
          {"X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"},
          {"X-Hub-Signature-256", "sha256=" + hex(hmac_sha256(secret, body))}};
}

http::Headers gitea(const std::string& event, const std::string& body) {
  return {{"X-Gitea-Event", event},
          {"X-Gitea-Delivery", "f6266f16-1bf3-46a5-9ea4-602e06ead473"},
          {"X-Gitea-Signature", hex(hmac_sha256(secret, body))},
          {"X-GitHub-Event", event}};
}

http::Headers gitlab(const std::string& event) {
  return {{"X-Gitlab-Event", event}, {"X-Gitlab-Token", secret}, {"Idempotency-Key", "f5e5f430-f57b-4e6e"}};
}

Delivery read(Kind kind, const http::Headers& headers, const std::string& body) {
  auto delivery = read_delivery(kind, headers, body, secret, now_s);
  if (!delivery) ADD_FAILURE() << delivery.error().message;
  return delivery ? *std::move(delivery) : Delivery{};
}

ErrorCode refusal(Kind kind, const http::Headers& headers, const std::string& body, const std::string& key = secret) {
  const auto delivery = read_delivery(kind, headers, body, key, now_s);
  if (delivery) {
    ADD_FAILURE() << "it was taken";
    return ErrorCode::not_found;
  }
  EXPECT_EQ(delivery.error().message.find(key.empty() ? "\n" : key), std::string::npos);
  return delivery.error().code;
}

std::string pull_json(const std::string& action, const std::string& state, bool merged) {
  return R"({"action": ")" + action + R"(", "number": 7, "pull_request": {"number": 7, "state": ")" + state +
         R"(", "title": "Fire rating\nof walls", "user": {"login": "ben"}, "html_url": "https://forge.example.org/7",
         "merged": )" +
         (merged ? "true" : "false") + R"(, "updated_at": "2025-11-25T09:00:00Z",
         "head": {"ref": "fire", "sha": ")" +
         two + R"("}, "base": {"ref": "develop", "sha": ")" + one +
         R"("}}, "repository": {"full_name": "acme/house"}, "sender": {"login": "ana"}})";
}

std::string push_json(const std::string& before, const std::string& after) {
  return R"({"ref": "refs/heads/develop", "before": ")" + before + R"(", "after": ")" + after +
         R"(", "repository": {"full_name": "acme/house", "pushed_at": 1764061200},
         "compare": "https://forge.example.org/compare", "compare_url": "https://forge.example.org/compare",
         "sender": {"login": "ana"}})";
}

// --- signatures

TEST(Delivery, OnlyASignatureOverExactlyTheseBytesCounts) {
  const std::string body = push_json(one, two);
  EXPECT_EQ(read(Kind::github, github("push", body), body).what, What::push);
  EXPECT_EQ(refusal(Kind::github, github("push", body), body + " "), ErrorCode::denied);
  EXPECT_EQ(refusal(Kind::github, github("push", body), body, "another secret"), ErrorCode::denied);
  EXPECT_EQ(refusal(Kind::github, github("push", body), body, ""), ErrorCode::denied);
  http::Headers without = github("push", body);
  without.remove("X-Hub-Signature-256");
  EXPECT_EQ(refusal(Kind::github, without, body), ErrorCode::denied);
  without.add("X-Hub-Signature", "sha1=0000");  // The former kind is not taken.
  EXPECT_EQ(refusal(Kind::github, without, body), ErrorCode::denied);
  for (const std::string& odd : {std::string("sha256="), hex(hmac_sha256(secret, body)),
                                 "sha256=" + std::string(64, '0'), "sha256=" + hex(hmac_sha256(secret, body)) + "0"}) {
    http::Headers headers = github("push", body);
    headers.set("X-Hub-Signature-256", odd);
    EXPECT_EQ(refusal(Kind::github, headers, body), ErrorCode::denied) << odd;
  }
}

TEST(Delivery, OneForgesSignatureIsNotAnothers) {
  const std::string body = push_json(one, two);
  EXPECT_EQ(refusal(Kind::gitea, github("push", body), body), ErrorCode::denied);
  EXPECT_EQ(refusal(Kind::github, gitea("push", body), body), ErrorCode::denied);
  EXPECT_EQ(refusal(Kind::gitlab, github("push", body), body), ErrorCode::denied);
}

TEST(Delivery, EveryDeliveryHasAnId) {
  const std::string body = push_json(one, two);
  http::Headers headers = github("push", body);
  headers.remove("X-GitHub-Delivery");
  EXPECT_EQ(refusal(Kind::github, headers, body), ErrorCode::invalid_input);
  headers.add("X-GitHub-Delivery", "a b");
  EXPECT_EQ(refusal(Kind::github, headers, body), ErrorCode::invalid_input);
}

TEST(Delivery, WhatIsSignedAndIsNoJsonIsInvalid) {
  for (const std::string body : {"", "payload=%7B%7D", "[]", "{\"a\": 1", "null"})
    EXPECT_EQ(refusal(Kind::github, github("push", body), body), ErrorCode::invalid_input) << body;
}

TEST(Delivery, GitlabsTokenIsComparedAsItIs) {
  const std::string body = R"({"object_kind": "build"})";
  EXPECT_EQ(read(Kind::gitlab, gitlab("Job Hook"), body).what, What::other);
  http::Headers headers = gitlab("Job Hook");
  headers.set("X-Gitlab-Token", secret + "x");
  EXPECT_EQ(refusal(Kind::gitlab, headers, body), ErrorCode::denied);
  headers.remove("X-Gitlab-Token");
  EXPECT_EQ(refusal(Kind::gitlab, headers, body), ErrorCode::denied);
}

class SignedGitlab : public testing::Test {
 protected:
  const std::string key = "0123456789abcdef0123456789abcdef";
  const std::string signing = "whsec_" + http::base64_encode(key);
  const std::string body = R"({"object_kind": "build"})";

  http::Headers headers(std::int64_t time_s) const {
    const std::string stamp = std::to_string(time_s), text = "msg_1." + stamp + "." + body;
    return {{"X-Gitlab-Event", "Job Hook"},
            {"webhook-id", "msg_1"},
            {"webhook-timestamp", stamp},
            {"webhook-signature", "v1,AAAA v1," + http::base64_encode(hmac_sha256(key, text))}};
  }
};

TEST_F(SignedGitlab, OneOfSeveralSignaturesIsEnough) {
  const auto delivery = read_delivery(Kind::gitlab, headers(now_s), body, signing, now_s);
  ASSERT_TRUE(delivery) << delivery.error().message;
  EXPECT_EQ(delivery->id, "msg_1");
}

TEST_F(SignedGitlab, AnotherTimeIsRefused) {
  EXPECT_EQ(refusal(Kind::gitlab, headers(now_s - 301), body, signing), ErrorCode::denied);
  EXPECT_EQ(refusal(Kind::gitlab, headers(now_s + 301), body, signing), ErrorCode::denied);
  http::Headers moved = headers(now_s - 1000);
  moved.set("webhook-timestamp", std::to_string(now_s));
  EXPECT_EQ(refusal(Kind::gitlab, moved, body, signing), ErrorCode::denied);
}

TEST_F(SignedGitlab, TheIdIsUnderTheSignature) {
  http::Headers other = headers(now_s);
  other.set("webhook-id", "msg_2");
  EXPECT_EQ(refusal(Kind::gitlab, other, body, signing), ErrorCode::denied);
}

TEST_F(SignedGitlab, ASigningTokenSentInTheOpenIsRefused) {
  EXPECT_EQ(refusal(Kind::gitlab, {{"X-Gitlab-Event", "Job Hook"}, {"X-Gitlab-Token", signing}, {"webhook-id", "m"}},
                    body, signing),
            ErrorCode::denied);
}

// --- what is in them

TEST(Delivery, GithubPush) {
  const std::string body = push_json(one, two);
  const Delivery delivery = read(Kind::github, github("push", body), body);
  EXPECT_EQ(delivery.branch, "develop");
  EXPECT_EQ(delivery.before, one);
  EXPECT_EQ(delivery.after, two);
  EXPECT_EQ(delivery.repository, "acme/house");
  EXPECT_EQ(delivery.actor, "ana");
  EXPECT_EQ(delivery.time_us, now_s * 1'000'000);
  EXPECT_EQ(delivery.url, "https://forge.example.org/compare");
  const std::string made = push_json(zero, two);
  EXPECT_EQ(read(Kind::github, github("push", made), made).before, "");
}

TEST(Delivery, TagsAreNoPushes) {
  const std::string body = R"({"ref": "refs/tags/v1", "before": ")" + one + R"(", "after": ")" + two + "\"}";
  EXPECT_EQ(read(Kind::github, github("push", body), body).what, What::other);
  EXPECT_EQ(read(Kind::gitea, gitea("push", body), body).what, What::other);
}

TEST(Delivery, GithubPullRequests) {
  const std::pair<const char*, const char*> open[] = {
      {"opened", "opened"}, {"reopened", "opened"}, {"synchronize", "updated"}, {"edited", "updated"}};
  for (const auto& [action, wanted] : open) {
    const std::string body = pull_json(action, "open", false);
    const Delivery delivery = read(Kind::github, github("pull_request", body), body);
    EXPECT_EQ(delivery.what, What::pull_request);
    EXPECT_EQ(delivery.action, wanted);
    EXPECT_EQ(delivery.state, "open");
  }
  const std::string body = pull_json("closed", "closed", true);
  const Delivery merged = read(Kind::github, github("pull_request", body), body);
  EXPECT_EQ(merged.action, "merged");
  EXPECT_EQ(merged.number, 7U);
  EXPECT_EQ(merged.title, "Fire rating of walls");
  EXPECT_EQ(merged.author, "ben");
  EXPECT_EQ(merged.branch, "fire");
  EXPECT_EQ(merged.target, "develop");
  EXPECT_EQ(merged.before, one);
  EXPECT_EQ(merged.after, two);
  const std::string closed = pull_json("closed", "closed", false), labelled = pull_json("labeled", "open", false);
  EXPECT_EQ(read(Kind::github, github("pull_request", closed), closed).action, "closed");
  EXPECT_EQ(read(Kind::github, github("pull_request", labelled), labelled).what, What::other);
}

TEST(Delivery, GithubReviews) {
  const std::string pull = pull_json("submitted", "open", false);
  const std::string body = R"({"review": {"state": "changes_requested", "user": {"login": "cleo"},
      "submitted_at": "2025-11-25T09:00:00Z"}, )" +
                           pull.substr(1);
  const Delivery delivery = read(Kind::github, github("pull_request_review", body), body);
  EXPECT_EQ(delivery.what, What::review);
  EXPECT_EQ(delivery.action, "changes-requested");
  EXPECT_EQ(delivery.member, "cleo");
  EXPECT_EQ(delivery.number, 7U);
}

TEST(Delivery, GithubTeams) {
  const std::string body =
      R"({"action": "added", "scope": "team", "member": {"login": "dan"}, "sender": {"login": "ana"},
      "team": {"name": "Structural", "slug": "structural"}, "organization": {"login": "acme"}})";
  const Delivery delivery = read(Kind::github, github("membership", body), body);
  EXPECT_EQ(delivery.what, What::team);
  EXPECT_EQ(delivery.team, "acme/structural");
  EXPECT_EQ(delivery.member, "dan");
  EXPECT_EQ(delivery.action, "added");
}

TEST(Delivery, GiteaPullRequestsAndReviews) {
  const std::string body = pull_json("synchronized", "open", false);
  const Delivery delivery = read(Kind::gitea, gitea("pull_request", body), body);
  EXPECT_EQ(delivery.what, What::pull_request);
  EXPECT_EQ(delivery.action, "updated");
  EXPECT_EQ(delivery.after, two);
  const std::string review = pull_json("reviewed", "open", false);
  const Delivery approved = read(Kind::gitea, gitea("pull_request_approved", review), review);
  EXPECT_EQ(approved.what, What::review);
  EXPECT_EQ(approved.action, "approved");
  EXPECT_EQ(approved.member, "ana");
  EXPECT_EQ(read(Kind::gitea, gitea("pull_request_rejected", review), review).action, "changes-requested");
  EXPECT_EQ(read(Kind::gitea, gitea("issue_comment", review), review).what, What::other);
}

TEST(Delivery, GitlabMergeRequests) {
  const auto body = [&](const std::string& action, const std::string& state) {
    return R"({"object_kind": "merge_request", "user": {"username": "ana"},
        "project": {"path_with_namespace": "acme/house"},
        "object_attributes": {"iid": 3, "title": "Doors", "url": "https://forge.example.org/3", "state": ")" +
           state + R"(", "action": ")" + action + R"(", "source_branch": "doors", "target_branch": "develop",
        "updated_at": "2025-11-25 09:00:00 UTC", "last_commit": {"id": ")" +
           two + R"("}}})";
  };
  const Delivery opened = read(Kind::gitlab, gitlab("Merge Request Hook"), body("open", "opened"));
  EXPECT_EQ(opened.what, What::pull_request);
  EXPECT_EQ(opened.action, "opened");
  EXPECT_EQ(opened.state, "open");
  EXPECT_EQ(opened.author, "ana");
  EXPECT_EQ(opened.after, two);
  EXPECT_EQ(opened.time_us, now_s * 1'000'000);
  EXPECT_EQ(opened.repository, "acme/house");
  EXPECT_EQ(opened.id, "f5e5f430-f57b-4e6e");
  EXPECT_EQ(read(Kind::gitlab, gitlab("Merge Request Hook"), body("merge", "merged")).action, "merged");
  const Delivery approved = read(Kind::gitlab, gitlab("Merge Request Hook"), body("approved", "opened"));
  EXPECT_EQ(approved.what, What::review);
  EXPECT_EQ(approved.member, "ana");
}

TEST(Delivery, GitlabPushesAndGroups) {
  const std::string push = R"({"object_kind": "push", "ref": "refs/heads/develop", "before": ")" + one +
                           R"(", "after": ")" + zero + R"(", "user_username": "ana",
      "project": {"path_with_namespace": "acme/house", "web_url": "https://forge.example.org"}})";
  const Delivery delivery = read(Kind::gitlab, gitlab("Push Hook"), push);
  EXPECT_EQ(delivery.what, What::push);
  EXPECT_EQ(delivery.after, "");
  EXPECT_EQ(delivery.actor, "ana");
  const std::string group = R"({"event_name": "user_add_to_group", "group_path": "structural", "user_username": "dan",
      "updated_at": "2025-11-25T09:00:00Z"})";
  const Delivery added = read(Kind::gitlab, gitlab("Member Hook"), group);
  EXPECT_EQ(added.what, What::team);
  EXPECT_EQ(added.team, "structural");
  EXPECT_EQ(added.member, "dan");
  EXPECT_EQ(added.actor, "");
}

TEST(Delivery, APullRequestWithoutANumberIsInvalid) {
  const std::string body = R"({"action": "opened", "pull_request": {"state": "open"}})";
  EXPECT_EQ(refusal(Kind::github, github("pull_request", body), body), ErrorCode::invalid_input);
}

TEST(Delivery, WhatIsNoCommitOrLinkIsLeftOut) {
  const std::string body = R"({"ref": "refs/heads/a\nb", "before": "x"})";
  EXPECT_EQ(read(Kind::github, github("push", body), body).what, What::other);
  const std::string odd = R"x({"ref": "refs/heads/a", "before": "x", "after": 1, "compare": "javascript:alert(1)"})x";
  const Delivery delivery = read(Kind::github, github("push", odd), odd);
  EXPECT_EQ(delivery.before + delivery.after + delivery.url, "");
}

}  // namespace
}  // namespace aecos::forge
