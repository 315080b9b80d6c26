#include "forge/settings.h"

#include <gtest/gtest.h>

#include "forge/text_internal.h"

namespace aecos::forge {
namespace {

std::string fault(std::string_view json) {
  const auto settings = parse_settings(json);
  return settings ? "" : settings.error().message;
}

TEST(Settings, WhatIsNotSaidIsAsThePublicServiceHasIt) {
  const auto settings = parse_settings(R"({"kind": "github", "repository": "acme/house"})");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(*settings, (Settings{Kind::github, "acme/house", "https://api.github.com"}));
  EXPECT_EQ(settings->token, "FORGE_TOKEN");
  EXPECT_EQ(settings->webhook, "FORGE_WEBHOOK");
}

TEST(Settings, AnApiOfOnesOwnLosesItsLastSlash) {
  const auto settings = parse_settings(
      R"({"kind": "gitlab", "repository": "acme/sub/house", "api": "https://git.example.org/api/v4/",
          "token": "FORGE_READ", "webhook": "FORGE_IN"})");
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->api, "https://git.example.org/api/v4");
  EXPECT_EQ(settings->token, "FORGE_READ");
}

TEST(Settings, WhatIsNotKnownIsAnErrorWithItsPlace) {
  EXPECT_EQ(fault(R"({"kind": "github", "repository": "a/b", "tokens": "x"})").substr(0, 5), "1:51:");
  EXPECT_NE(fault(R"({"kind": "svn", "repository": "a/b"})"), "");
  EXPECT_EQ(fault(R"({"kind": "github", "repository": "a/b", "app": "Iv1.8a", "installation": "4711"})"), "");
  for (const char* app : {R"("app": "1")", R"("installation": "1")", R"("app": "1", "installation": "x")",
                          R"("app": "a b", "installation": "1")", R"("app": "", "installation": "1")"})
    EXPECT_NE(fault(R"({"kind": "github", "repository": "a/b", )" + std::string(app) + "}"), "") << app;
  EXPECT_NE(fault(R"({"kind": "gitea", "repository": "a/b", "app": "1", "installation": "2"})"), "");
  EXPECT_NE(fault(R"({"kind": "github"})"), "");
  EXPECT_NE(fault(R"({"repository": "a/b"})"), "");
  EXPECT_NE(fault("[]"), "");
  EXPECT_NE(fault(R"({"kind": "github", "repository": 1})"), "");
}

TEST(Settings, RepositoriesAreNamedInFull) {
  for (const char* name : {"house", "a/b/c", "a/..", "/a", "a/", "a/b?c", "a/b c", "a//b", ""})
    EXPECT_NE(fault(std::string(R"({"kind": "github", "repository": ")") + name + "\"}"), "") << name;
  EXPECT_EQ(fault(R"({"kind": "gitlab", "repository": "a/b/c"})"), "");
}

TEST(Settings, OtherSecretsThanThoseForForgesCannotBeNamed) {
  for (const char* name : {"SLACK", "FORGE", "FORGE_a b", "forge_token", ""})
    EXPECT_NE(fault(std::string(R"({"kind": "github", "repository": "a/b", "token": ")") + name + "\"}"), "") << name;
  EXPECT_NE(fault(R"({"kind": "github", "repository": "a/b", "token": "FORGE_X", "webhook": "FORGE_X"})"), "");
}

TEST(Settings, AddressesWithMoreThanAPathAreRefused) {
  for (const char* api : {"ftp://a", "https://u:p@host", "https://host?x=1", "https://host#x", "https://", "host",
                          "https://ho st", "https://host\\@other"})
    EXPECT_NE(fault(std::string(R"({"kind": "gitea", "repository": "a/b", "api": ")") + api + "\"}"), "") << api;
}

TEST(Settings, TheHostOfAnAddress) {
  EXPECT_EQ(host_of("https://Git.example.org:3000/api/v1"), "git.example.org:3000");
  EXPECT_EQ(host_of("git.example.org"), "");
}

TEST(Text, TimesOfEveryForge) {
  constexpr std::int64_t at = 1'764'061'200LL * 1'000'000;  // 2025-11-25T09:00:00Z
  for (const char* text : {"2025-11-25T09:00:00Z", "2025-11-25T10:00:00+01:00", "2025-11-25 09:00:00 UTC",
                           "2025-11-25T09:00:00.000Z", "2025-11-25 04:00:00 -0500"})
    EXPECT_EQ(time_of(std::string_view(text)), at) << text;
  EXPECT_EQ(time_of(std::string_view("2025-11-25T09:00:00.250Z")), at + 250'000);
  for (const char* text : {"", "yesterday", "2025-11-25", "2025-13-25T09:00:00Z", "2025-11-25T09:00:00", "20251125"})
    EXPECT_EQ(time_of(std::string_view(text)), 0) << text;
}

TEST(Text, LinesAreOneLineOfWhatCanBeSeen) {
  EXPECT_EQ(cut("a\nb\x1b[31m", 20), "a b [31m");
  EXPECT_EQ(cut("a\xe2\x80\xae"
                "b",
                20),
            "ab");
  EXPECT_EQ(cut("äöü", 3), "äöü");
  EXPECT_EQ(cut("äöüß", 3), "äö…");
  EXPECT_EQ(cut("\xff", 3), "\xef\xbf\xbd");
}

TEST(Text, SecretsAreTheSameOrNot) {
  EXPECT_TRUE(is_same_secret("abc", "abc"));
  EXPECT_FALSE(is_same_secret("abc", "abd"));
  EXPECT_FALSE(is_same_secret("abc", "ab"));
  EXPECT_FALSE(is_same_secret("abc", "abcabc"));
  EXPECT_FALSE(is_same_secret("abc", ""));
}

}  // namespace
}  // namespace aecos::forge
