#include <memory>

#include "cli/command.h"
#include "cli/hub_link.h"
#include "git/program.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string url, login;
  bool token = false;
};

Result<http::Response> send(http::Client& client, const std::string& method, const std::string& url,
                            const std::string& secret, const std::string& body) {
  http::Call call;
  call.method = method;
  call.url = url;
  if (!secret.empty()) call.headers.add("Authorization", "Bearer " + secret);
  if (!body.empty()) call.headers.add("Content-Type", "application/json");
  call.body = body;
  return client.send(call);
}

Result<text::JsonDocument> answer_of(Result<http::Response> response) {
  if (!response) return std::move(response).error();
  AECOS_TRY_ASSIGN(text::JsonDocument document, text::parse_json(response->body.empty() ? "{}" : response->body));
  if (response->status < 300) return document;
  return Error{response->status == 401 || response->status == 403 ? ErrorCode::denied : ErrorCode::invalid_input,
               text_of(document.root()["detail"])};
}

// A token of its own for this machine, for a password that is not kept.
Result<std::string> token_for(http::Client& client, const std::string& base, const std::string& login,
                              const std::string& password, const std::string& machine) {
  text::JsonWriter body;
  body.begin_object().member("login", login).member("password", password).end_object();
  AECOS_TRY_ASSIGN(const auto session,
                   answer_of(send(client, "POST", base + "/api/v1/session", "", std::move(body).take())));
  const std::string secret = text_of(session.root()["secret"]);
  text::JsonWriter wish;
  wish.begin_object().member("name", "aecos on " + machine).key("scopes").begin_array().value("write").end_array();
  wish.end_object();
  AECOS_TRY_ASSIGN(const auto made,
                   answer_of(send(client, "POST", base + "/api/v1/tokens", secret, std::move(wish).take())));
  static_cast<void>(send(client, "DELETE", base + "/api/v1/session", secret, ""));
  return text_of(made.root()["secret"]);
}

Result<int> run(Context& context, const Arguments& arguments) {
  std::string url = arguments.url;
  while (url.ends_with('/')) url.pop_back();
  if (!url.ends_with(".git")) url += "/any.git";
  auto address = sync::hub_address(url);
  if (!address) return Error{ErrorCode::invalid_input, arguments.url + ": no address of a hub (http:// or https://)"};
  const auto client = http::make_client();
  if (!sync::is_hub(*client, *address))
    return Error{ErrorCode::unavailable, address->base + ": no aecos hub answers there"};
  std::string secret;
  if (arguments.token) {
    AECOS_TRY_ASSIGN(secret, read_secret(context, "Token"));
  } else {
    if (arguments.login.empty())
      return Error{ErrorCode::invalid_input, "say who you are with --login NAME, or give a token with --token"};
    AECOS_TRY_ASSIGN(const std::string password, read_secret(context, "Password of " + arguments.login));
    AECOS_TRY_ASSIGN(secret, token_for(*client, address->base, arguments.login, password, context.environment.host()));
  }
  AECOS_TRY_ASSIGN(const auto user, answer_of(send(*client, "GET", address->base + "/api/v1/user", secret, "")));
  const std::string login = text_of(user.root()["login"]);
  const std::size_t colon = address->base.find("://");
  const std::string known = "protocol=" + address->base.substr(0, colon) + "\nhost=" + address->base.substr(colon + 3) +
                            "\nusername=" + login + "\npassword=" + secret + "\n\n";
  git::Program program(context.processes, context.directory);
  AECOS_TRY(program.run({"credential", "approve"}, known));
  AECOS_TRY_ASSIGN(const os::Finished kept, program.try_run({"-c", "core.askPass=", "credential", "fill"},
                                                            known.substr(0, known.find("password=")) + "\n"));
  if (kept.output.find(secret) == std::string::npos)
    return Error{
        ErrorCode::unavailable,
        "git keeps no passwords here; choose where with: git config --global credential.helper store (or libsecret, "
        "manager, osxkeychain)"};
  context.terminal.say("You are " + printable(login) + " at " + printable(address->base) +
                       "; git and aecos use a token of this machine from now on.");
  return exit_ok;
}

}  // namespace

void add_login(Command& app, Context& context) {
  const auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("login", "Sign in to a hub; git's credential helper keeps the token");
  command->add_option("URL", arguments->url, "The hub, or a project of it")->required();
  command->add_option("--login", arguments->login, "Your name there; the password is read from standard input");
  command->add_flag("--token", arguments->token, "Read a token from standard input instead");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
