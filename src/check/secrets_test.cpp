#include "check/secrets.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "check/secret_rules_internal.h"

namespace aecos::check {
namespace {

// Secrets are put together here, so that this file has none itself.
class Made {
 public:
  std::string of(std::string_view letters, std::size_t count) {
    std::string text;
    for (std::size_t k = 0; k < count; ++k) {
      state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
      text += letters[(state_ >> 33U) % letters.size()];
    }
    return text;
  }
  std::string hex(std::size_t count) { return of("0123456789abcdef", count); }
  std::string alnum(std::size_t count) {
    return of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", count);
  }
  std::string upper(std::size_t count) { return of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", count); }
  std::string lower(std::size_t count) { return of("0123456789abcdefghijklmnopqrstuvwxyz", count); }
  std::string digits(std::size_t count) { return of("0123456789", count); }
  std::string caps(std::size_t count) { return of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", count); }
  std::string uuid() { return hex(8) + "-" + hex(4) + "-" + hex(4) + "-" + hex(4) + "-" + hex(12); }

 private:
  std::uint64_t state_ = 20261129;
};

std::vector<std::string> found(std::string_view text, std::string_view path = "notes.md") {
  std::vector<std::string> rules;
  for (const SecretFinding& finding : find_secrets(text, path)) rules.push_back(finding.rule);
  return rules;
}

using Names = std::vector<std::string>;

// Written from what the providers say of their tokens, not from the table of forms.
TEST(Secrets, FindsWhatProvidersGiveOut) {
  Made made;
  const std::string dashes = "-----";
  const std::vector<std::pair<std::string, std::string>> samples = {
      {"private-key", dashes + "BEGIN RSA PRIVATE KEY" + dashes + "\nMIIEow\n"},
      {"private-key", dashes + "BEGIN OPENSSH PRIVATE KEY" + dashes + "\nb3BlbnNzaC1rZXk\n"},
      {"age-key",
       "AGE-SECRET"
       "-KEY-1" +
           made.upper(58)},
      {"aecos-token",
       "aecos"
       "_" +
           made.hex(48)},
      {"github-token",
       "ghp"
       "_" +
           made.alnum(36)},
      {"github-token",
       "gho"
       "_" +
           made.alnum(36)},
      {"github-token",
       "ghs"
       "_" +
           made.alnum(36)},
      {"github-token",
       "github"
       "_pat_" +
           made.alnum(22) + "_" + made.alnum(59)},
      {"gitlab-token",
       "glpat"
       "-" +
           made.alnum(20)},
      {"gitlab-token",
       "glptt"
       "-" +
           made.hex(40)},
      {"gitlab-token",
       "glrt"
       "-" +
           made.alnum(20)},
      {"bitbucket-token", "ATBB" + made.alnum(32)},
      {"aws-access-key", "AKIA" + made.caps(16)},
      {"aws-access-key", "ASIA" + made.caps(16)},
      {"aws-secret-key", "aws_secret_access_key = " + made.alnum(40)},
      {"google-api-key", "AIza" + made.alnum(35)},
      {"google-oauth-secret",
       "GOCSPX"
       "-" +
           made.alnum(28)},
      {"azure-client-secret", made.alnum(3) + "8Q~" + made.alnum(31)},
      {"azure-storage-key", "DefaultEndpointsProtocol=https;AccountKey=" + made.alnum(86) + "=="},
      {"alibaba-access-key", "LTAI" + made.alnum(20)},
      {"digitalocean-token",
       "dop_v1"
       "_" +
           made.hex(64)},
      {"heroku-token", "HEROKU_API_KEY=" + made.uuid()},
      {"fly-token",
       "fo1"
       "_" +
           made.alnum(43)},
      {"cloudflare-token", "CLOUDFLARE_API_TOKEN: \"" + made.alnum(40) + "\""},
      {"netlify-token", "netlify_auth_token='" + made.alnum(43) + "'"},
      {"openshift-token",
       "sha256"
       "~" +
           made.alnum(43)},
      {"docker-token",
       "dckr"
       "_pat_" +
           made.alnum(27)},
      {"vault-token",
       "hvs"
       "." +
           made.alnum(95)},
      {"terraform-token", made.alnum(14) + ".atlasv1." + made.alnum(67)},
      {"pulumi-token",
       "pul"
       "-" +
           made.hex(40)},
      {"doppler-token",
       "dp.pt"
       "." +
           made.alnum(43)},
      {"planetscale-token",
       "pscale"
       "_tkn_" +
           made.alnum(43)},
      {"supabase-token",
       "sbp"
       "_" +
           made.hex(40)},
      {"tailscale-key",
       "tskey"
       "-auth-" +
           made.alnum(17) + "-" + made.alnum(32)},
      {"databricks-token", "dapi" + made.hex(32)},
      {"npm-token",
       "npm"
       "_" +
           made.alnum(36)},
      {"pypi-token",
       "pypi"
       "-AgEIcHlwaS5vcmc" +
           made.alnum(120)},
      {"rubygems-token",
       "rubygems"
       "_" +
           made.hex(48)},
      {"clojars-token",
       "CLOJARS"
       "_" +
           made.lower(60)},
      {"jfrog-token", "AKCp" + made.alnum(69)},
      {"sonar-token",
       "squ"
       "_" +
           made.hex(40)},
      {"snyk-token", "SNYK_TOKEN=" + made.uuid()},
      {"octopus-key",
       "API"
       "-" +
           made.upper(26)},
      {"slack-token",
       "xoxb"
       "-" +
           made.digits(12) + "-" + made.digits(12) + "-" + made.alnum(24)},
      {"slack-token",
       "xoxp"
       "-" +
           made.digits(12) + "-" + made.digits(12) + "-" + made.digits(12) + "-" + made.hex(32)},
      {"slack-token",
       "xapp"
       "-1-A" +
           made.upper(10) + "-" + made.digits(13) + "-" + made.hex(64)},
      {"slack-webhook",
       "https://hooks.slack"
       ".com/services/T" +
           made.upper(10) + "/B" + made.upper(10) + "/" + made.alnum(24)},
      {"discord-webhook",
       "https://discord"
       ".com/api/webhooks/" +
           made.digits(18) + "/" + made.alnum(68)},
      {"teams-webhook",
       "https://acme.webhook"
       ".office.com/webhookb2/" +
           made.uuid() + "@" + made.uuid() + "/IncomingWebhook/" + made.hex(32)},
      {"telegram-token", made.digits(10) + ":AA" + made.alnum(33)},
      {"twilio-key", "SK" + made.hex(32)},
      {"sendgrid-key", "SG." + made.alnum(22) + "." + made.alnum(43)},
      {"sendinblue-key",
       "xkeysib"
       "-" +
           made.hex(64) + "-" + made.alnum(16)},
      {"mailgun-key",
       "key"
       "-" +
           made.hex(32)},
      {"mailchimp-key", made.hex(32) + "-us12"},
      {"hubspot-token",
       "pat-na1"
       "-" +
           made.uuid()},
      {"stripe-key",
       "sk_live"
       "_" +
           made.alnum(24)},
      {"stripe-key",
       "rk_live"
       "_" +
           made.alnum(99)},
      {"stripe-webhook",
       "whsec"
       "_" +
           made.alnum(32)},
      {"square-token",
       "sq0atp"
       "-" +
           made.alnum(22)},
      {"paypal-token", "access_token$production$" + made.lower(16) + "$" + made.hex(32)},
      {"plaid-token",
       "access-production"
       "-" +
           made.uuid()},
      {"flutterwave-key",
       "FLWSECK"
       "-" +
           made.hex(32) + "-X"},
      {"duffel-token",
       "duffel_live"
       "_" +
           made.alnum(43)},
      {"easypost-token", "EZAK" + made.alnum(54)},
      {"shippo-token",
       "shippo_live"
       "_" +
           made.hex(40)},
      {"shopify-token",
       "shpat"
       "_" +
           made.hex(32)},
      {"openai-key",
       "sk"
       "-" +
           made.alnum(20) + "T3BlbkFJ" + made.alnum(20)},
      {"openai-key",
       "sk-proj"
       "-" +
           made.alnum(156)},
      {"anthropic-key",
       "sk-ant"
       "-api03-" +
           made.alnum(93) + "AA"},
      {"huggingface-token",
       "hf"
       "_" +
           made.alnum(34)},
      {"groq-key",
       "gsk"
       "_" +
           made.alnum(52)},
      {"perplexity-key",
       "pplx"
       "-" +
           made.alnum(48)},
      {"airtable-token", "pat" + made.alnum(14) + "." + made.hex(64)},
      {"linear-key",
       "lin_api"
       "_" +
           made.alnum(40)},
      {"notion-token",
       "ntn"
       "_" +
           made.digits(11) + made.alnum(35)},
      {"figma-token",
       "figd"
       "_" +
           made.alnum(40)},
      {"postman-key",
       "PMAK"
       "-" +
           made.hex(24) + "-" + made.hex(34)},
      {"typeform-token",
       "tfp"
       "_" +
           made.alnum(59)},
      {"readme-key",
       "rdme"
       "_" +
           made.lower(70)},
      {"speckle-token", "SPECKLE_TOKEN=" + made.hex(42)},
      {"autodesk-secret", "APS_CLIENT_SECRET=\"" + made.alnum(16) + "\""},
      {"grafana-token",
       "glsa"
       "_" +
           made.alnum(32) + "_" + made.hex(8)},
      {"sentry-token",
       "sntryu"
       "_" +
           made.hex(64)},
      {"newrelic-key",
       "NRAK"
       "-" +
           made.upper(27)},
      {"datadog-key", "DATADOG_APP_KEY=" + made.lower(40)},
      {"dynatrace-token",
       "dt0c01"
       "." +
           made.upper(24) + "." + made.upper(64)},
      {"mapbox-token", "sk.eyJ" + made.alnum(80) + "." + made.alnum(22)},
      {"adafruit-key", "adafruit_api_key: " + made.lower(32)},
      {"facebook-token", "EAAM" + made.alnum(100)},
      {"twitch-token", "twitchClientSecret = \"" + made.lower(30) + "\""},
      {"yandex-token", "AQVN" + made.alnum(35)},
      {"json-web-token", "eyJ" + made.alnum(33) + ".eyJ" + made.alnum(80) + "." + made.alnum(43)},
      {"password-in-address", "postgres://hub:" + made.alnum(14) + "@db.example.org/hub"},
  };
  std::set<std::string> providers;
  for (const auto& [rule, secret] : samples) {
    for (const std::string& text : {secret, "a: \"" + secret + "\"", "x\nkey=" + secret + "\n", "(" + secret + ")"}) {
      EXPECT_EQ(found(text), Names{rule}) << text;
    }
    providers.insert(rule);
  }
  EXPECT_GE(providers.size(), 60U);
}

// Every form of the table, filled at random, is found where it stands alone.
std::string filled(std::string_view form, Made& made) {
  std::string text;
  while (!form.empty()) {
    if (form.front() != '{') {
      text += form.front();
      form.remove_prefix(1);
      continue;
    }
    const std::string inner(form.substr(1, form.find('}') - 1));
    const std::string letters = inner.substr(0, inner.find(' '));
    const std::size_t count = std::stoul(inner.substr(inner.find(' ') + 1));
    text += letters == "digit"                     ? made.digits(count)
            : letters == "hex" || letters == "Hex" ? made.hex(count)
            : letters == "lower"                   ? made.lower(count)
            : letters == "upper"                   ? made.upper(count)
            : letters == "caps32"                  ? made.caps(count)
                                                   : made.alnum(count);
    form.remove_prefix(inner.size() + 2);
  }
  return text;
}

TEST(Secrets, EveryFormIsFound) {
  Made made;
  for (const SecretForm& form : secret_forms()) {
    const std::string name(form.named);
    for (int k = 0; k < 20; ++k) {
      std::string secret = filled(form.form, made);
      // A value without a digit is taken for a word, if only a name says that it is a secret.
      while (!name.empty() && secret.find_first_of("0123456789") == std::string::npos) secret = filled(form.form, made);
      const std::string behind = form.rule == "private-key" ? "\n" + made.alnum(64) : "";
      const std::string text = (name.empty() ? "" : name + "_x = ") + secret + behind + "\n";
      const auto findings = find_secrets(text, "notes.md");
      ASSERT_EQ(findings.size(), 1U) << form.rule << " " << form.form << ": " << text;
      EXPECT_EQ(text.substr(findings[0].offset, findings[0].length), secret) << form.rule;
    }
  }
}

TEST(Secrets, FindsThemBehindWhatStandsForOtherCharacters) {
  Made made;
  const std::string token = "gh" + ("p_" + made.alnum(36));
  for (const std::string& text : {"a\\n" + token, "x%3D" + token, "\t" + token, "." + token + ".", "é" + token})
    EXPECT_EQ(found(text), Names{"github-token"}) << text;
  for (const std::string& text : {"a" + token, token + "a", "3D" + token}) EXPECT_EQ(found(text), Names{}) << text;
}

TEST(Secrets, TheLineAboveAKeyIsNoKey) {
  const std::string head = "-----BEGIN " + std::string("PRIVATE KEY-----");
  EXPECT_EQ(found("Files with `" + head + "` are keys."), Names{});
  EXPECT_EQ(found("{\"" + head + "\"}, {\"certificate\"}"), Names{});
  EXPECT_EQ(found("{\"key\": \"" + head + "\\nMIIEvQIBADAN\\n\"}"), Names{"private-key"});
}

TEST(Secrets, WhatIsKnownIsLeftOut) {
  Made made;
  const std::string one = "gh" + ("p_" + made.alnum(36)), other = "gh" + ("p_" + made.alnum(36));
  auto findings = find_secrets(one + "\n" + other + "\n" + one, "a.md");
  leave_out(findings, find_secrets("x " + one, "b.md"));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].line, 2U);
}

TEST(Secrets, SaysWhereAndNeverWhat) {
  Made made;
  const std::string secret =
      "ghp"
      "_" +
      made.alnum(36);
  const auto findings = find_secrets("one\ntwo: " + secret + "\nthree " + secret + ".", "notes.md");
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].line, 2U);
  EXPECT_EQ(findings[0].column, 6U);
  EXPECT_EQ(findings[1].line, 3U);
  EXPECT_EQ(findings[0].fingerprint, findings[1].fingerprint);
  EXPECT_EQ(findings[0].fingerprint.size(), 16U);
  EXPECT_EQ(findings[0].fingerprint.find(secret.substr(4)), std::string::npos);
}

