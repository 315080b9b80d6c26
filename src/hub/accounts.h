#pragma once
// Who somebody is: users, tokens, sessions.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/parts.h"

namespace aecos::hub {

// Somebody who has shown who they are.
struct Caller {
  store::User user;
  store::Token token;
  [[nodiscard]] const std::string& login() const { return user.login; }
  [[nodiscard]] bool may(std::string_view scope) const;  // "admin" includes "write" includes "read".
  [[nodiscard]] bool is_administrator() const { return user.administrator && may("admin"); }
  [[nodiscard]] bool is_session() const { return token.kind == "session"; }
};

struct NewToken {
  store::Token token;
  std::string secret;  // Shown once, kept nowhere.
};

struct TokenWish {
  std::string login, name, project;
  std::vector<std::string> scopes;
  std::int64_t expires_us = 0;
  std::string kind = "personal";
};

class Accounts {
 public:
  explicit Accounts(const Parts& parts) : parts_(parts) {}

  // Whoever can read the hub's own files may do what an administrator may.
  void set_control_secret(std::string secret) { control_secret_ = std::move(secret); }

  // By a token's secret. denied: there is none such, or it is over, or its user is disabled.
  Result<Caller> by_secret(const std::string& secret);
  // "Bearer SECRET", or "Basic" with the secret as password (the user's name is not looked at).
  Result<Caller> by_header(std::string_view authorization);

  // Writes down when tokens were last used. Whoever shows one does not wait for that; what cannot be written is kept.
  Result<> note_uses();

  // denied: wrong, or tried too often lately.
  Result<NewToken> sign_in(const std::string& login, const std::string& password);
  // invalid_input: a login, password or scope that cannot be. changed_meanwhile: the login is taken.
  Result<store::User> add_user(store::User user, const std::string& password);
  Result<> set_password(const std::string& login, const std::string& password);
  Result<NewToken> issue(const TokenWish& wish);
  Result<> revoke(const std::string& id);

  // Where there is no user yet: the secret of a link that makes its user the administrator, valid for a day. Absent:
  // there are users.
  Result<std::optional<std::string>> first_secret();
  Result<store::User> redeem(const std::string& secret, store::User user, const std::string& password);

 private:
  Result<> check_login(const std::string& login) const;
  Result<> check_password(const std::string& password) const;
  store::Token make_token(const TokenWish& wish, const std::string& secret);
  bool is_slowed(const std::string& login);
  void count_failure(const std::string& login);

  Parts parts_;
  std::string control_secret_;  // Set before anybody is served.
  std::mutex mutex_;
  struct Failures {
    int count = 0;
    std::int64_t last_us = 0;
  };
  std::map<std::string, Failures> failures_;
  std::map<std::string, std::int64_t> used_;  // By id, where it is not in the store yet.
};

}  // namespace aecos::hub
