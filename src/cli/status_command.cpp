#include <memory>

#include "base/count.h"
#include "cli/command.h"
#include "cli/hub_link.h"
#include "cli/project.h"
#include "http/client.h"
#include "revision/to_json.h"
#include "sync/foresee.h"
#include "sync/status.h"

namespace aecos::cli {
namespace {

std::string as_json(const sync::StatusReport& report, const std::vector<policy::HeldLock>& locks,
                    const policy::Decision& decision) {
  text::JsonWriter json(2);
  json.begin_object().member("branch", report.branch).member("sharedBranch", report.shared_branch);
  json.member("remote", report.remote).member("toShare", report.to_share).member("toTake", report.to_take);
  json.key("changes").begin_array();
  for (const revision::FileChanges& file : report.changes) revision::write(json, file);
  json.end_array().key("waiting").begin_array();
  for (const sync::Waiting& file : report.waiting) json.value(file.path);
  json.end_array().key("held").begin_array();
  for (const sync::Held& file : report.held) {
    json.begin_object().member("path", file.path).member("reason", file.reason).end_object();
  }
  json.end_array().key("unmerged").begin_array();
  for (const std::string& path : report.unmerged) json.value(path);
  json.end_array().member("openConflicts", report.conflicts).member("running", report.running);
  json.member("activity", report.activity).member("interrupted", report.interrupted);
  json.key("locks").begin_array();
  for (const policy::HeldLock& lock : locks) {
    json.begin_object().member("id", lock.id).member("kind", lock.kind).member("target", lock.target);
    json.member("propertySet", lock.property_set).member("holder", lock.holder).member("reason", lock.reason);
    json.end_object();
  }
  json.end_array().key("wouldBeRefused").begin_array();
  for (const policy::Reason& reason : decision.reasons) json.value(reason.what);
  json.end_array().key("lockedByOthers").begin_array();
  for (const policy::Reason& reason : decision.warnings) json.value(reason.what);
  json.end_array().end_object();
  return std::move(json).take();
}

std::string exchange_line(const sync::StatusReport& report) {
  if (report.remote.empty()) return "no remote yet; aecos init --remote URL joins one";
  std::string shared = report.remote + "/" + report.shared_branch;
  if (!report.has_shared) return shared + " is not known yet; aecos sync shares this branch";
  if (report.to_share == 0 && report.to_take == 0) return "as " + shared + " was at the last exchange";
  std::string line;
  if (report.to_share) line = counted(report.to_share, "commit") + " to share";
  if (report.to_take) line += (line.empty() ? "" : ", ") + counted(report.to_take, "commit") + " to take in";
  return line + " (" + shared + ")";
}

void say_changes(Terminal& terminal, const std::vector<revision::FileChanges>& files) {
  if (files.empty()) return terminal.say("Nothing saved since the last commit.");
  terminal.say("Saved, goes with the next sync:");
  constexpr std::size_t shown_max = 200;
  Table table;
  for (std::size_t i = 0; i < std::min(files.size(), shown_max); ++i) {
    const revision::FileChanges& file = files[i];
    Paint paint = file.note == "added" ? Paint::green : file.note == "deleted" ? Paint::red : Paint::yellow;
    std::string told = file.note.empty() ? revision::summarise({file}, 160) : file.note;
    table.add({{printable(file.path), paint}, {printable(told)}});
  }
  table.print(terminal, 2);
  if (files.size() > shown_max) terminal.say("  … and " + counted(files.size() - shown_max, "more file"));
}

void say(Terminal& terminal, const sync::StatusReport& report) {
  terminal.say("On " + terminal.paint(Paint::bold, printable(report.branch)) + ", " + printable(exchange_line(report)) +
               ".");
  if (!report.running.empty()) terminal.say("A sync is at work here (" + printable(report.running) + ").");
  if (report.interrupted) terminal.warn("a sync was interrupted; the next one goes on where it stopped");
  if (!report.activity.empty()) terminal.warn("git is in the middle of a " + report.activity + "; finish or abort it");
  for (const std::string& path : report.unmerged) {
    terminal.say("  " + terminal.paint(Paint::red, "unmerged ") + printable(path) + "; settle it with aecos resolve");
  }
  for (const sync::Waiting& file : report.waiting) {
    terminal.say("  " + terminal.paint(Paint::yellow, "waiting  ") + printable(file.path) +
                 "; others' version is placed by the next sync");
  }
  for (const sync::Held& file : report.held) {
    terminal.say("  " + terminal.paint(Paint::red, "held back ") + printable(at_file(file.path, file.reason)));
  }
  say_changes(terminal, report.changes);
  if (report.conflicts) terminal.say(counted(report.conflicts, "open conflict") + "; see aecos conflicts.");
}

// Empty where there is no hub, or it does not answer at once.
std::vector<policy::HeldLock> locks_at_hub(Context& context, sync::Workspace& workspace) {
  std::vector<policy::HeldLock> locks;
  constexpr std::int64_t patience_ms = 2'000;
  auto hub = sync::HubLink::open(workspace, http::make_client());
  if (!hub || !*hub) return locks;
  (*hub)->set_patience(patience_ms);
  const auto answer = (*hub)->ask("GET", "/locks");
  if (!answer) {
    context.terminal.warn("the locks are not known: " + answer.error().message);
    return locks;
  }
  for (const text::JsonNode lock : answer->root()["locks"]) {
    locks.push_back({text_of(lock["id"]), text_of(lock["kind"]), text_of(lock["target"]), text_of(lock["propertySet"]),
                     text_of(lock["holder"]), text_of(lock["reason"])});
  }
  return locks;
}

void say_locks(Terminal& terminal, const std::vector<policy::HeldLock>& locks, const policy::Decision& decision) {
  if (!locks.empty()) terminal.say(counted(locks.size(), "lock") + " in the team; see aecos locks.");
  for (const policy::Reason& reason : decision.reasons)
    terminal.say("  " + terminal.paint(Paint::red, "would be refused ") + printable(reason.what));
  for (const policy::Reason& reason : decision.warnings)
    terminal.say("  " + terminal.paint(Paint::yellow, "locked           ") + printable(reason.what));
}

}  // namespace

void add_status(Command& app, Context& context) {
  auto as_data = std::make_shared<bool>(false);
  Command* command = app.add_subcommand("status", "What was saved here, what is to share, what waits");
  command->add_flag("--json", *as_data, "Answer in JSON");
  on_run(*command, context, [&context, as_data]() -> Result<int> {
    AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
    AECOS_TRY_ASSIGN(sync::StatusReport report, sync::status(workspace));
    const std::vector<policy::HeldLock> locks = locks_at_hub(context, workspace);
    AECOS_TRY_ASSIGN(const policy::Decision decision, sync::foresee(workspace, report.changes, locks));
    if (*as_data) {
      context.terminal.raw(as_json(report, locks, decision));
    } else {
      say(context.terminal, report);
      say_locks(context.terminal, locks, decision);
    }
    return exit_ok;
  });
}

}  // namespace aecos::cli
