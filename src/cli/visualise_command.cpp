// aecos visualise: where a project can be seen, and what is seen there as a file or in a Speckle server.

#include <algorithm>
#include <memory>

#include "base/percent.h"
#include "cli/command.h"
#include "cli/find_element.h"
#include "cli/hub_link.h"
#include "cli/own_settings.h"
#include "cli/project.h"
#include "os/browser.h"
#include "os/path.h"
#include "speckle/client.h"
#include "speckle/gltf.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

constexpr int rounds_max = 120;  // Of ten seconds.

struct Arguments {
  std::string element, gltf, project, model;
  bool json = false, open = false, send = false, no_wait = false;
};

struct Seen {
  std::string link, state, why, project_id, commit, object, message;
  std::int64_t elements = 0, without_shape = 0;
  std::vector<std::string> left_out;
};

Seen read_view(const text::JsonDocument& answer) {
  const text::JsonNode root = answer.root(), version = root["version"];
  Seen seen{text_of(root["link"]),
            text_of(root["state"]),
            text_of(root["why"]),
            text_of(root["projectId"]),
            text_of(version["commit"]),
            text_of(version["object"]),
            text_of(version["message"]),
            0,
            0,
            {}};
  seen.elements = version["elements"].as_int().value_or(0);
  seen.without_shape = version["withoutShape"].as_int().value_or(0);
  for (const text::JsonNode line : root["leftOut"]) seen.left_out.push_back(text_of(line));
  return seen;
}

