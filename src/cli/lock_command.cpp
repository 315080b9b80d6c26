#include <memory>

#include "base/percent.h"
#include "cli/command.h"
#include "cli/find_element.h"
#include "cli/hub_link.h"
#include "cli/moment.h"
#include "cli/project.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string target, properties, reason, id;
  std::int64_t minutes = 0;
  bool json = false, force = false, ask = false, hand_over = false;
};

std::string title_of(text::JsonNode lock) {
  std::string name = text_of(lock["elementName"]);
  if (name.empty()) name = text_of(lock["target"]);
  return lock["propertySet"] ? text_of(lock["propertySet"]) + " of " + name : name;
}

void raw(Context& context, const text::JsonDocument& answer) {
  text::JsonWriter json(2);
  json.value(answer.root());
  context.terminal.raw(std::move(json).take());
}

// The lock whose id, or whose place, was named; whoever locked an element may not have said its name.
Result<std::string> find_lock(Context& context, const sync::Workspace& workspace, sync::HubLink& hub,
                              const std::string& named) {
  AECOS_TRY_ASSIGN(const auto answer, hub.ask("GET", "/locks"));
  for (const text::JsonNode lock : answer.root()["locks"]) {
    if (text_of(lock["id"]) == named || text_of(lock["target"]) == named || text_of(lock["elementName"]) == named)
      return text_of(lock["id"]);
  }
  const auto element = global_id_of(context, workspace, named);
  for (const text::JsonNode lock : answer.root()["locks"])
    if (element && text_of(lock["target"]) == *element) return text_of(lock["id"]);
  return Error{ErrorCode::not_found, "nothing is locked that is called " + named + "; see aecos locks"};
}

Result<int> take(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(sync::HubLink hub, open_hub(context, workspace));
  AECOS_TRY_ASSIGN(const auto head, workspace.head());
  AECOS_TRY_ASSIGN(const ElementOrPath what, find_element_or_path(context, workspace, arguments.target));
  const bool element = !what.global_id.empty();
  text::JsonWriter body;
  body.begin_object().member("kind", !element ? "path" : arguments.properties.empty() ? "element" : "properties");
  body.member("target", element ? what.global_id : what.path).member("reason", arguments.reason);
  if (element && arguments.target != what.global_id) body.member("elementName", arguments.target);
  if (!arguments.properties.empty()) body.member("propertySet", arguments.properties);
  body.member("branch", head.branch.substr(head.branch.rfind("refs/heads/") == 0 ? 11 : 0));
  body.member("leaseMinutes", arguments.minutes).end_object();
  auto answer = hub.ask("POST", "/locks", std::move(body).take());
  if (!answer && answer.error().code == ErrorCode::changed_meanwhile) {
    AECOS_TRY_ASSIGN(const std::string id, find_lock(context, workspace, hub, arguments.target));
    AECOS_TRY_ASSIGN(const auto held, hub.ask("GET", "/locks/" + id));
    return Error{ErrorCode::changed_meanwhile, title_of(held.root()) + " is locked by " +
                                                   text_of(held.root()["holder"]) + "; aecos lock --ask " +
                                                   arguments.target + " asks for it"};
  }
  if (!answer) return std::move(answer).error();
  if (arguments.json) return raw(context, *answer), exit_ok;
  context.terminal.say(title_of(answer->root()) + " is yours until " + moment_text(context, answer->root()["expires"]) +
                       " (" + text_of(answer->root()["id"]) + ").");
  return exit_ok;
}

Result<int> lock(Context& context, const Arguments& arguments) {
  if (!arguments.ask && !arguments.hand_over) return take(context, arguments);
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(sync::HubLink hub, open_hub(context, workspace));
  AECOS_TRY_ASSIGN(const std::string id, find_lock(context, workspace, hub, arguments.target));
  text::JsonWriter body;
  body.begin_object();
  if (arguments.ask) body.member("message", arguments.reason);
  body.end_object();
  AECOS_TRY_ASSIGN(const auto answer, hub.ask("POST", "/locks/" + id + (arguments.ask ? "/request" : "/hand-over"),
                                              std::move(body).take()));
  if (arguments.json) return raw(context, answer), exit_ok;
  context.terminal.say(arguments.ask
                           ? text_of(answer.root()["holder"]) + " is asked for " + title_of(answer.root()) + "."
                           : title_of(answer.root()) + " is " + text_of(answer.root()["holder"]) + "'s now.");
  return exit_ok;
}

Result<int> unlock(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(sync::HubLink hub, open_hub(context, workspace));
  AECOS_TRY_ASSIGN(const std::string id, find_lock(context, workspace, hub, arguments.target));
  std::string path = "/locks/" + id;
  if (arguments.force) path += "?force=true&reason=" + percent_encode(arguments.reason);
  AECOS_TRY_ASSIGN(const auto answer, hub.ask("DELETE", path));
  if (arguments.json) return raw(context, answer), exit_ok;
  context.terminal.say(title_of(answer.root()) + " is free again.");
  return exit_ok;
}

Result<int> list(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(sync::HubLink hub, open_hub(context, workspace));
  AECOS_TRY_ASSIGN(const auto answer, hub.ask("GET", "/locks"));
  if (arguments.json) return raw(context, answer), exit_ok;
  Table table;
  for (const text::JsonNode each : answer.root()["locks"]) {
    std::string asked = each["asked"] ? "asked for by " + text_of(each["asked"]["by"]) : "";
    table.add({{printable(title_of(each)), Paint::bold},
               {printable(text_of(each["holder"])), Paint::yellow},
               {"until " + moment_text(context, each["expires"])},
               {printable(text_of(each["reason"]))},
               {printable(asked), Paint::red},
               {text_of(each["id"]), Paint::dim}});
  }
  if (table.empty()) context.terminal.say("Nothing is locked.");
  table.print(context.terminal);
  return exit_ok;
}

Command* add(Command& app, Context& context, const std::shared_ptr<Arguments>& arguments, const char* name,
             const char* what, Result<int> (*run)(Context&, const Arguments&)) {
  Command* command = app.add_subcommand(name, what);
  command->add_flag("--json", arguments->json, "Answer in JSON");
  on_run(*command, context, [&context, arguments, run] { return run(context, *arguments); });
  return command;
}

}  // namespace

void add_lock(Command& app, Context& context) {
  const auto a = std::make_shared<Arguments>();
  Command* command = add(app, context, a, "lock", "Tell the others that you work on something", lock);
  command->add_option("WHAT", a->target, "An element (GlobalId, name or folder), or a path; a folder ends in '/'")
      ->required();
  command->add_option("--properties", a->properties, "Only this property set of the element")->type_name("SET");
  command->add_option("--reason,-m", a->reason, "Why, or what you say to the holder");
  command->add_option("--minutes", a->minutes, "How long (default: as the hub is set)");
  command->add_flag("--ask", a->ask, "Ask whoever holds it to hand it over");
  command->add_flag("--hand-over", a->hand_over, "Give your lock to whoever asked for it");
}

void add_unlock(Command& app, Context& context) {
  const auto a = std::make_shared<Arguments>();
  Command* command = add(app, context, a, "unlock", "Release a lock", unlock);
  command->add_option("WHAT", a->target, "What was locked, or the lock's id")->required();
  command->add_flag("--force", a->force, "Break somebody else's lock, if you may");
  command->add_option("--reason,-m", a->reason, "Why it is broken");
}

void add_locks(Command& app, Context& context) {
  add(app, context, std::make_shared<Arguments>(), "locks", "Who works on what", list);
}

}  // namespace aecos::cli
