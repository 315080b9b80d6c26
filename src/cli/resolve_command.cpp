#include <memory>

#include "cli/command.h"
#include "cli/project.h"
#include "sync/resolve.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string id, value;
  bool ours = false, theirs = false, base = false, as_is = false, json = false;
};

sync::Decision decision_of(const Arguments& arguments) {
  if (arguments.ours) return merge::Side::ours;
  if (arguments.theirs) return merge::Side::theirs;
  if (arguments.base) return merge::Side::base;
  if (arguments.as_is) return sync::AsItIs{};
  return sync::NewValue{sync::json_of(arguments.value)};
}

Result<int> run(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(sync::Resolution settled, sync::resolve(workspace, arguments.id, decision_of(arguments)));
  if (!workspace.left_over.empty()) context.terminal.warn(workspace.left_over);
  const revision::Record& record = settled.record;
  if (arguments.json) {
    text::JsonWriter json(2);
    json.begin_object().member("id", record.conflict.id).member("path", record.path);
    json.key("commit").raw(settled.commit ? text::json_quote(settled.commit.hex()) : "null");
    json.member("openInPath", settled.open_in_path).end_object();
    context.terminal.raw(std::move(json).take());
    return exit_ok;
  }
  Terminal& terminal = context.terminal;
  for (const sync::CommitMade& commit : settled.commits) {
    terminal.say(terminal.paint(Paint::green, "saved   ") + "  " + printable(commit.subject));
  }
  terminal.say(terminal.paint(Paint::green, "settled ") + "  " + record.conflict.id + " in " + printable(record.path) +
               (settled.commit ? " (" + short_id(settled.commit) + "); aecos sync shares it" : ""));
  for (const sync::Waiting& file : settled.waiting) terminal.warn(file.path + ": " + file.reason);
  if (settled.open_in_path) {
    terminal.say(std::to_string(settled.open_in_path) + " more in this file; see aecos conflicts.");
  } else if (!settled.commit) {
    terminal.say("Nothing is left unmerged in this file; it is added, go on with git commit.");
  }
  return exit_ok;
}

}  // namespace

void add_resolve(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("resolve", "Settle a conflict: say which value stands");
  command->add_option("ID", arguments->id, "As aecos conflicts names it; its first characters will do")->required();
  auto* choice = command->add_option_group("Which value stands");
  choice->add_flag("--ours", arguments->ours, "That of the shared branch when they met");
  choice->add_flag("--theirs", arguments->theirs, "That of who came later");
  choice->add_flag("--base", arguments->base, "The one before both");
  choice->add_option("--value", arguments->value, "Another one: JSON, or a text")->type_name("VALUE");
  choice->add_flag("--as-is", arguments->as_is, "What the file says now");
  choice->require_option(1);
  command->add_flag("--json", arguments->json, "Answer in JSON");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
