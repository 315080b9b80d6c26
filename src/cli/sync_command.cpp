#include <memory>

#include "base/count.h"
#include "cli/command.h"
#include "cli/direct_message.h"
#include "cli/project.h"
#include "cli/watch.h"
#include "diff/brief.h"
#include "revision/to_json.h"
#include "sync/sync.h"

namespace aecos::cli {
namespace {

struct Arguments {
  bool offline = false, json = false, watch = false;
  std::string allow_secret;
};

std::string progress_line(sync::State state, const std::string& detail) {
  switch (state) {
    case sync::State::settle:
      return "looking at what was saved";
    case sync::State::check:
      return "checking";
    case sync::State::commit:
      return "committing";
    case sync::State::exchange:
      return detail;
    case sync::State::merge:
      return "merging";
    case sync::State::place:
      return "placing files";
  }
  return detail;
}

void write_texts(text::JsonWriter& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void write_work(text::JsonWriter& json, const sync::SyncReport& report) {
  json.key("commits").begin_array();
  for (const sync::CommitMade& commit : report.commits) {
    json.begin_object().member("id", commit.id.hex()).member("subject", commit.subject).key("paths");
    write_texts(json, commit.paths);
    json.end_object();
  }
  json.end_array().key("received").begin_array();
  for (const revision::FileChanges& file : report.received) {
    revision::write(json, file);
  }
  json.end_array();
}

}  // namespace

std::string report_json(const sync::SyncReport& report, std::size_t indent) {
  text::JsonWriter json(indent);
  json.begin_object().member("branch", report.branch).member("sharedBranch", report.shared_branch);
  json.member("head", report.head.hex()).member("offline", report.offline).member("pushed", report.pushed);
  json.member("shared", report.shared).member("attempts", report.attempts);
  write_work(json, report);
  json.key("placed");
  write_texts(json, report.placed);
  json.key("conflicts").begin_array();
  for (const revision::Record& record : report.opened) revision::write(json, record.conflict, record.path);
  json.end_array().member("openConflicts", report.open_conflicts);
  json.key("waiting").begin_array();
  for (const sync::Waiting& file : report.waiting) {
    json.begin_object().member("path", file.path).member("reason", file.reason).end_object();
  }
  json.end_array().key("held").begin_array();
  for (const sync::Held& file : report.held) {
    json.begin_object().member("path", file.path).member("reason", file.reason).end_object();
  }
  json.end_array().key("warnings");
  write_texts(json, report.warnings);
  if (report.trouble) json.member("trouble", report.trouble->message);
  json.end_object();
  return std::move(json).take();
}

namespace {

void say_conflicts(Terminal& terminal, const sync::SyncReport& report) {
  Table table;
  for (const revision::Record& record : report.opened) {
    const merge::Conflict& conflict = record.conflict;
    std::string who = revision::title(conflict.element);
    table.add({{conflict.id, Paint::yellow},
               {printable(who.empty() ? record.path : who)},
               {printable(conflict.at)},
               {printable(revision::show(conflict.ours, 30) + " or " + revision::show(conflict.theirs, 30))}});
  }
  if (table.empty()) return;
  terminal.say(terminal.paint(Paint::yellow, counted(report.opened.size(), "new conflict")) +
               "; a value stands in each, both are kept until somebody settles it (aecos conflicts, aecos resolve):");
  table.print(terminal, 2);
}

void say_exchange(Terminal& terminal, const sync::SyncReport& report, bool told_offline) {
  if (report.trouble) return;
  if (report.offline) {
    terminal.say(told_offline ? "Offline: nothing was exchanged." : "There is no remote: nothing was exchanged.");
  } else if (report.commits.empty() && report.received.empty() && !report.pushed) {
    terminal.say("Up to date with " + printable(report.shared_branch) + ".");
  } else if (report.pushed) {
    terminal.say("Shared on " + printable(report.shared_branch) +
                 (report.attempts > 1
                      ? " (others were faster " + counted(static_cast<std::size_t>(report.attempts - 1), "time") + ")."
                      : "."));
  }
}

}  // namespace

void say_report(Terminal& terminal, const sync::SyncReport& report, bool told_offline) {
  for (const std::string& warning : report.warnings) terminal.warn(warning);
  for (const sync::CommitMade& commit : report.commits) {
    terminal.say(terminal.paint(Paint::green, "saved    ") + " " + printable(commit.subject));
  }
  for (const revision::FileChanges& file : diff::brief(report.received)) {
    terminal.say(terminal.paint(Paint::blue, "received ") + " " + printable(revision::summarise({file}, 160)));
  }
  say_conflicts(terminal, report);
  for (const sync::Held& file : report.held) {
    terminal.warn(at_file(file.path, file.reason) + "; it was left as it is and not shared");
  }
  for (const sync::Waiting& file : report.waiting) {
    terminal.warn(file.path + ": " + file.reason + "; others' version is placed by the next sync when that is over");
  }
  say_exchange(terminal, report, told_offline);
  if (report.open_conflicts > report.opened.size()) {
    terminal.say(counted(report.open_conflicts, "conflict") + " open in all; see aecos conflicts.");
  }
}

namespace {

Result<int> run(Context& context, const Arguments& arguments) {
  if (arguments.watch) return watch(context, arguments.json);
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  sync::SyncOptions options;
  options.offline = arguments.offline;
  options.allow_secret = arguments.allow_secret;
  options.may_ask =
      context.environment.is_terminal(os::Stream::input) && context.environment.is_terminal(os::Stream::error);
  options.progress = [&](sync::State state, const std::string& detail) {
    context.terminal.progress(progress_line(state, detail));
  };
  AECOS_TRY_ASSIGN(sync::SyncReport report, sync::sync(workspace, options));
  if (arguments.json) {
    context.terminal.raw(report_json(report, 2));
  } else {
    say_report(context.terminal, report, arguments.offline);
  }
  tell_directly(context, workspace.root, report);
  if (report.trouble) {
    return Error{report.trouble->code,
                 report.trouble->message + "; what was saved is committed and goes with the next sync"};
  }
  return report.opened.empty() ? exit_ok : exit_findings;
}

}  // namespace

void add_sync(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("sync", "Share what was saved here, and take in what others shared");
  command->add_flag("--offline", arguments->offline, "Commit what was saved; exchange nothing");
  command->add_flag("--json", arguments->json, "Answer in JSON");
  command->add_flag("--watch", arguments->watch,
                    "Go on: share what is saved as it is saved, take in what others share");
  command
      ->add_option("--allow-secret", arguments->allow_secret,
                   "Share what looks like a secret all the same; the reason goes into the audit trail")
      ->type_name("REASON")
      ->excludes("--watch");
  command->require_subcommand(0, 1);
  add_team_status(*command, context);
  command->footer(
      "Files that others changed are replaced only if nobody saved them meanwhile; what is unsaved or open\n"
      "elsewhere is never touched. Exit status 1: done, with new conflicts.");
  on_run(*command, context, [&context, arguments, command]() -> Result<int> {
    if (command->has_parsed_subcommand()) return context.status;
    return run(context, *arguments);
  });
}

}  // namespace aecos::cli