// Asks for the view, and waits until it is as the shared branch is.
Result<Seen> make_view(Context& context, sync::HubLink& hub, const Arguments& arguments) {
  hub.set_patience(60'000);
  for (int round = 0;; ++round) {
    AECOS_TRY_ASSIGN(const auto answer, hub.ask("PUT", "/view", arguments.no_wait ? "{}" : "{\"waitSeconds\":10}"));
    Seen seen = read_view(answer);
    if (seen.state == "failed" && seen.object.empty()) return Error{ErrorCode::unavailable, "the hub: " + seen.why};
    if (seen.state != "working" || arguments.no_wait || round >= rounds_max) return seen;
    const text::JsonNode root = answer.root();
    context.terminal.progress("shapes: " + std::to_string(root["done"].as_int().value_or(0)) + " of " +
                              std::to_string(root["total"].as_int().value_or(0)));
  }
}

Result<speckle::Server> speckle_server(Context& context, const std::string& root) {
  AECOS_TRY_ASSIGN(const OwnSettings own, OwnSettings::of(context, root));
  speckle::Server server{own.value("SPECKLE_SERVER"), own.value("SPECKLE_TOKEN")};
  while (server.url.ends_with('/')) server.url.pop_back();
  if (server.url.empty() || server.token.empty())
    return Error{ErrorCode::invalid_input,
                 "to send, set SPECKLE_SERVER (https://app.speckle.systems) and SPECKLE_TOKEN in the environment or in "
                 ".env, which "
                 "git must ignore"};
  if (!server.url.starts_with("https://") && !server.url.starts_with("http://"))
    return Error{ErrorCode::invalid_input, "SPECKLE_SERVER: an address like https://app.speckle.systems is wanted"};
  return server;
}

Result<speckle::Objects> receive(http::Client& client, const sync::HubLink& hub, const Seen& seen) {
  const auto root = speckle::to_object_id(seen.object);
  if (!root) return Error{ErrorCode::unavailable, "the view is still being made; try again in a moment"};
  return speckle::receive(client, {hub.address().base, hub.address().secret}, seen.project_id, *root);
}

Result<> write_gltf(Context& context, const std::string& path, const Seen& seen, const speckle::Objects& objects) {
  const auto lookup = [&](const speckle::ObjectId& id) -> Result<std::string> {
    const auto found = objects.find(id);
    if (found == objects.end()) return Error{ErrorCode::not_found, "a part of the model is missing"};
    return found->second;
  };
  AECOS_TRY_ASSIGN(const std::string bytes, speckle::write_glb(*speckle::to_object_id(seen.object), lookup));
  return context.files.write(context.path(path), bytes);
}

void say(Context& context, const Seen& seen, const Arguments& arguments, const std::optional<speckle::Sent>& sent) {
  Terminal& terminal = context.terminal;
  if (arguments.json) {
    text::JsonWriter json(2);
    json.begin_object().member("link", seen.link).member("state", seen.state).member("why", seen.why);
    json.member("commit", seen.commit).member("object", seen.object).member("elements", seen.elements);
    json.member("withoutShape", seen.without_shape).key("leftOut").begin_array();
    for (const std::string& line : seen.left_out) json.value(line);
    json.end_array();
    if (!arguments.gltf.empty()) json.member("gltf", context.path(arguments.gltf));
    if (sent) {
      json.key("sent").begin_object().member("link", sent->link).member("project", sent->project_id);
      json.member("model", sent->model_id).member("version", sent->version_id).member("objects", sent->objects);
      json.end_object();
    }
    return terminal.raw(std::move(json.end_object()).take());
  }
  terminal.say(terminal.paint(Paint::bold, seen.link));
  if (!seen.commit.empty())
    terminal.say("  " + std::to_string(seen.elements) + " elements at " + seen.commit.substr(0, 10) +
                 "; follows the shared branch");
  if (seen.state == "working") terminal.say("  It is being made.");
  if (seen.without_shape > 0)
    terminal.warn(std::to_string(seen.without_shape) + " elements have no shape that can be shown");
  for (const std::string& line : seen.left_out) terminal.warn(printable(line));
  if (!seen.why.empty()) terminal.warn("not as new as the shared branch: " + seen.why);
  if (!arguments.gltf.empty()) terminal.say("  glTF: " + arguments.gltf);
  if (sent) terminal.say("  Sent, with " + std::to_string(sent->objects) + " new objects: " + sent->link);
}

Result<int> run(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  std::string element;
  if (!arguments.element.empty()) {
    AECOS_TRY_ASSIGN(element, global_id_of(context, workspace, arguments.element));
  }
  std::optional<speckle::Server> server;
  if (arguments.send) {
    AECOS_TRY_ASSIGN(server, speckle_server(context, workspace.root));
  }
  AECOS_TRY_ASSIGN(sync::HubLink hub, open_hub(context, workspace));
  AECOS_TRY_ASSIGN(Seen seen, make_view(context, hub, arguments));
  if (!element.empty()) seen.link += "?element=" + percent_encode(element);
  std::optional<speckle::Sent> sent;
  if (server || !arguments.gltf.empty()) {
    const auto client = http::make_client();
    AECOS_TRY_ASSIGN(const speckle::Objects objects, receive(*client, hub, seen));
    if (!arguments.gltf.empty()) AECOS_TRY(write_gltf(context, arguments.gltf, seen, objects));
    if (server) {
      const speckle::Sending sending{arguments.project.empty() ? hub.address().project : arguments.project,
                                     arguments.model.empty() ? workspace.project.shared_branch : arguments.model,
                                     seen.message, *speckle::to_object_id(seen.object)};
      AECOS_TRY_ASSIGN(sent, speckle::send(*client, *server, sending, objects, [&](std::size_t done, std::size_t all) {
                         context.terminal.progress("sent " + std::to_string(done) + " of " + std::to_string(all));
                       }));
    }
  }
  context.terminal.clear_progress();
  say(context, seen, arguments, sent);
  if (arguments.open) AECOS_TRY(os::open_in_browser(context.processes, seen.link));
  return exit_ok;
}

}  // namespace

void add_visualise(Command& app, Context& context) {
  const auto a = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("visualise", "A live view of the project; export and sending of what it shows");
  command->alias("visualize");
  command->add_option("element", a->element, "Go to this element: GlobalId, name or folder")->type_name("WHAT");
  command->add_flag("--open", a->open, "Open the view in the browser");
  command->add_option("--gltf", a->gltf, "Write what is shown as binary glTF 2.0")->type_name("FILE.glb");
  command->add_flag("--send", a->send, "Send what is shown to the Speckle server that SPECKLE_SERVER names");
  command->add_option("--project", a->project, "There: the project's name or id (default: as here)");
  command->add_option("--model", a->model, "There: the model's name (default: the shared branch)");
  command->add_flag("--no-wait", a->no_wait, "Do not wait until the view is as the shared branch is");
  command->add_flag("--json", a->json, "Answer in JSON");
  on_run(*command, context, [&context, a] { return run(context, *a); });
}

}  // namespace aecos::cli
