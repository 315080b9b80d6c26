#include <algorithm>

#include "hub/answer.h"
#include "hub/routes.h"
#include "hub/to_json.h"

namespace aecos::hub {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t login_max = 40, name_max = 200, email_max = 254, code_max = 200, scopes_max = 3;

Error administrators_only() { return {ErrorCode::denied, "this is for administrators, with a token of scope admin"}; }

Response user_answer(int status, const store::User& user) {
  text::JsonWriter json;
  write(json, user);
  return json_answer(status, std::move(json));
}

Response token_answer(int status, const NewToken& made) {
  text::JsonWriter json;
  json.begin_object().key("token");
  write(json, made.token);
  json.member("secret", made.secret).end_object();
  return json_answer(status, std::move(json));
}

// The session of a browser lives in a cookie that its scripts cannot read.
void set_cookie(Hub& hub, Response& response, const std::string& secret, std::int64_t seconds) {
  const bool secure = !hub.parts.config.certificate.empty() || hub.parts.config.url.starts_with("https:");
  response.headers.add("Set-Cookie", "aecos_session=" + secret + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" +
                                         std::to_string(seconds) + (secure ? "; Secure" : ""));
}

// They sign commits, in which angle brackets enclose the address.
Result<> read_person(const Body& body, store::User& user) {
  AECOS_TRY_ASSIGN(user.name, body.line("name", name_max, user.name));
  AECOS_TRY_ASSIGN(user.email, body.line("email", email_max, user.email));
  if (body.has("name") && user.name.find_first_of("<>") != std::string::npos)
    return Error{ErrorCode::invalid_input, "name: a text without < and > is wanted"};
  const std::string& email = user.email;
  const std::size_t at = email.find('@');
  const bool is_address = at != std::string::npos && at > 0 && at + 1 < email.size() && at == email.rfind('@') &&
                          email.find_first_of("<> ") == std::string::npos;
  if (body.has("email") && !email.empty() && !is_address)
    return Error{ErrorCode::invalid_input, "email: an address like ana@example.org is wanted"};
  return {};
}

Result<Response> set_up(Hub& hub, const Request& request) {
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"code", "login", "name", "email", "password"}));
  store::User user;
  AECOS_TRY_ASSIGN(const std::string code, body.required_line("code", code_max));
  AECOS_TRY_ASSIGN(user.login, body.required("login"));
  AECOS_TRY(read_person(body, user));
  AECOS_TRY_ASSIGN(const std::string password, body.required("password"));
  AECOS_TRY_ASSIGN(const store::User made, hub.accounts.redeem(code, user, password));
  hub.parts.log.write(Level::info, "the first administrator was made", {{"login", made.login}});
  return user_answer(201, made);
}

Result<Response> sign_in(Hub& hub, const Request& request) {
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"login", "password"}));
  // Short, because wrong ones are remembered for a while.
  AECOS_TRY_ASSIGN(const std::string login, body.required_line("login", login_max));
  AECOS_TRY_ASSIGN(const std::string password, body.required("password"));
  auto made = hub.accounts.sign_in(login, password);
  if (!made) {
    hub.parts.log.write(Level::warn, "a sign-in was refused", {{"remote", request.remote}});
    return made.error().code == ErrorCode::denied ? problem(401, made.error().message) : problem(made.error());
  }
  Response response = token_answer(201, *made);
  set_cookie(hub, response, made->secret, hub.parts.config.session_s);
  return response;
}

Result<Response> sign_out(Hub& hub, const Caller& caller) {
  AECOS_TRY(hub.accounts.revoke(caller.token.id));
  Response response{204};
  set_cookie(hub, response, "", 0);
  return response;
}

Result<Response> list_users(Hub& hub, const Caller& caller, const Request& request) {
  if (!caller.is_administrator()) return administrators_only();
  AECOS_TRY_ASSIGN(const std::size_t limit, limit_of(request));
  std::vector<store::User> users;
  const Result<> done = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(users, tables.users(request.query_value("cursor").value_or(""), limit));
    return {};
  });
  AECOS_TRY(done);
  text::JsonWriter json;
  json.begin_object().key("users").begin_array();
  for (const store::User& user : users) write(json, user);
  json.end_array().key("next");
  users.size() == limit ? json.value(users.back().login) : json.null();
  json.end_object();
  return json_answer(200, std::move(json));
}

