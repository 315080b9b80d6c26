#include "hub/accounts.h"

#include <algorithm>

#include "base/sha256.h"
#include "http/message.h"
#include "hub/answer.h"
#include "hub/password.h"

namespace aecos::hub {
namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t day_us = 24 * 3600 * second_us;
constexpr std::int64_t used_step_us = 60 * second_us;  // How exactly the last use of a token is noted.
constexpr int failures_max = 8;
constexpr std::int64_t failures_for_us = 300 * second_us;
constexpr const char* first_setting = "first-administrator";  // Hash and end of the one-time link.
constexpr std::size_t password_min = 10, password_max = 1000;

Error no_entry() { return {ErrorCode::denied, "sign in: the token is not valid here (any more)"}; }

int rank(std::string_view scope) { return scope == "admin" ? 3 : scope == "write" ? 2 : scope == "read" ? 1 : 0; }

}  // namespace

bool Caller::may(std::string_view scope) const {
  return std::any_of(token.scopes.begin(), token.scopes.end(),
                     [&](const std::string& has) { return has == scope || rank(has) >= std::max(1, rank(scope)); });
}

Result<Caller> Accounts::by_secret(const std::string& secret) {
  if (!control_secret_.empty() && equal_secrets(secret, control_secret_)) {
    Caller control;
    control.user.administrator = true;
    control.token.scopes = {"admin"};
    control.token.kind = "control";
    return control;
  }
  const std::string hash = sha256_hex(secret);
  const std::int64_t now_us = parts_.clock.now_us();
  std::optional<store::Token> token;
  std::optional<store::User> user;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(token, tables.token_by_hash(hash));
    if (!token) return {};
    AECOS_TRY_ASSIGN(user, tables.user(token->login));
    return {};
  });
  AECOS_TRY(done);
  if (!token || !user || user->disabled || token->kind == "once") return no_entry();
  if (token->revoked_us != 0 || (token->expires_us != 0 && token->expires_us <= now_us)) return no_entry();
  if (now_us - token->used_us > used_step_us) {
    const std::lock_guard lock(mutex_);
    used_[token->id] = now_us;
  }
  return Caller{*std::move(user), *std::move(token)};
}

Result<> Accounts::note_uses() {
  std::map<std::string, std::int64_t> used;
  {
    const std::lock_guard lock(mutex_);
    used.swap(used_);
  }
  if (used.empty()) return {};
  Result<> done = parts_.store.write([&](store::Tables& tables) -> Result<> {
    for (const auto& [id, used_us] : used) {
      AECOS_TRY_ASSIGN(auto token, tables.token(id));  // As it is now: it may have been revoked since.
      if (!token || token->used_us >= used_us) continue;
      token->used_us = used_us;
      AECOS_TRY(tables.update_token(*token));
    }
    return {};
  });
  if (!done) {
    const std::lock_guard lock(mutex_);
    used_.merge(used);
  }
  return done;
}

Result<Caller> Accounts::by_header(std::string_view authorization) {
  const std::size_t blank = authorization.find(' ');
  std::string scheme(authorization.substr(0, blank));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (blank == std::string_view::npos) return no_entry();
  const std::string_view rest = authorization.substr(blank + 1);
  if (scheme == "bearer") return by_secret(std::string(rest));
  std::string pair;
  if (scheme != "basic" || !http::base64_decode(rest, pair)) return no_entry();
  const std::size_t colon = pair.find(':');
  if (colon == std::string::npos) return no_entry();
  return by_secret(pair.substr(colon + 1));
}

bool Accounts::is_slowed(const std::string& login) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(login);
  return found != failures_.end() && found->second.count >= failures_max &&
         parts_.clock.now_us() - found->second.last_us < failures_for_us;
}

void Accounts::count_failure(const std::string& login) {
  const std::lock_guard lock(mutex_);
  const std::int64_t now_us = parts_.clock.now_us();
  std::erase_if(failures_, [&](const auto& entry) { return now_us - entry.second.last_us > failures_for_us; });
  Failures& failures = failures_[login];
  ++failures.count;
  failures.last_us = now_us;
}

Result<NewToken> Accounts::sign_in(const std::string& login, const std::string& password) {
  if (is_slowed(login)) return Error{ErrorCode::denied, "too many wrong passwords lately; wait five minutes"};
  std::optional<store::User> user;
  const Result<> done = parts_.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(user, tables.user(login));
    return {};
  });
  AECOS_TRY(done);
  const bool known = user && !user->disabled && !user->password_hash.empty();
  // As much work for a name nobody has, so that names cannot be told apart.
  const bool right = is_password(password, known ? user->password_hash : "scrypt$32768$8$1$00$00");
  if (!known || !right) {
    count_failure(login);
    return Error{ErrorCode::denied, "the name or the password is wrong"};
  }
  return issue(
      {login, "session", "", {"admin"}, parts_.clock.now_us() + parts_.config.session_s * second_us, "session"});
}

