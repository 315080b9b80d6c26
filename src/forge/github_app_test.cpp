#include "forge/github_app.h"

#include <gtest/gtest.h>

#include "forge/forge_test_internal.h"

namespace aecos::forge {
namespace {

TEST(GithubApp, ClaimsAreAsRfc7519WritesThem) {
  // {"alg":"RS256","typ":"JWT"} . {"iat":940,"exp":1540,"iss":"12"}
  EXPECT_EQ(app_claims("12", 1000),
            "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjk0MCwiZXhwIjoxNTQwLCJpc3MiOiIxMiJ9");
  EXPECT_EQ(app_statement("a.b", "\xfb\xff"), "a.b.-_8");
}

TEST(GithubApp, ATokenIsForTheOneRepository) {
  FakeClient client;
  client.answer(201, R"({"token": "made", "expires_at": "1970-01-01T01:00:00Z"})");
  Access access;
  access.repository = "acme/house";
  access.api = "https://forge.example.org/api";
  access.token = "statement";
  const auto made = installation_token(access, client, "77");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->token, "made");
  EXPECT_EQ(made->until_s, 3600);
  EXPECT_EQ(client.asked(0), "POST /api/app/installations/77/access_tokens");
  EXPECT_EQ(client.calls.at(0).body, R"({"repositories":["house"]})");
  EXPECT_EQ(client.calls.at(0).headers.get("Authorization"), "Bearer statement");
  client.answer(201, "{}");
  EXPECT_EQ(installation_token(access, client, "77").error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace aecos::forge
