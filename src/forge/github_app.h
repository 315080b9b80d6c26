#pragma once
// Tokens of a GitHub App: a statement that is signed with the App's key is exchanged for a token of an installation,
// which ends after an hour. docs.github.com, "Generating a JSON Web Token (JWT) for a GitHub App" and "Generating an
// installation access token".

#include <cstdint>
#include <string>

#include "forge/forge.h"

namespace aecos::forge {

// What is to be signed with RS256: "HEADER.CLAIMS" (RFC 7519). Begins a minute ago, as clocks differ, and ends in nine.
std::string app_claims(const std::string& app, std::int64_t now_s);
// With the signature's bytes: the whole statement.
std::string app_statement(const std::string& claims, std::string_view signature);

struct AppToken {
  std::string token;
  std::int64_t until_s = 0;  // Seconds since 1970.
};

// A token for the one repository of `access`, whose own token is the statement. Errors as Forge has them.
Result<AppToken> installation_token(Access access, http::Client& client, const std::string& installation);

}  // namespace aecos::forge
