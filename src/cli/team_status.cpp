// aecos sync status: the team's dashboard in the terminal.

#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/command.h"
#include "cli/forge_link.h"
#include "cli/hub_link.h"
#include "cli/moment.h"
#include "cli/project.h"
#include "os/termination.h"
#include "sync/status.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

constexpr std::int64_t redraw_every_us = 1'000'000;
constexpr std::int64_t ask_forge_every_us = 60'000'000;
constexpr std::size_t events_shown = 8, branches_shown = 12, pulls_max = 50, pulls_looked_at = 10;

struct Arguments {
  bool json = false, watch = false;
};

// The parts of the answer: name, and how it is asked for.
constexpr std::pair<const char*, const char*> questions[] = {
    {"present", "/presence"},    {"branches", "/branches"},
    {"locks", "/locks"},         {"changeRequests", "/change-requests?state=open"},
    {"conflicts", "/conflicts"}, {"events", "/events?order=newest&limit=24"}};

// Open pull requests at the project's forge, if it has one.
struct Pulls {
  std::string forge, repository;  // "GitHub", "acme/house"; empty: nothing is set up.
  std::vector<forge::PullRequest> requests;
  std::string fault;  // Why they are not known; empty: they are.
  std::int64_t asked_us = 0;
};

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

forge::PullRequest pull_of(text::JsonNode node) {
  const auto count = [&](const char* name) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, node[name].as_int().value_or(0)));
  };
  forge::PullRequest pull{count("number"),         text_of(node["title"]),  text_of(node["author"]),
                          text_of(node["source"]), text_of(node["target"]), text_of(node["url"]),
                          text_of(node["commit"])};
  pull.is_draft = node["draft"].as_bool().value_or(false);
  pull.checks = text_of(node["checks"]);
  pull.approvals = count("approvals");
  pull.objections = count("objections");
  return pull;
}

// As the hub knows them; one without a forge, or of before there were any, says that there is nothing.
Pulls pulls_of(sync::HubLink& hub) {
  Pulls pulls;
  const auto answer = hub.ask("GET", "/pull-requests");
  if (!answer) {
    if (answer.error().code != ErrorCode::not_found) pulls.fault = answer.error().message;
    return pulls;
  }
  const auto kind = forge::kind_of(text_of(answer->root()["forge"]));
  pulls.forge = kind ? forge::name_of(*kind) : "the forge";
  pulls.repository = text_of(answer->root()["repository"]);
  for (const text::JsonNode each : answer->root()["pullRequests"]) pulls.requests.push_back(pull_of(each));
  pulls.fault = text_of(answer->root()["fault"]);
  return pulls;
}

// As the forge itself says. Absent: nothing is set up for that here.
std::optional<Pulls> pulls_of(Context& context, sync::Workspace& workspace) {
  const auto settings = read_forge(context, workspace);
  if (settings && !*settings) return std::nullopt;
  Pulls pulls;
  pulls.asked_us = context.clock.now_us();
  if (!settings) {
    pulls.fault = settings.error().message;
    return pulls;
  }
  const auto access = forge_access(context, workspace, **settings);
  if (!access && access.error().code == ErrorCode::not_found) return std::nullopt;
  pulls.forge = forge::name_of((*settings)->kind);
  pulls.repository = (*settings)->repository;
  if (!access) {
    pulls.fault = access.error().message;
    return pulls;
  }
  const auto client = http::make_client();
  auto requests = forge::connect(*access, *client)->open_pull_requests(pulls_max, pulls_looked_at);
  if (requests)
    pulls.requests = *std::move(requests);
  else
    pulls.fault = requests.error().message;
  return pulls;
}

std::string standing_of(const forge::PullRequest& pull) {
  std::string text = pull.is_draft ? "draft" : "";
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
  if (!pull.checks.empty()) add("checks " + pull.checks);
  if (pull.approvals > 0) add(std::to_string(pull.approvals) + (pull.approvals == 1 ? " approval" : " approvals"));
  if (pull.objections > 0)
    add(std::to_string(pull.objections) + (pull.objections == 1 ? " asks for changes" : " ask for changes"));
  return text;
}

void say_pulls(Terminal& terminal, const Pulls& pulls) {
  if (!pulls.fault.empty())
    terminal.say(terminal.paint(Paint::yellow, "Pull requests are not known: ") + printable(pulls.fault));
  if (pulls.requests.empty()) return;
  terminal.say(terminal.paint(Paint::bold, "Open pull requests") + " of " + printable(pulls.repository) + " at " +
               pulls.forge);
  Table table;
  for (const forge::PullRequest& pull : pulls.requests) {
    table.add({{"#" + std::to_string(pull.number)},
               {printable(pull.title)},
               {printable(pull.author)},
               {printable(pull.source + " → " + pull.target), Paint::dim},
               {printable(standing_of(pull)), pull.checks == "failed" ? Paint::red : Paint::plain}});
  }
  table.print(terminal, 2);
}

void write(text::JsonWriter& json, const Pulls& pulls) {
  json.key("pullRequests").begin_array();
  for (const forge::PullRequest& pull : pulls.requests) {
    json.begin_object().member("number", pull.number).member("title", pull.title).member("author", pull.author);
    json.member("source", pull.source).member("target", pull.target).member("url", pull.url);
    json.member("draft", pull.is_draft).member("checks", pull.checks).member("approvals", pull.approvals);
    json.member("objections", pull.objections).end_object();
  }
  json.end_array().member("pullRequestsFault", pulls.fault);
}

