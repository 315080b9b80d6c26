// aecos hub: serving, and administration of a hub on this machine. A hub that runs is asked through its API; for one
// that does not, it is started for the one request.

#include <memory>

#include "base/percent.h"
#include "cli/command.h"
#include "cli/view_tools.h"
#include "http/client.h"
#include "hub/backup.h"
#include "hub/serve.h"
#include "os/path.h"
#include "os/termination.h"
#include "text/json.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

constexpr std::int64_t grace_ms = 10'000;

struct Arguments {
  std::string data, config, listen, name, title, email, login, project, access, path, id, password_from;
  std::vector<std::string> scopes;
  std::int64_t days = 0;
  bool json = false, administrator = false;
};

Result<hub::Config> read_settings(Context& context, const Arguments& arguments) {
  hub::Config config;
  config.data = os::join(context.environment.home(), ".local/share/aecos-hub");
  if (!arguments.config.empty()) {
    AECOS_TRY_ASSIGN(const os::MappedFile file, open_input(context, arguments.config));
    auto read = hub::read_config(file.bytes(), config);
    if (!read) return Error{read.error().code, at_file(arguments.config, read.error().message)};
  }
  if (!arguments.data.empty()) config.data = arguments.data;
  config.data = context.path(config.data);
  if (!arguments.listen.empty()) AECOS_TRY(hub::read_listen(arguments.listen, config));
  if (config.view_tools.empty()) config.view_tools = view_tools_beside(context);
  if (config.certificate.empty() != config.key.empty())
    return Error{ErrorCode::invalid_input, "tls.certificate and tls.key belong together"};
  return config;
}

hub::World world_of(Context& context) { return {context.files, context.clock, context.random, context.processes}; }

void say_first(Context& context, hub::Service& service) {
  Terminal& terminal = context.terminal;
  terminal.say("aecos hub at " + terminal.paint(Paint::bold, service.url()) + "  (API: " + service.url() + "/api/v1)");
  if (!service.first_secret()) return;
  terminal.say("Nobody is known here yet. Make the first administrator within a day:");
  terminal.say("  " + terminal.paint(Paint::yellow, service.url() + "/setup#" + *service.first_secret()));
  terminal.say("  or: aecos hub user add NAME --administrator");
}

Result<int> serve(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const hub::Config config, read_settings(context, arguments));
  const auto termination = os::catch_termination();
  AECOS_TRY_ASSIGN(const std::unique_ptr<hub::Opened> opened, hub::Opened::open(world_of(context), config));
  AECOS_TRY_ASSIGN(const std::unique_ptr<hub::Service> service, hub::Service::start(*opened));
  say_first(context, *service);
  if (context.output != nullptr) context.output->flush();
  termination->wait(-1);
  opened->log->write(hub::Level::info, "ending");
  service->stop(grace_ms);
  return exit_ok;
}

// The hub of a data folder, running already or for this request.
class Line {
 public:
  static Result<std::unique_ptr<Line>> open(Context& context, const Arguments& arguments) {
    AECOS_TRY_ASSIGN(hub::Config config, read_settings(context, arguments));
    auto line = std::make_unique<Line>();
    line->client_ = http::make_client(config.certificate.empty() ? "" : config.certificate);
    if (const auto control = hub::read_control_file(context.files, config.data)) {
      line->control_ = *control;
      http::Call call;
      call.url = control->url + "/healthz";
      if (line->client_->send(call)) return line;
    }
    config.address = "127.0.0.1";
    config.port = 0;
    config.certificate = config.key = "";
    config.log_level = "error";
    AECOS_TRY_ASSIGN(line->opened_, hub::Opened::open(world_of(context), config));
    AECOS_TRY_ASSIGN(line->service_, hub::Service::start(*line->opened_));
    AECOS_TRY_ASSIGN(line->control_, hub::read_control_file(context.files, config.data));
    return line;
  }

  // The answer's JSON; a problem becomes the error it tells of.
  Result<text::JsonDocument> ask(const std::string& method, const std::string& path, const std::string& body = "") {
    http::Call call;
    call.method = method;
    call.url = control_.url + "/api/v1" + path;
    call.headers = {{"Authorization", "Bearer " + control_.secret}};
    if (!body.empty()) call.headers.add("Content-Type", "application/json");
    call.body = body;
    call.timeout_ms = 0;
    AECOS_TRY_ASSIGN(const http::Response response, client_->send(call));
    AECOS_TRY_ASSIGN(text::JsonDocument document, text::parse_json(response.body.empty() ? "{}" : response.body));
    if (response.status < 300) return document;
    const auto detail = document.root()["detail"].as_string();
    ErrorCode code = ErrorCode::invalid_input;
    if (response.status == 403 || response.status == 401) code = ErrorCode::denied;
    if (response.status == 409) code = ErrorCode::changed_meanwhile;
    if (response.status >= 500) code = ErrorCode::unavailable;
    return Error{code, std::string(detail.value_or("the hub answered " + std::to_string(response.status)))};
  }

