#include <limits>
#include <memory>

#include "cli/command.h"
#include "cli/find_element.h"
#include "cli/moment.h"
#include "cli/project.h"
#include "revision/message.h"
#include "revision/to_json.h"
#include "revision/words.h"
#include "sync/history.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string element;
  std::size_t count = 50;
  bool all = false, json = false;
};

void write_commit(text::JsonWriter& json, const git::Commit& commit) {
  json.member("commit", commit.id.hex()).member("time", os::to_utc_text(commit.author.time_s * 1'000'000));
  json.member("author", commit.author.name).member("subject", revision::subject_of(commit.message));
}

void add_row(Context& context, Table& table, const git::Commit& commit, const std::string& told) {
  table.add({{short_id(commit.id), Paint::yellow},
             {moment_text(context, commit.author.time_s), Paint::dim},
             {printable(commit.author.name), Paint::blue},
             {printable(told)}});
}

// Merges only bring together what their parents did.
Result<int> log_all(Context& context, sync::Workspace& workspace, CommitId head, const Arguments& arguments) {
  Table table;
  text::JsonWriter json(2);
  json.begin_array();
  std::size_t left = arguments.count;
  if (left == 0) return exit_ok;
  AECOS_TRY(workspace.repository.walk({{head}}, [&](const git::Commit& commit) {
    if (commit.parents.size() > 1 && !arguments.all &&
        revision::trailers_of(commit.message, "Aecos-Conflict").empty()) {
      return true;
    }
    add_row(context, table, commit, revision::subject_of(commit.message));
    json.begin_object();
    write_commit(json, commit);
    json.end_object();
    return --left > 0;
  }));
  json.end_array();
  arguments.json ? context.terminal.raw(std::move(json).take()) : table.print(context.terminal);
  return exit_ok;
}

Result<int> log_element(Context& context, sync::Workspace& workspace, CommitId head, const Arguments& arguments) {
  Table table;
  text::JsonWriter json(2);
  json.begin_array();
  std::size_t left = arguments.count;
  if (left == 0) return exit_ok;
  AECOS_TRY_ASSIGN(const std::string element, global_id_of(context, workspace, arguments.element));
  AECOS_TRY(sync::walk_element(workspace, head, element, [&](const sync::ElementEdit& edit) {
    std::string told;
    for (const diff::Change& change : edit.changes) told += (told.empty() ? "" : ", ") + revision::describe(change);
    add_row(context, table, edit.commit, told);
    json.begin_object();
    write_commit(json, edit.commit);
    json.member("path", edit.path).key("changes").begin_array();
    for (const diff::Change& change : edit.changes) revision::write(json, change);
    json.end_array().end_object();
    return --left > 0;
  }));
  json.end_array();
  arguments.json ? context.terminal.raw(std::move(json).take()) : table.print(context.terminal);
  return exit_ok;
}

Result<int> run(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(CommitId head, workspace.repository.resolve_commit("HEAD"));
  return arguments.element.empty() ? log_all(context, workspace, head, arguments)
                                   : log_element(context, workspace, head, arguments);
}

}  // namespace

void add_log(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("log", "Who changed what, newest first");
  command->add_option("--element", arguments->element, "Only what changed this one, by GlobalId, name or folder")
      ->type_name("ELEMENT");
  command->add_option("-n", arguments->count, "How many commits at most (default: 50)")
      ->between(0, std::numeric_limits<int>::max());
  command->add_flag("--all", arguments->all, "Also merges without conflicts");
  command->add_flag("--json", arguments->json, "Answer in JSON");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
