#include "forge/github_app.h"

#include "forge/link_internal.h"

namespace aecos::forge {
namespace {

constexpr std::int64_t second_us = 1'000'000;

// base64url without padding (RFC 4648, section 5).
std::string to_base64url(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    held = held << 8U | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) text += digits[held >> (bits - 6) & 63U];
  }
  if (bits > 0) text += digits[held << (6 - bits) & 63U];
  return text;
}

}  // namespace

std::string app_claims(const std::string& app, std::int64_t now_s) {
  constexpr std::int64_t early_s = 60, late_s = 540;
  text::JsonWriter claims;
  claims.begin_object().member("iat", now_s - early_s).member("exp", now_s + late_s).member("iss", app).end_object();
  return to_base64url(R"({"alg":"RS256","typ":"JWT"})") + "." + to_base64url(std::move(claims).take());
}

std::string app_statement(const std::string& claims, std::string_view signature) {
  return claims + "." + to_base64url(signature);
}

Result<AppToken> installation_token(Access access, http::Client& client, const std::string& installation) {
  text::JsonWriter wish;
  wish.begin_object().key("repositories").begin_array();
  wish.value(access.repository.substr(access.repository.find('/') + 1)).end_array().end_object();
  Link link(access, client, "Bearer " + access.token,
            {{"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}});
  AECOS_TRY_ASSIGN(const text::JsonDocument answer,
                   link.send("POST", "/app/installations/" + installation + "/access_tokens", std::move(wish).take()));
  AppToken made{string_of(answer.root()["token"]), time_of(answer.root()["expires_at"]) / second_us};
  if (made.token.empty() || made.until_s == 0)
    return Error{ErrorCode::unavailable, "GitHub gave no token for the App's installation " + installation};
  return made;
}

}  // namespace aecos::forge
