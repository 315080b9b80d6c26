#include <memory>

#include "base/percent.h"
#include "cli/command.h"
#include "cli/find_element.h"
#include "cli/hub_link.h"
#include "cli/moment.h"
#include "cli/project.h"
#include "ifc/global_id.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

struct Arguments {
  std::string channel, target, name;
  std::uint64_t event = 0;
  bool json = false, all = false, read = false;
};

Result<text::JsonDocument> ask(Context& context, const std::string& method, const std::string& path,
                               const std::string& body = "") {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(sync::HubLink hub, open_hub(context, workspace));
  return hub.ask(method, path, body);
}

Result<int> raw(Context& context, const text::JsonDocument& answer) {
  text::JsonWriter json(2);
  json.value(answer.root());
  context.terminal.raw(std::move(json).take());
  return exit_ok;
}

std::string channel_path(const std::string& channel, const std::string& what) {
  return "/channels/" + percent_encode(channel) + "/" + what;
}

std::string counted(std::int64_t count, const std::string& what) {
  return count == 0 ? "" : std::to_string(count) + " " + what;
}

Result<int> list(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const auto answer, ask(context, "GET", "/channels"));
  if (arguments.json) return raw(context, answer);
  const text::JsonNode root = answer.root();
  if (const std::string fault = text_of(root["fault"]); !fault.empty())
    context.terminal.warn(".aecos/notify.json cannot be read, so nobody is told: " + fault);
  Table table;
  for (const text::JsonNode each : root["channels"]) {
    const std::string disabled = text_of(each["disabled"]);
    table.add({{printable(text_of(each["name"])), Paint::bold},
               {text_of(each["kind"])},
               {disabled.empty() ? "works" : "disabled", disabled.empty() ? Paint::green : Paint::red},
               {counted(each["waiting"].as_int().value_or(0), "waiting")},
               {counted(each["failed"].as_int().value_or(0), "failed"), Paint::red},
               {printable(disabled.empty() ? text_of(each["lastError"]) : disabled)}});
  }
  if (table.empty())
    context.terminal.say("No channels: .aecos/notify.json names them (docs/NOTIFICATIONS.md says how).");
  table.print(context.terminal);
  return exit_ok;
}

Result<int> test(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const auto answer, ask(context, "POST", channel_path(arguments.channel, "test"), "{}"));
  if (arguments.json) return raw(context, answer);
  const std::string result = text_of(answer.root()["result"]);
  if (result == "delivered") {
    context.terminal.say(arguments.channel + " took the message.");
    return exit_ok;
  }
  return Error{ErrorCode::unavailable,
               arguments.channel + " did not take the message: " + text_of(answer.root()["why"])};
}

Result<int> preview(Context& context, const Arguments& arguments) {
  std::string path = "/events/" + std::to_string(arguments.event) + "/preview";
  if (!arguments.channel.empty()) path += "?channel=" + percent_encode(arguments.channel);
  AECOS_TRY_ASSIGN(const auto answer, ask(context, "GET", path));
  if (arguments.json) return raw(context, answer);
  std::string names;
  for (const text::JsonNode name : answer.root()["routedTo"]) names += (names.empty() ? "" : ", ") + text_of(name);
  context.terminal.say("goes to: " + (names.empty() ? "no channel" : names));
  const std::string body = text_of(answer.root()["body"]);
  const auto document = text::parse_json(body);
  if (!document) {
    context.terminal.raw(body + "\n");
    return exit_ok;
  }
  text::JsonWriter json(2);
  json.value(document->root());
  context.terminal.raw(std::move(json).take());
  return exit_ok;
}

Result<int> failed(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(sync::HubLink hub, open_hub(context, workspace));
  std::vector<std::string> channels{arguments.channel};
  if (arguments.channel.empty()) {
    channels.clear();
    AECOS_TRY_ASSIGN(const auto all, hub.ask("GET", "/channels"));
    for (const text::JsonNode each : all.root()["channels"]) channels.push_back(text_of(each["name"]));
  }
  Table table;
  text::JsonWriter json(2);
  json.begin_array();
  for (const std::string& channel : channels) {
    AECOS_TRY_ASSIGN(const auto answer, hub.ask("GET", channel_path(channel, "failed")));
    for (const text::JsonNode each : answer.root()["failed"]) {
      const std::int64_t event = each["event"].as_int().value_or(0);
      json.begin_object().member("channel", channel).member("event", event);
      json.member("error", text_of(each["error"])).member("since", text_of(each["since"])).end_object();
      table.add({{printable(channel), Paint::bold},
                 {"event " + std::to_string(event)},
                 {moment_text(context, each["since"])},
                 {printable(text_of(each["error"])), Paint::red}});
    }
  }
  json.end_array();
  if (arguments.json) {
    context.terminal.raw(std::move(json).take());
    return exit_ok;
  }
  if (table.empty()) context.terminal.say("Everything was delivered, or is still tried.");
  table.print(context.terminal);
  return exit_ok;
}