// The time of day is enough for today.
std::string time_of(Context& context, text::JsonNode event) {
  std::string moment = moment_text(context, event["time"]);
  const std::string today = moment_text(context, context.clock.now_us() / 1'000'000).substr(0, 10) + " ";
  return moment.starts_with(today) ? moment.substr(today.size()) : moment;
}

void say_events(Context& context, text::JsonNode events) {
  Terminal& terminal = context.terminal;
  terminal.say(terminal.paint(Paint::bold, "Lately"));
  Table table;
  std::size_t left = events_shown;
  for (const text::JsonNode event : events) {
    if (left == 0) break;
    if (text_of(event["type"]) == "visualisation.updated") continue;  // Follows each change, and says no more.
    --left;
    const text::JsonNode data = event["data"];
    const std::string actor = text_of(data["actor"]);
    table.add({{time_of(context, event), Paint::dim},
               {printable(actor.empty() ? "hub" : actor)},
               {printable(text_of(data["summary"]))}});
  }
  table.print(terminal, 2);
}

void say(Context& context, const sync::StatusReport& own, const sync::HubAddress& address,
         const std::vector<text::JsonDocument>& answers, const Pulls& pulls) {
  Terminal& terminal = context.terminal;
  const auto part = [&](std::size_t i) { return answers[i].root()[questions[i].first]; };
  terminal.say(terminal.paint(Paint::bold, printable(address.project)) + " at " + printable(address.base) +
               ", you are on " + printable(own.branch) +
               (own.changes.empty() ? "" : ", " + std::to_string(own.changes.size()) + " saved to share"));
  say_present(terminal, part(0));
  say_branches(terminal, part(1));
  say_locks(terminal, part(2));
  say_requests(terminal, part(3));
  say_pulls(terminal, pulls);
  if (const std::size_t open = part(4).size()) {
    terminal.say(terminal.paint(Paint::yellow,
                                std::to_string(open) + (open == 1 ? " conflict is" : " conflicts are") + " open") +
                 "; see aecos conflicts");
  }
  say_events(context, part(5));
}

std::string as_json(const sync::StatusReport& own, const sync::HubAddress& address,
                    const std::vector<text::JsonDocument>& answers, const Pulls& pulls) {
  text::JsonWriter json(2);
  json.begin_object().member("project", address.project).member("hub", address.base).member("branch", own.branch);
  json.member("sharedBranch", own.shared_branch).member("toShare", own.to_share).member("toTake", own.to_take);
  json.member("saved", own.changes.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    json.key(questions[i].first).value(answers[i].root()[questions[i].first]);
  }
  write(json, pulls);
  json.end_object();
  return std::move(json).take();
}

// Without a hub there is what is known here, and what the forge knows.
Result<int> without_hub(Context& context, const Arguments& arguments, sync::Workspace& workspace, const Pulls& pulls) {
  AECOS_TRY_ASSIGN(const sync::StatusReport own, sync::status(workspace));
  if (arguments.json) {
    text::JsonWriter json(2);
    json.begin_object().member("branch", own.branch).member("sharedBranch", own.shared_branch);
    json.member("toShare", own.to_share).member("toTake", own.to_take).member("saved", own.changes.size());
    write(json, pulls);
    json.end_object();
    context.terminal.raw(std::move(json).take());
    return exit_ok;
  }
  context.terminal.say("No hub; you are on " + printable(own.branch) +
                       (own.changes.empty() ? "" : ", " + std::to_string(own.changes.size()) + " saved to share"));
  say_pulls(context.terminal, pulls);
  if (pulls.requests.empty() && pulls.fault.empty()) context.terminal.say("No open pull requests.");
  return exit_ok;
}

// `known`: what the forge said last; it is not asked every second.
Result<int> once(Context& context, const Arguments& arguments, std::optional<Pulls>& known) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(auto link, sync::HubLink::open(workspace, http::make_client()));
  if (!link) {
    const std::int64_t now_us = context.clock.now_us();
    if (!known || now_us > known->asked_us + ask_forge_every_us) known = pulls_of(context, workspace);
    if (known) {
      if (arguments.watch && !arguments.json) context.terminal.raw("\x1b[2J\x1b[H");
      return without_hub(context, arguments, workspace, *known);
    }
  }
  AECOS_TRY_ASSIGN(sync::HubLink hub, link ? Result<sync::HubLink>(*std::move(link)) : open_hub(context, workspace));
  AECOS_TRY_ASSIGN(const sync::StatusReport own, sync::status(workspace));
  AECOS_TRY_ASSIGN(const auto answers, ask_all(hub));
  if (arguments.watch && !arguments.json) context.terminal.raw("\x1b[2J\x1b[H");
  const Pulls pulls = pulls_of(hub);
  arguments.json ? context.terminal.raw(as_json(own, hub.address(), answers, pulls))
                 : say(context, own, hub.address(), answers, pulls);
  return exit_ok;
}

Result<int> run(Context& context, const Arguments& arguments) {
  std::optional<Pulls> known;
  if (!arguments.watch) return once(context, arguments, known);
  const auto termination = os::catch_termination();
  do {
    AECOS_TRY(once(context, arguments, known));
    if (context.output != nullptr) context.output->flush();
  } while (!termination->wait(redraw_every_us));
  return exit_ok;
}

}  // namespace

void add_team_status(Command& sync, Context& context) {
  const auto arguments = std::make_shared<Arguments>();
  Command* command =
      sync.add_subcommand("status", "The team: who is on what, branches, locks, change requests, conflicts");
  command->add_flag("--watch", arguments->watch, "Draw it anew every second");
  command->add_flag("--json", arguments->json, "Answer in JSON");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