 private:
  std::unique_ptr<hub::Opened> opened_;
  std::unique_ptr<hub::Service> service_;
  std::unique_ptr<http::Client> client_;
  hub::Control control_;
};

std::string text_of(text::JsonNode node) { return std::string(node.as_string().value_or(std::string_view())); }

// A table of the objects in a list, a column for each member.
void say_list(Context& context, text::JsonNode list, const std::vector<std::pair<const char*, const char*>>& columns) {
  Table table;
  std::vector<Table::Cell> head;
  for (const auto& [member, title] : columns) head.push_back({title, Paint::dim});
  table.add(std::move(head));
  for (const text::JsonNode each : list) {
    std::vector<Table::Cell> row;
    for (const auto& [member, title] : columns) {
      const text::JsonNode value = each[member];
      std::string shown = value.is_string() ? text_of(value) : value.is_null() ? "" : std::string(value.raw());
      if (shown == "false") shown = "";
      if (shown == "true") shown = "yes";
      row.push_back({printable(shown)});
    }
    table.add(std::move(row));
  }
  table.print(context.terminal);
}

void say(Context& context, const Arguments& arguments, const text::JsonDocument& answer,
         const std::function<void()>& in_words) {
  if (!arguments.json) return in_words();
  text::JsonWriter json(2);
  json.value(answer.root());
  context.terminal.raw(std::move(json).take());
}

Result<int> add_user(Context& context, const Arguments& arguments) {
  text::JsonWriter body;
  body.begin_object().member("login", arguments.login).member("name", arguments.name).member("email", arguments.email);
  body.member("administrator", arguments.administrator);
  if (arguments.password_from == "-") {
    AECOS_TRY_ASSIGN(const std::string password, read_secret(context, "Password of " + arguments.login));
    body.member("password", password);
  }
  body.end_object();
  AECOS_TRY_ASSIGN(const auto line, Line::open(context, arguments));
  AECOS_TRY_ASSIGN(const auto answer, line->ask("POST", "/users", std::move(body).take()));
  say(context, arguments, answer, [&] {
    context.terminal.say(arguments.login + " is known now. A token to sign in with: aecos hub token add " +
                         arguments.login);
  });
  return exit_ok;
}

Result<int> list_users(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const auto line, Line::open(context, arguments));
  AECOS_TRY_ASSIGN(const auto answer, line->ask("GET", "/users?limit=1000"));
  say(context, arguments, answer, [&] {
    say_list(context, answer.root()["users"],
             {{"login", "LOGIN"},
              {"name", "NAME"},
              {"email", "MAIL"},
              {"administrator", "ADMINISTRATOR"},
              {"disabled", "DISABLED"}});
  });
  return exit_ok;
}

Result<int> change_user(Context& context, const Arguments& arguments, const std::string& member, bool value) {
  text::JsonWriter body;
  body.begin_object();
  if (member == "password") {
    AECOS_TRY_ASSIGN(const std::string password, read_secret(context, "Password of " + arguments.login));
    body.member("password", password);
  } else {
    body.member(member, value);
  }
  body.end_object();
  AECOS_TRY_ASSIGN(const auto line, Line::open(context, arguments));
  AECOS_TRY_ASSIGN(const auto answer,
                   line->ask("PATCH", "/users/" + percent_encode(arguments.login), std::move(body).take()));
  say(context, arguments, answer, [&] { context.terminal.say("Done."); });
  return exit_ok;
}

Result<int> add_token(Context& context, const Arguments& arguments) {
  text::JsonWriter body;
  body.begin_object().member("login", arguments.login).member("name", arguments.name).member("days", arguments.days);
  body.member("project", arguments.project).key("scopes").begin_array();
  for (const std::string& scope : arguments.scopes) body.value(scope);
  body.end_array().end_object();
  AECOS_TRY_ASSIGN(const auto line, Line::open(context, arguments));
  AECOS_TRY_ASSIGN(const auto answer, line->ask("POST", "/tokens", std::move(body).take()));
  // The secret alone on standard output, so that a script can take it.
  say(context, arguments, answer, [&] {
    context.terminal.say(text_of(answer.root()["secret"]));
    context.terminal.warn("this is shown once; whoever has it is " + arguments.login);
  });
  return exit_ok;
}