Result<Response> add_user(Hub& hub, const Caller& caller, const Request& request) {
  if (!caller.is_administrator()) return administrators_only();
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"login", "name", "email", "password", "administrator"}));
  store::User user;
  AECOS_TRY_ASSIGN(user.login, body.required("login"));
  AECOS_TRY(read_person(body, user));
  AECOS_TRY_ASSIGN(user.administrator, body.truth("administrator", false));
  AECOS_TRY_ASSIGN(const std::string password, body.has("password") ? body.required("password") : std::string());
  AECOS_TRY_ASSIGN(const store::User made, hub.accounts.add_user(user, password));
  return user_answer(201, made);
}

Result<store::User> find_user(Hub& hub, const std::string& login) {
  std::optional<store::User> user;
  const Result<> done = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(user, tables.user(login));
    return {};
  });
  AECOS_TRY(done);
  if (!user) return Error{ErrorCode::not_found, "there is no such user"};
  return *std::move(user);
}

Result<Response> show_user(Hub& hub, const Caller& caller, const Request& request) {
  const std::string& login = request.parameters.at(0);
  if (login != caller.login() && !caller.is_administrator()) return administrators_only();
  AECOS_TRY_ASSIGN(const store::User user, find_user(hub, login));
  return user_answer(200, user);
}

Result<Response> change_user(Hub& hub, const Caller& caller, const Request& request) {
  const std::string& login = request.parameters.at(0);
  const bool administrator = caller.is_administrator();
  if (!administrator && (login != caller.login() || !caller.may("admin"))) return administrators_only();
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"name", "email", "password", "administrator", "disabled"}));
  if (!administrator && (body.has("administrator") || body.has("disabled"))) return administrators_only();
  AECOS_TRY_ASSIGN(store::User user, find_user(hub, login));
  AECOS_TRY(read_person(body, user));
  AECOS_TRY_ASSIGN(user.administrator, body.truth("administrator", user.administrator));
  AECOS_TRY_ASSIGN(user.disabled, body.truth("disabled", user.disabled));
  if (login == caller.login() && (user.disabled || (caller.user.administrator && !user.administrator)))
    return Error{ErrorCode::invalid_input, "nobody takes their own rights away; another administrator can"};
  // First what may be refused: all of the request is done, or nothing.
  if (body.has("password")) {
    AECOS_TRY_ASSIGN(const std::string password, body.text("password"));
    AECOS_TRY(hub.accounts.set_password(login, password));
    AECOS_TRY_ASSIGN(const store::User fresh, find_user(hub, login));
    user.password_hash = fresh.password_hash;
  }
  const Result<> done = hub.parts.store.write([&](store::Tables& tables) { return tables.update_user(user); });
  AECOS_TRY(done);
  return user_answer(200, user);
}

// Whose tokens are meant: the caller's own, or for administrators anybody's.
Result<std::string> owner_of(const Caller& caller, const std::string& login) {
  if (login.empty() || login == caller.login()) return caller.login();
  if (!caller.is_administrator()) return administrators_only();
  return login;
}

Result<Response> list_tokens(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const std::string login, owner_of(caller, request.query_value("login").value_or("")));
  std::vector<store::Token> tokens;
  const Result<> done = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(tokens, tables.tokens(login));
    return {};
  });
  AECOS_TRY(done);
  text::JsonWriter json;
  json.begin_object().key("tokens").begin_array();
  for (const store::Token& token : tokens) write(json, token);
  json.end_array().end_object();
  return json_answer(200, std::move(json));
}