Result<int> replay(Context& context, const Arguments& arguments) {
  text::JsonWriter body;
  body.begin_object();
  if (arguments.event != 0) body.member("event", arguments.event);
  body.end_object();
  AECOS_TRY_ASSIGN(const auto answer,
                   ask(context, "POST", channel_path(arguments.channel, "replay"), std::move(body).take()));
  if (arguments.json) return raw(context, answer);
  context.terminal.say(std::to_string(answer.root()["replayed"].as_int().value_or(0)) + " messages to " +
                       arguments.channel + " are tried again.");
  return exit_ok;
}

Result<int> set_secret(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const std::string value, read_secret(context, "the secret " + arguments.name));
  text::JsonWriter body;
  body.begin_object().member("value", value).end_object();
  AECOS_TRY(ask(context, "PUT", "/secrets/" + percent_encode(arguments.name), std::move(body).take()));
  context.terminal.say("The hub has " + arguments.name + " now, encrypted; nobody can read it back.");
  return exit_ok;
}

Result<int> list_secrets(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const auto answer, ask(context, "GET", "/secrets"));
  if (arguments.json) return raw(context, answer);
  Table table;
  for (const text::JsonNode each : answer.root()["secrets"])
    table.add({{printable(text_of(each["name"])), Paint::bold},
               {"set by " + printable(text_of(each["setBy"]))},
               {moment_text(context, each["set"])}});
  if (table.empty()) context.terminal.say("No secrets; aecos notify secret set NAME gives the hub one.");
  table.print(context.terminal);
  return exit_ok;
}

Result<int> remove_secret(Context& context, const Arguments& arguments) {
  AECOS_TRY(ask(context, "DELETE", "/secrets/" + percent_encode(arguments.name)));
  context.terminal.say("The hub has " + arguments.name + " no more.");
  return exit_ok;
}

// --- what one wants to hear of

std::string watch_body(const std::string& target) {
  text::JsonWriter body;
  body.begin_object().member("kind", ifc::is_global_id(target) ? "element" : "property").member("target", target);
  body.end_object();
  return std::move(body).take();
}

// "*.LoadBearing", "FireRating"; an element's name that nobody has ("W-01") is none.
bool is_like_property(const std::string& text) {
  return text.find_first_of(".*") != std::string::npos || text.find_first_of("-/#") == std::string::npos;
}

// A GlobalId, or a property; an element's name comes before a property's.
Result<std::string> target_of(Context& context, const sync::Workspace& workspace, const std::string& named) {
  auto element = global_id_of(context, workspace, named);
  if (element || element.error().code != ErrorCode::not_found) return element;
  if (is_like_property(named)) return named;
  return Error{ErrorCode::not_found,
               named +
                   " is neither an element of this project nor a property; name an element by GlobalId, name or "
                   "folder, a property as in Pset_WallCommon.FireRating"};
}

Result<int> list_watches(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(const auto answer, ask(context, "GET", "/watches"));
  if (arguments.json) return raw(context, answer);
  Table table;
  for (const text::JsonNode each : answer.root()["watches"])
    table.add({{text_of(each["kind"])},
               {printable(text_of(each["target"])), Paint::bold},
               {"since " + moment_text(context, each["since"])}});
  if (table.empty()) context.terminal.say("You watch nothing; aecos watch WHAT begins.");
  table.print(context.terminal);
  return exit_ok;
}

Result<int> watch(Context& context, const Arguments& arguments) {
  if (arguments.target.empty()) return list_watches(context, arguments);
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(const std::string target, target_of(context, workspace, arguments.target));
  AECOS_TRY_ASSIGN(const auto answer, ask(context, "POST", "/watches", watch_body(target)));
  if (arguments.json) return raw(context, answer);
  context.terminal.say("You hear of " + arguments.target + " in aecos inbox.");
  return exit_ok;
}

// What is watched under this very word goes first: an element may have come by that name since.
Result<std::string> watched(Context& context, const sync::Workspace& workspace, const std::string& named) {
  AECOS_TRY_ASSIGN(const auto answer, ask(context, "GET", "/watches"));
  for (const text::JsonNode each : answer.root()["watches"])
    if (text_of(each["target"]) == named) return named;
  return target_of(context, workspace, named);
}