Result<int> list_tokens(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const auto line, Line::open(context, arguments));
  AECOS_TRY_ASSIGN(const auto answer, line->ask("GET", "/tokens?login=" + percent_encode(arguments.login)));
  say(context, arguments, answer, [&] {
    say_list(context, answer.root()["tokens"],
             {{"id", "ID"},
              {"kind", "KIND"},
              {"name", "NAME"},
              {"scopes", "SCOPES"},
              {"expires", "EXPIRES"},
              {"used", "USED"},
              {"revoked", "REVOKED"}});
  });
  return exit_ok;
}

Result<int> revoke_token(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const auto line, Line::open(context, arguments));
  AECOS_TRY_ASSIGN(const auto answer, line->ask("DELETE", "/tokens/" + percent_encode(arguments.id)));
  say(context, arguments, answer, [&] { context.terminal.say("The token lets nobody in any more."); });
  return exit_ok;
}

Result<int> add_project(Context& context, const Arguments& arguments) {
  text::JsonWriter body;
  body.begin_object().member("name", arguments.project).member("title", arguments.title);
  body.member("owner", arguments.login).end_object();
  AECOS_TRY_ASSIGN(const auto line, Line::open(context, arguments));
  AECOS_TRY_ASSIGN(const auto answer, line->ask("POST", "/projects", std::move(body).take()));
  say(context, arguments, answer, [&] { context.terminal.say("The project " + arguments.project + " is there."); });
  return exit_ok;
}

Result<int> list_projects(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const auto line, Line::open(context, arguments));
  AECOS_TRY_ASSIGN(const auto answer, line->ask("GET", "/projects"));
  say(context, arguments, answer, [&] {
    say_list(context, answer.root()["projects"],
             {{"name", "NAME"},
              {"title", "TITLE"},
              {"createdBy", "MADE BY"},
              {"sequence", "EVENTS"},
              {"archived", "ARCHIVED"}});
  });
  return exit_ok;
}

Result<int> set_member(Context& context, const Arguments& arguments) {
  const std::string path =
      "/projects/" + percent_encode(arguments.project) + "/members/" + percent_encode(arguments.login);
  AECOS_TRY_ASSIGN(const auto line, Line::open(context, arguments));
  const bool none = arguments.access == "none";
  const std::string body = none ? "" : "{\"access\":" + text::json_quote(arguments.access) + "}";
  AECOS_TRY_ASSIGN(const auto answer, line->ask(none ? "DELETE" : "PUT", path, body));
  say(context, arguments, answer, [&] {
    context.terminal.say(arguments.login + (none ? " has no access to " : " may " + arguments.access + " ") +
                         arguments.project + ".");
  });
  return exit_ok;
}

Result<int> back_up(Context& context, const Arguments& arguments) {
  text::JsonWriter body;
  body.begin_object().member("path", context.path(arguments.path)).end_object();
  AECOS_TRY_ASSIGN(const auto line, Line::open(context, arguments));
  AECOS_TRY_ASSIGN(const auto answer, line->ask("POST", "/operations/backup", std::move(body).take()));
  say(context, arguments, answer, [&] {
    const text::JsonNode root = answer.root();
    context.terminal.say(std::string(root["projects"].raw()) + " projects, " + std::string(root["files"].raw()) +
                         " files, " + std::string(root["bytes"].raw()) + " bytes are in " + arguments.path + ".");
  });
  return exit_ok;
}

Result<int> restore(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const hub::Config config, read_settings(context, arguments));
  AECOS_TRY(hub::restore_hub({context.files, context.path(arguments.path), config.data, config.database}));
  context.terminal.say("The hub is in " + config.data + "; aecos hub check looks it over.");
  return exit_ok;
}

Result<int> check(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const auto line, Line::open(context, arguments));
  AECOS_TRY_ASSIGN(const auto answer, line->ask("POST", "/operations/check"));
  const text::JsonNode faults = answer.root()["faults"];
  say(context, arguments, answer, [&] {
    for (const text::JsonNode fault : faults)
      context.terminal.say(context.terminal.paint(Paint::red, printable(text_of(fault))));
    if (faults.size() == 0) context.terminal.say("Everything is sound.");
  });
  return faults.size() == 0 ? exit_ok : exit_findings;
}