Result<Response> add_token(Hub& hub, const Caller& caller, const Request& request) {
  AECOS_TRY_ASSIGN(const Body body, Body::read(request, {"login", "name", "scopes", "project", "days"}));
  TokenWish wish;
  AECOS_TRY_ASSIGN(const std::string login, body.line("login", login_max));
  AECOS_TRY_ASSIGN(wish.login, owner_of(caller, login));
  AECOS_TRY_ASSIGN(wish.name, body.line("name", name_max));
  AECOS_TRY_ASSIGN(wish.scopes, body.texts("scopes"));
  AECOS_TRY_ASSIGN(wish.project, body.text("project", caller.token.project));
  if (wish.scopes.size() > scopes_max || !(wish.project.empty() || is_project_name(wish.project)))
    return Error{ErrorCode::invalid_input, "scopes and project: up to three scopes and a project's name are wanted"};
  AECOS_TRY_ASSIGN(const std::int64_t days, body.number("days", 0));
  if (days < 0 || days > 3650) return Error{ErrorCode::invalid_input, "days: 0 (no end) to 3650 is wanted"};
  for (const std::string& scope : wish.scopes) {
    if (!caller.may(scope)) return Error{ErrorCode::denied, "a token cannot give more than the one it is made with"};
  }
  if (!caller.token.project.empty() && wish.project != caller.token.project)
    return Error{ErrorCode::denied, "a token for one project cannot make one for another"};
  const std::int64_t second_us = 1'000'000;
  if (days != 0) wish.expires_us = hub.parts.clock.now_us() + days * 24 * 3600 * second_us;
  // No longer than the one it is made with, unless that is a session of the person.
  if (!caller.is_session() && caller.token.expires_us != 0)
    wish.expires_us =
        wish.expires_us == 0 ? caller.token.expires_us : std::min(wish.expires_us, caller.token.expires_us);
  AECOS_TRY_ASSIGN(const NewToken made, hub.accounts.issue(wish));
  return token_answer(201, made);
}

Result<Response> revoke_token(Hub& hub, const Caller& caller, const Request& request) {
  const std::string& id = request.parameters.at(0);
  std::optional<store::Token> token;
  const Result<> done = hub.parts.store.read([&](store::Tables& tables) -> Result<> {
    AECOS_TRY_ASSIGN(token, tables.token(id));
    return {};
  });
  AECOS_TRY(done);
  if (!token || (token->login != caller.login() && !caller.is_administrator()))
    return Error{ErrorCode::not_found, "there is no such token"};
  AECOS_TRY(hub.accounts.revoke(id));
  return Response{204};
}

}  // namespace

void add_account_routes(http::Router& router, Hub& hub) {
  router.add("POST", "/api/v1/setup", open_to_all([&hub](const Request& r) { return set_up(hub, r); }));
  router.add("POST", "/api/v1/session", open_to_all([&hub](const Request& r) { return sign_in(hub, r); }));
  router.add("DELETE", "/api/v1/session",
             with_caller(hub, [&hub](const Caller& caller, const Request&) { return sign_out(hub, caller); }));
  router.add("GET", "/api/v1/user", with_caller(hub, [](const Caller& caller, const Request&) -> Result<Response> {
               return user_answer(200, caller.user);
             }));
  router.add("GET", "/api/v1/users",
             with_caller(hub, [&hub](const Caller& c, const Request& r) { return list_users(hub, c, r); }));
  router.add("POST", "/api/v1/users",
             with_caller(hub, [&hub](const Caller& c, const Request& r) { return add_user(hub, c, r); }));
  router.add("GET", "/api/v1/users/{}",
             with_caller(hub, [&hub](const Caller& c, const Request& r) { return show_user(hub, c, r); }));
  router.add("PATCH", "/api/v1/users/{}",
             with_caller(hub, [&hub](const Caller& c, const Request& r) { return change_user(hub, c, r); }));
  router.add("GET", "/api/v1/tokens",
             with_caller(hub, [&hub](const Caller& c, const Request& r) { return list_tokens(hub, c, r); }));
  router.add("POST", "/api/v1/tokens",
             with_caller(hub, [&hub](const Caller& c, const Request& r) { return add_token(hub, c, r); }));
  router.add("DELETE", "/api/v1/tokens/{}",
             with_caller(hub, [&hub](const Caller& c, const Request& r) { return revoke_token(hub, c, r); }));
}

}  // namespace aecos::hub
