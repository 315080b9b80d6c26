#include <memory>

#include "cli/command.h"
#include "cli/project.h"
#include "sync/secrets.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string range;
  bool staged = false, json = false;
};

using Secrets = std::vector<sync::SecretAt>;

std::string index_file(Context& context) { return context.environment.variable("GIT_INDEX_FILE").value_or(""); }

Result<Secrets> find(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  if (!arguments.range.empty()) return sync::secrets_in_range(workspace, arguments.range);
  return arguments.staged ? sync::secrets_staged(workspace, index_file(context)) : sync::secrets_saved(workspace);
}

std::string as_json(const Secrets& secrets) {
  text::JsonWriter json(2);
  json.begin_array();
  for (const sync::SecretAt& secret : secrets) {
    json.begin_object().member("path", secret.path).member("line", secret.finding.line);
    json.member("column", secret.finding.column).member("rule", secret.finding.rule);
    json.member("fingerprint", secret.finding.fingerprint);
    if (secret.commit) json.member("commit", secret.commit.hex());
    json.end_object();
  }
  json.end_array();
  return std::move(json).take();
}

void say(Terminal& terminal, const Secrets& secrets) {
  Table table;
  for (const sync::SecretAt& secret : secrets) {
    const std::string path = secret.path.empty() ? "the message" : printable(secret.path);
    table.add({{path + ":" + std::to_string(secret.finding.line), Paint::bold},
               {secret.finding.rule, Paint::red},
               {secret.finding.fingerprint, Paint::dim},
               {secret.commit ? short_id(secret.commit) : "", Paint::yellow}});
  }
  table.print(terminal);
}

Result<int> scan(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const Secrets secrets, find(context, arguments));
  arguments.json ? context.terminal.raw(as_json(secrets)) : say(context.terminal, secrets);
  return secrets.empty() ? exit_ok : exit_findings;
}

}  // namespace

void add_secret_scan(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("secrets", "Keys, tokens and passwords that should not be shared");
  command->require_subcommand(1);
  Command* scanning = command->add_subcommand("scan", "Find them, without telling what they are");
  Option* range = scanning->add_option("RANGE", arguments->range,
                                       "What the commits of A..B add, or one commit (default: all files here)");
  scanning->add_flag("--staged", arguments->staged, "Only what is staged, and not in the last commit")->excludes(range);
  scanning->add_flag("--json", arguments->json, "Answer in JSON");
  scanning->footer(
      "A line for each: where it is, what it looks like, and a fingerprint, the same for the same secret.\n"
      "Exit status 0: none found, 1: there are some.");
  on_run(*scanning, context, [&context, arguments] { return scan(context, *arguments); });
}

}  // namespace aecos::cli