TEST(Secrets, ValuesNamedLikeSecretsCountInSettingsAndProgramsOnly) {
  Made made;
  const std::string line = "DB_PASSWORD=\"" + made.alnum(20) + "9z\"\n";
  for (const char* path : {".env", "deploy/settings.yaml", "tool.py", "Dockerfile"})
    EXPECT_EQ(found(line, path), Names{"named-secret"}) << path;
  for (const char* path : {"model.ifc", "element.json", "README.md", "quantities.csv"})
    EXPECT_EQ(found(line, path), Names{}) << path;
  for (const char* quiet : {"password = ${DB_PASSWORD_1}", "token = parse_token_1(text)", "password = \"hello\"",
                            "secret_name = \"2O2Fr$t4X7Zf8NOew3FLOH\".strip", "api_key = \"00000000000000000000\""})
    EXPECT_EQ(found(quiet, "tool.py"), Names{}) << quiet;
}

TEST(Secrets, QuietOnWhatModelsAreMadeOf) {
  Made made;
  std::string text;
  const std::string global_id = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$";
  for (int k = 0; k < 20'000; ++k) {
    text +=
        "#" + std::to_string(k) + "=IFCWALL('" + made.of(global_id, 22) + "',#5,'W-" + std::to_string(k) + "',$,$);\n";
    text +=
        "{\"hash\": \"" + made.hex(64) + "\", \"commit\": \"" + made.hex(40) + "\", \"id\": \"" + made.uuid() + "\"}\n";
    text += "sha256:" + made.hex(64) + " size " + made.digits(9) + "\n";
  }
  for (const char* path : {"model.ifc", "element.json", ".gitattributes", "notes.yaml"})
    EXPECT_EQ(found(text, path), Names{}) << path;
}

