#include <memory>

#include "cli/command.h"
#include "cli/project.h"
#include "diff/brief.h"
#include "revision/to_json.h"
#include "sync/undo.h"

namespace aecos::cli {
namespace {

Result<int> run(Context& context, bool as_json) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(sync::Undone undone, sync::undo(workspace));
  if (!workspace.left_over.empty()) context.terminal.warn(workspace.left_over);
  Terminal& terminal = context.terminal;
  if (as_json) {
    text::JsonWriter json(2);
    json.begin_object().key("commit").raw(undone.commit ? text::json_quote(undone.commit.hex()) : "null");
    json.member("integration", undone.integration.hex()).key("changes").begin_array();
    for (const revision::FileChanges& file : undone.changes) revision::write(json, file);
    json.end_array().member("conflicts", undone.opened.size()).end_object();
    terminal.raw(std::move(json).take());
    return undone.opened.empty() ? exit_ok : exit_findings;
  }
  for (const sync::CommitMade& commit : undone.commits) {
    terminal.say(terminal.paint(Paint::green, "saved   ") + "  " + printable(commit.subject));
  }
  if (!undone.commit) {
    terminal.say("Nothing to take back: what " + short_id(undone.integration) + " brought is gone already.");
    return exit_ok;
  }
  for (const revision::FileChanges& file : diff::brief(undone.changes)) {
    terminal.say(terminal.paint(Paint::blue, "back    ") + "  " + printable(revision::summarise({file}, 160)));
  }
  for (const sync::Waiting& file : undone.waiting) terminal.warn(file.path + ": " + file.reason);
  if (!undone.opened.empty()) {
    terminal.say(std::to_string(undone.opened.size()) +
                 " places were edited since: the edits stand, both are recorded (aecos conflicts).");
  }
  terminal.say("Took back " + short_id(undone.integration) + " in " + short_id(undone.commit) +
               "; aecos sync shares it, aecos undo once more brings it back.");
  return undone.opened.empty() ? exit_ok : exit_findings;
}

}  // namespace

void add_undo(Command& app, Context& context) {
  auto as_json = std::make_shared<bool>(false);
  Command* command = app.add_subcommand("undo", "Take back what the last integration brought, as a new commit");
  command->add_flag("--json", *as_json, "Answer in JSON");
  on_run(*command, context, [&context, as_json] { return run(context, *as_json); });
}

}  // namespace aecos::cli