Result<> Accounts::check_login(const std::string& login) const {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  const bool ok = !login.empty() && login.size() <= 40 && std::all_of(login.begin(), login.end(), fits) &&
                  login.front() != '.' && login.front() != '-' && !login.ends_with('.') &&
                  login.find("..") == std::string::npos;
  if (ok) return {};
  return Error{
      ErrorCode::invalid_input,
      "a login is 1 to 40 lower case letters, digits, '-', '_', and single '.' between them, and begins with no '-'"};
}

Result<> Accounts::check_password(const std::string& password) const {
  if (is_text(password, password_max) && !is_text(password, password_min - 1)) return {};
  return Error{ErrorCode::invalid_input, "a password has 10 to 1000 characters"};
}

Result<store::User> Accounts::add_user(store::User user, const std::string& password) {
  AECOS_TRY(check_login(user.login));
  if (!password.empty()) {
    AECOS_TRY(check_password(password));
    user.password_hash = hash_password(password, parts_.random);
  }
  user.created_us = parts_.clock.now_us();
  auto added = parts_.store.write([&](store::Tables& tables) { return tables.add_user(user); });
  if (!added && added.error().code == ErrorCode::changed_meanwhile)
    return Error{ErrorCode::changed_meanwhile, "there is a user " + user.login + " already"};
  if (!added) return std::move(added).error();
  return user;
}

Result<> Accounts::set_password(const std::string& login, const std::string& password) {
  AECOS_TRY(check_password(password));
  const std::string hash = hash_password(password, parts_.random);
  return parts_.store.write([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(auto user, tables.user(login));
    if (!user) return Error{ErrorCode::not_found, "there is no user " + login};
    user->password_hash = hash;
    AECOS_TRY(tables.update_user(*user));
    // Whoever knew the old one is out.
    AECOS_TRY_ASSIGN(std::vector<store::Token> tokens, tables.tokens(login));
    for (store::Token& token : tokens) {
      if (token.kind != "session" || token.revoked_us != 0) continue;
      token.revoked_us = parts_.clock.now_us();
      AECOS_TRY(tables.update_token(token));
    }
    return {};
  });
}

store::Token Accounts::make_token(const TokenWish& wish, const std::string& secret) {
  store::Token token;
  token.id = "t-" + os::random_hex(parts_.random, 8);
  token.hash = sha256_hex(secret);
  token.kind = wish.kind;
  token.login = wish.login;
  token.name = wish.name;
  token.scopes = wish.scopes;
  token.project = wish.project;
  token.created_us = parts_.clock.now_us();
  token.expires_us = wish.expires_us;
  return token;
}

Result<NewToken> Accounts::issue(const TokenWish& wish) {
  for (const std::string& scope : wish.scopes) {
    if (rank(scope) == 0)
      return Error{ErrorCode::invalid_input, "the scopes are read, write and admin, not '" + scope + "'"};
  }
  if (wish.scopes.empty()) return Error{ErrorCode::invalid_input, "a token needs a scope: read, write or admin"};
  NewToken made;
  made.secret = new_secret(parts_.random);
  made.token = make_token(wish, made.secret);
  const Result<> done = parts_.store.write([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(const auto user, tables.user(wish.login));
    if (!user) return Error{ErrorCode::not_found, "there is no user " + wish.login};
    return tables.add_token(made.token);
  });
  AECOS_TRY(done);
  return made;
}

Result<> Accounts::revoke(const std::string& id) {
  return parts_.store.write([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(auto token, tables.token(id));
    if (!token) return Error{ErrorCode::not_found, "there is no token " + id};
    if (token->revoked_us == 0) token->revoked_us = parts_.clock.now_us();
    return tables.update_token(*token);
  });
}

Result<std::optional<std::string>> Accounts::first_secret() {
  std::optional<std::string> secret;
  const std::string candidate = new_secret(parts_.random);
  const std::string kept = sha256_hex(candidate) + " " + std::to_string(parts_.clock.now_us() + day_us);
  const Result<> done = parts_.store.write([&](store::Tables& tables) -> Result<> {
    secret.reset();
    AECOS_TRY_ASSIGN(const std::size_t users, tables.count_users());
    if (users != 0) return {};
    secret = candidate;
    return tables.set_setting(first_setting, kept);
  });
  AECOS_TRY(done);
  return secret;
}

Result<store::User> Accounts::redeem(const std::string& secret, store::User user, const std::string& password) {
  AECOS_TRY(check_login(user.login));
  AECOS_TRY(check_password(password));
  user.password_hash = hash_password(password, parts_.random);
  user.created_us = parts_.clock.now_us();
  user.administrator = true;
  const Result<> done = parts_.store.write([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(const auto kept, tables.setting(first_setting));
    AECOS_TRY_ASSIGN(const std::size_t users, tables.count_users());
    const std::string hash = kept ? kept->substr(0, kept->find(' ')) : "";
    const bool known = !hash.empty() && equal_secrets(hash, sha256_hex(secret));
    if (!known || users != 0 || std::stoll(kept->substr(hash.size())) <= parts_.clock.now_us())
      return Error{ErrorCode::denied,
                   "the link was used already, or is over; where nobody is known yet, restart the hub for a new one"};
    AECOS_TRY(tables.set_setting(first_setting, ""));
    return tables.add_user(user);
  });
  AECOS_TRY(done);
  return user;
}

}  // namespace aecos::hub
