#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/moment.h"
#include "cli/project.h"
#include "event/event.h"
#include "hub/audit.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string element, since, type;
  std::size_t limit = 50;
  bool json = false, offline = false;
};

// The trail as it is here, brought up to date first. One that was written anew at the remote does not replace the one
// that is here: `refused` says so.
Result<std::vector<std::string>> read_trail(Context& context, const Arguments& arguments, std::string& refused) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  if (!arguments.offline && workspace.has_remote()) {
    const std::string refspec = std::string(hub::audit_ref) + ":" + hub::audit_ref;
    AECOS_TRY_ASSIGN(const os::Finished fetched, workspace.program.try_run({"fetch", "--no-write-fetch-head", "-q",
                                                                            workspace.project.remote, refspec}));
    if (fetched.error.find("non-fast-forward") != std::string::npos ||
        fetched.error.find("[rejected]") != std::string::npos) {
      refused = "the trail at " + workspace.project.remote +
                " does not go on from the one that is known here: it was written anew";
    } else if (!fetched.ok()) {
      context.terminal.warn("the trail could not be brought up to date: " +
                            fetched.error.substr(0, fetched.error.find('\n')));
    }
  }
  AECOS_TRY_ASSIGN(const auto commit, workspace.repository.read_ref(hub::audit_ref));
  if (!commit) return Error{ErrorCode::not_found, "there is no audit trail here; a hub writes one into the project"};
  return hub::read_audit(workspace.repository, *commit);
}

bool is_about(const event::Entry& entry, const std::string& element) {
  return element.empty() ||
         std::any_of(entry.elements.begin(), entry.elements.end(),
                     [&](const diff::ElementRef& each) { return each.global_id == element || each.name == element; });
}

Result<int> show(Context& context, const Arguments& arguments) {
  std::string refused;
  AECOS_TRY_ASSIGN(const std::vector<std::string> lines, read_trail(context, arguments, refused));
  if (!refused.empty()) context.terminal.warn(refused + "; see aecos audit verify");
  std::vector<event::Entry> shown;
  for (auto line = lines.rbegin(); line != lines.rend() && shown.size() < arguments.limit; ++line) {
    auto entry = event::read(*line);
    if (!entry || !is_about(*entry, arguments.element)) continue;
    if (!arguments.type.empty() && !entry->type.starts_with(arguments.type)) continue;
    if (!arguments.since.empty() && entry->time < arguments.since) break;
    shown.push_back(*std::move(entry));
  }
  if (arguments.json) {
    for (auto entry = shown.rbegin(); entry != shown.rend(); ++entry) context.terminal.raw(entry->json + "\n");
    return exit_ok;
  }
  Table table;
  for (auto entry = shown.rbegin(); entry != shown.rend(); ++entry) {
    table.add({{std::to_string(entry->sequence), Paint::dim},
               {moment_text(context, entry->time)},
               {printable(entry->actor.empty() ? "hub" : entry->actor), Paint::bold},
               {printable(entry->type), Paint::blue},
               {printable(entry->summary)}});
  }
  if (table.empty()) context.terminal.say("Nothing of that kind happened.");
  table.print(context.terminal);
  return exit_ok;
}

Result<int> verify(Context& context, const Arguments& arguments) {
  std::string refused;
  AECOS_TRY_ASSIGN(const std::vector<std::string> lines, read_trail(context, arguments, refused));
  event::Verifier verifier;
  for (const std::string& line : lines) verifier.add(line);
  std::vector<event::Fault> faults = verifier.finish();
  if (!refused.empty()) faults.push_back({0, refused});
  if (arguments.json) {
    text::JsonWriter json(2);
    json.begin_object().member("count", lines.size()).member("hash", verifier.last_hash()).key("faults").begin_array();
    for (const event::Fault& fault : faults) {
      json.begin_object().member("seq", fault.sequence).member("what", fault.what).end_object();
    }
    json.end_array().end_object();
    context.terminal.raw(std::move(json).take());
  } else {
    for (const event::Fault& fault : faults)
      context.terminal.say(context.terminal.paint(Paint::red, printable(fault.what)));
    if (faults.empty()) {
      context.terminal.say(std::to_string(lines.size()) + " events, each sealed with the one before; the last is " +
                           verifier.last_hash().substr(0, 16) + ".");
    }
  }
  return faults.empty() ? exit_ok : exit_findings;
}

}  // namespace

void add_audit(Command& app, Context& context) {
  const auto a = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("audit", "Who did what, as the hub sealed it into the project");
  command->add_option("--element", a->element, "Only what concerns this element")->type_name("GUID");
  command->add_option("--since", a->since, "From this moment on, in UTC: 2026-11-25 or 2026-11-25T09:00")
      ->type_name("TIME");
  command->add_option("--type", a->type, "Only events of this type, or whose type begins so: lock.");
  command->add_option("--limit", a->limit, "So many of the newest (default: 50)");
  command->add_flag("--offline", a->offline, "As far as it is known here");
  command->add_flag("--json", a->json, "The events themselves, one a line");
  command->require_subcommand(0, 1);
  Command* verified =
      command->add_subcommand("verify", "Look whether anything in the trail was removed, changed or put in");
  verified->add_flag("--offline", a->offline, "As far as it is known here");
  verified->add_flag("--json", a->json, "Answer in JSON");
  on_run(*verified, context, [&context, a] { return verify(context, *a); });
  on_run(*command, context, [&context, a, command]() -> Result<int> {
    if (command->has_parsed_subcommand()) return context.status;
    return show(context, *a);
  });
}

}  // namespace aecos::cli
