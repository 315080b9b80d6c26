// aecos sync status: the team's dashboard in the terminal.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/command.h"
#include "cli/hub_link.h"
#include "cli/project.h"
#include "os/termination.h"
#include "sync/status.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

constexpr std::int64_t redraw_every_us = 1'000'000;
constexpr std::size_t events_shown = 8, branches_shown = 12;

struct Arguments {
  bool json = false, watch = false;
};

// The parts of the answer: name, and how it is asked for.
constexpr std::pair<const char*, const char*> questions[] = {
    {"present", "/presence"},    {"branches", "/branches"},
    {"locks", "/locks"},         {"changeRequests", "/change-requests?state=open"},
    {"conflicts", "/conflicts"}, {"events", "/events?order=newest&limit=8"}};

Result<std::vector<text::JsonDocument>> ask_all(sync::HubLink& hub) {
  std::vector<text::JsonDocument> answers;
  for (const auto& [name, path] : questions) {
    AECOS_TRY_ASSIGN(text::JsonDocument answer, hub.ask("GET", path));
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::string ahead_behind(text::JsonNode branch) {
  const auto ahead = branch["ahead"].as_int().value_or(0), behind = branch["behind"].as_int().value_or(0);
  std::string text = ahead ? std::to_string(ahead) + " ahead" : "";
  if (behind) text += (text.empty() ? "" : ", ") + std::to_string(behind) + " behind";
  return text.empty() ? "even" : text;
}

void say_present(Terminal& terminal, text::JsonNode present) {
  terminal.say(terminal.paint(Paint::bold, "Here now"));
  Table table;
  for (const text::JsonNode each : present) {
    std::string where = text_of(each["element"]);
    if (where.empty()) where = text_of(each["path"]);
    table.add({{printable(text_of(each["login"])), Paint::green},
               {printable(text_of(each["state"]))},
               {printable(text_of(each["branch"]))},
               {printable(where)}});
  }
  table.empty() ? terminal.say("  nobody") : table.print(terminal, 2);
}

void say_branches(Terminal& terminal, text::JsonNode branches) {
  terminal.say(terminal.paint(Paint::bold, "Branches"));
  Table table;
  std::size_t count = 0;
  for (const text::JsonNode each : branches) {
    if (++count > branches_shown) break;
    const bool shared = each["shared"].as_bool().value_or(false);
    table.add({{printable(text_of(each["name"])), shared ? Paint::blue : Paint::plain},
               {shared ? "shared" : ahead_behind(each)},
               {printable(text_of(each["author"]))},
               {printable(text_of(each["subject"])), Paint::dim}});
  }
  table.print(terminal, 2);
  if (branches.size() > branches_shown)
    terminal.say("  and " + std::to_string(branches.size() - branches_shown) + " more");
}

void say_locks(Terminal& terminal, text::JsonNode locks) {
  if (locks.size() == 0) return;
  terminal.say(terminal.paint(Paint::bold, "Locks"));
  Table table;
  for (const text::JsonNode each : locks) {
    std::string name = text_of(each["elementName"]).empty() ? text_of(each["target"]) : text_of(each["elementName"]);
    if (each["propertySet"]) name = text_of(each["propertySet"]) + " of " + name;
    table.add(
        {{printable(name)}, {printable(text_of(each["holder"])), Paint::yellow}, {printable(text_of(each["reason"]))}});
  }
  table.print(terminal, 2);
}

void say_requests(Terminal& terminal, text::JsonNode requests) {
  if (requests.size() == 0) return;
  terminal.say(terminal.paint(Paint::bold, "Open change requests"));
  Table table;
  for (const text::JsonNode each : requests) {
    table.add({{"#" + std::string(each["number"].raw())},
               {printable(text_of(each["title"]))},
               {printable(text_of(each["author"]))},
               {printable(text_of(each["source"]) + " → " + text_of(each["target"])), Paint::dim}});
  }
  table.print(terminal, 2);
}

void say_events(Terminal& terminal, text::JsonNode events) {
  terminal.say(terminal.paint(Paint::bold, "Lately"));
  Table table;
  for (std::size_t i = 0; i < std::min(events.size(), events_shown); ++i) {
    const text::JsonNode event = events[i], data = event["data"];
    const std::string actor = text_of(data["actor"]);
    table.add({{short_moment(event["time"]).substr(11), Paint::dim},
               {printable(actor.empty() ? "hub" : actor)},
               {printable(text_of(data["summary"]))}});
  }
  table.print(terminal, 2);
}

void say(Terminal& terminal, const sync::StatusReport& own, const sync::HubAddress& address,
         const std::vector<text::JsonDocument>& answers) {
  const auto part = [&](std::size_t i) { return answers[i].root()[questions[i].first]; };
  terminal.say(terminal.paint(Paint::bold, printable(address.project)) + " at " + printable(address.base) +
               ", you are on " + printable(own.branch) +
               (own.changes.empty() ? "" : ", " + std::to_string(own.changes.size()) + " saved to share"));
  say_present(terminal, part(0));
  say_branches(terminal, part(1));
  say_locks(terminal, part(2));
  say_requests(terminal, part(3));
  if (const std::size_t open = part(4).size()) {
    terminal.say(terminal.paint(Paint::yellow,
                                std::to_string(open) + (open == 1 ? " conflict is" : " conflicts are") + " open") +
                 "; see aecos conflicts");
  }
  say_events(terminal, part(5));
}

std::string as_json(const sync::StatusReport& own, const sync::HubAddress& address,
                    const std::vector<text::JsonDocument>& answers) {
  text::JsonWriter json(2);
  json.begin_object().member("project", address.project).member("hub", address.base).member("branch", own.branch);
  json.member("sharedBranch", own.shared_branch).member("toShare", own.to_share).member("toTake", own.to_take);
  json.member("saved", own.changes.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    json.key(questions[i].first).value(answers[i].root()[questions[i].first]);
  }
  json.end_object();
  return std::move(json).take();
}

Result<int> once(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(sync::HubLink hub, open_hub(context, workspace));
  AECOS_TRY_ASSIGN(const sync::StatusReport own, sync::status(workspace));
  AECOS_TRY_ASSIGN(const auto answers, ask_all(hub));
  if (arguments.watch && !arguments.json) context.terminal.raw("\x1b[2J\x1b[H");
  arguments.json ? context.terminal.raw(as_json(own, hub.address(), answers))
                 : say(context.terminal, own, hub.address(), answers);
  return exit_ok;
}

Result<int> run(Context& context, const Arguments& arguments) {
  if (!arguments.watch) return once(context, arguments);
  const auto termination = os::catch_termination();
  do {
    AECOS_TRY(once(context, arguments));
    if (context.output != nullptr) context.output->flush();
  } while (!termination->wait(redraw_every_us));
  return exit_ok;
}

}  // namespace

void add_team_status(CLI::App& sync, Context& context) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      sync.add_subcommand("status", "The team: who is on what, branches, locks, change requests, conflicts");
  command->add_flag("--watch", arguments->watch, "Draw it anew every second");
  command->add_flag("--json", arguments->json, "Answer in JSON");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