Command* add(Command& app, Context& context, const std::shared_ptr<Arguments>& arguments, const char* name,
             const char* what, Result<int> (*run)(Context&, const Arguments&)) {
  Command* command = app.add_subcommand(name, what);
  command->add_option("--data", arguments->data, "The hub's folder (default: ~/.local/share/aecos-hub)");
  command->add_option("--config", arguments->config, "Settings, TOML or JSON");
  command->add_flag("--json", arguments->json, "Answer as JSON");
  on_run(*command, context, [&context, arguments, run] { return run(context, *arguments); });
  return command;
}

void add_people(Command& hub, Context& context, const std::shared_ptr<Arguments>& a) {
  Command* user = hub.add_subcommand("user", "People the hub knows")->require_subcommand(1, 1);
  Command* added = add(*user, context, a, "add", "Make somebody known", add_user);
  added->add_option("LOGIN", a->login)->required();
  added->add_option("--name", a->name, "Their name");
  added->add_option("--email", a->email, "Their mail address");
  added->add_flag("--administrator", a->administrator, "They may administrate the hub");
  added->add_option("--password", a->password_from, "-: read a password from standard input")->one_of({"-"});
  add(*user, context, a, "list", "Who is known", list_users);
  add(*user, context, a, "password", "Set a password, read from standard input",
      [](Context& c, const Arguments& args) { return change_user(c, args, "password", true); })
      ->add_option("LOGIN", a->login)
      ->required();
  add(*user, context, a, "disable", "Let somebody in no more",
      [](Context& c, const Arguments& args) { return change_user(c, args, "disabled", true); })
      ->add_option("LOGIN", a->login)
      ->required();
  add(*user, context, a, "enable", "Let somebody in again",
      [](Context& c, const Arguments& args) { return change_user(c, args, "disabled", false); })
      ->add_option("LOGIN", a->login)
      ->required();
  Command* token = hub.add_subcommand("token", "What programs sign in with")->require_subcommand(1, 1);
  Command* made = add(*token, context, a, "add", "Make one; it is printed once", add_token);
  made->add_option("LOGIN", a->login)->required();
  made->add_option("--name", a->name, "What it is for");
  made->add_option("--scope", a->scopes, "read, write, admin (default: write)")->by_default({"write"});
  made->add_option("--project", a->project, "For one project alone");
  made->add_option("--days", a->days, "How long it is valid; 0: until it is revoked");
  add(*token, context, a, "list", "Somebody's tokens", list_tokens)->add_option("LOGIN", a->login)->required();
  add(*token, context, a, "revoke", "Take one back", revoke_token)->add_option("ID", a->id)->required();
}

}  // namespace

void add_hub(Command& app, Context& context) {
  const auto a = std::make_shared<Arguments>();
  Command* hub = app.add_subcommand("hub", "Serve projects to a team, and administrate that")->require_subcommand(1, 1);
  add(*hub, context, a, "serve", "Run the hub until it is told to end", serve)
      ->add_option("--listen", a->listen, "ADDRESS:PORT (default: 127.0.0.1:8420)");
  add_hub_demo(*hub, context);
  add_people(*hub, context, a);
  Command* project = hub->add_subcommand("project", "Projects of the hub")->require_subcommand(1, 1);
  Command* made = add(*project, context, a, "add", "Make a project", add_project);
  made->add_option("PROJECT", a->project)->required();
  made->add_option("--title", a->title, "What people call it");
  made->add_option("--owner", a->login, "Who may manage it");
  add(*project, context, a, "list", "All projects", list_projects);
  Command* member =
      add(*project, context, a, "member", "Who may read, write or manage it without roles.json", set_member);
  member->add_option("PROJECT", a->project)->required();
  member->add_option("LOGIN", a->login)->required();
  member->add_option("ACCESS", a->access, "read, write, manage or none")
      ->required()
      ->one_of({"read", "write", "manage", "none"});
  add(*hub, context, a, "backup", "Copy everything into a new folder, while the hub works on", back_up)
      ->add_option("FOLDER", a->path)
      ->required();
  add(*hub, context, a, "restore", "Make a hub of a backup, in an empty data folder", restore)
      ->add_option("FOLDER", a->path)
      ->required();
  add(*hub, context, a, "check", "Look whether everything is sound", check);
}

}  // namespace aecos::cli