Result<int> unwatch(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(const std::string target, watched(context, workspace, arguments.target));
  AECOS_TRY(ask(context, "POST", "/watches/remove", watch_body(target)));
  context.terminal.say("You do not watch " + arguments.target + " any more.");
  return exit_ok;
}

Result<int> inbox(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(sync::HubLink hub, open_hub(context, workspace));
  AECOS_TRY_ASSIGN(const auto answer, hub.ask("GET", arguments.all ? "/inbox" : "/inbox?unread=true"));
  std::int64_t newest = 0;
  Table table;
  for (std::size_t k = answer.root()["items"].size(); k-- > 0;) {  // The newest last, as in a log.
    const text::JsonNode item = answer.root()["items"][k], event = item["event"], data = event["data"];
    newest = std::max(newest, data["seq"].as_int().value_or(0));
    const std::string actor = text_of(data["actor"]);
    table.add({{std::to_string(data["seq"].as_int().value_or(0)), Paint::dim},
               {moment_text(context, event["time"])},
               {printable(actor.empty() ? "hub" : actor), Paint::bold},
               {printable(text_of(data["summary"]))},
               {text_of(item["reason"]), Paint::dim}});
  }
  if (arguments.json) {
    AECOS_TRY(raw(context, answer));
  } else {
    if (table.empty()) context.terminal.say("Nothing new.");
    table.print(context.terminal);
  }
  if (!arguments.read || newest == 0) return exit_ok;
  text::JsonWriter body;
  body.begin_object().member("upTo", newest).end_object();
  AECOS_TRY(hub.ask("POST", "/inbox/read", std::move(body).take()));
  return exit_ok;
}

Command* add(Command& app, Context& context, const std::shared_ptr<Arguments>& arguments, const char* name,
             const char* what, Result<int> (*run)(Context&, const Arguments&)) {
  Command* command = app.add_subcommand(name, what);
  command->add_flag("--json", arguments->json, "Answer in JSON");
  on_run(*command, context, [&context, arguments, run] { return run(context, *arguments); });
  return command;
}

void add_secrets(Command& notify, Context& context) {
  Command* secret = notify.add_subcommand("secret", "Secrets that channels need; kept by the hub");
  secret->require_subcommand(1);
  const auto a = std::make_shared<Arguments>();
  Command* set = add(*secret, context, a, "set", "Give the hub one; it is read from standard input", set_secret);
  set->add_option("NAME", a->name, "As .aecos/notify.json calls it")->required();
  Command* remove = add(*secret, context, a, "remove", "Take one away", remove_secret);
  remove->add_option("NAME", a->name, "As .aecos/notify.json calls it")->required();
  add(*secret, context, a, "list", "Names, who set them and when", list_secrets);
}

}  // namespace

void add_notify(Command& app, Context& context) {
  Command* notify = app.add_subcommand("notify", "Channels that people are told by, and what became of messages");
  notify->require_subcommand(1);
  const auto a = std::make_shared<Arguments>();
  add(*notify, context, a, "channels", "The project's channels, and whether they work", list);
  Command* tested = add(*notify, context, a, "test", "Send a message that says it is a test", test);
  tested->add_option("CHANNEL", a->channel, "As .aecos/notify.json calls it")->required();
  Command* shown = add(*notify, context, a, "preview", "What is sent of an event, and where to", preview);
  shown->add_option("EVENT", a->event, "Its number; see aecos audit")->required();
  shown->add_option("--channel", a->channel, "As this channel gets it (default: as Slack does)");
  Command* given_up = add(*notify, context, a, "failed", "Messages that were given up", failed);
  given_up->add_option("CHANNEL", a->channel, "Of this one alone");
  Command* again =
      add(*notify, context, a, "replay", "Try again what was given up, and use a disabled channel again", replay);
  again->add_option("CHANNEL", a->channel, "As .aecos/notify.json calls it")->required();
  again->add_option("EVENT", a->event, "Of this event alone");
  add_secrets(*notify, context);
}

void add_watch(Command& app, Context& context) {
  const auto a = std::make_shared<Arguments>();
  Command* on = add(app, context, a, "watch", "Hear of an element or a property, or list what you hear of", watch);
  on->add_option("WHAT", a->target, "An element (GlobalId, name or folder), or a property: \"*.LoadBearing\"");
  Command* off = add(app, context, a, "unwatch", "Hear no more of it", unwatch);
  off->add_option("WHAT", a->target, "As it was named")->required();
}

void add_inbox(Command& app, Context& context) {
  const auto a = std::make_shared<Arguments>();
  Command* command = add(app, context, a, "inbox", "What you are told of", inbox);
  command->add_flag("--all", a->all, "Also what you have read");
  command->add_flag("--read", a->read, "These are read then");
}

}  // namespace aecos::cli