// Base64, as pictures and meshes have it in models: random, of few values, and with many zeros.
TEST(Secrets, QuietOnContentInBase64) {
  Made made;
  std::string text;
  for (int k = 0; k < 3'000; ++k) {
    const bool sparse = k % 3 == 0;
    text += sparse ? std::string(60 + k % 20, 'A') + made.alnum(8)
                   : made.of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 1'000);
    if (k % 7 == 0) text += "==\"\n\"data:image/png;base64,";
  }
  for (const char* path : {"scene.gltf", "notes.md", "drawing.svg"}) EXPECT_EQ(found(text, path), Names{}) << path;
}

// Texts in which much could begin, and nothing ends: a minute's work for each if every beginning were followed.
TEST(Secrets, ATextMadeToCostDoesNot) {
  for (const char* piece :
       {"-eyJ", "xoxb-", "-xxxxxx-xoxb-", "+ABSK", "://a:", "sk_live_", "password=", "glc_", "/1/1"}) {
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    EXPECT_LE(find_secrets(text, ".env").size(), secrets_max) << piece;
  }
}

TEST(Secrets, QuietOnExamples) {
  for (const char* text :
       {"AKIA"
        "IOSFODNN7EXAMPLE",
        "xoxb-"
        "xxxxxxxxxxxx-xxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxx",
        "https://user:password@example.org", "git@github.com:acme/house.git", "http://localhost:8420/x:y@z",
        "ghp_"
        "tooshort",
        "aecos_"
        "0a4c8f3b9d1e27650a4c8f3b9d1e27650a4c8f3b9d1e2765",
        "mailto:ana@example.org", "AKIAabcdefghijklmnop"})
    EXPECT_EQ(found(text), Names{}) << text;
}

RC_GTEST_PROP(Secrets, EndsOnAnything, (const std::string& text)) {
  for (const SecretFinding& finding : find_secrets(text, ".env"))
    RC_ASSERT(finding.offset + finding.length <= text.size());
}

// Real models and requirement files, where they are at hand.
TEST(Secrets, QuietOnRealModels) {
  const std::filesystem::path folder = "../shared/data";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << stream.rdbuf();
    ++files;
    for (const SecretFinding& finding : find_secrets(bytes.str(), entry.path().string()))
      ADD_FAILURE() << entry.path() << ":" << finding.line << " " << finding.rule << " "
                    << bytes.str().substr(finding.offset, finding.length);
  }
  EXPECT_GT(files, 0U);
}

}  // namespace
}  // namespace aecos::check
