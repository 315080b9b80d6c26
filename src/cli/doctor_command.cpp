#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/project.h"
#include "sync/doctor.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

struct Arguments {
  bool offline = false, json = false;
};

std::string as_json(const std::vector<sync::Finding>& findings) {
  text::JsonWriter json(2);
  json.begin_array();
  for (const sync::Finding& finding : findings) {
    json.begin_object().member("good", finding.good).member("what", finding.what);
    if (!finding.good) json.member("mend", finding.mend);
    json.end_object();
  }
  json.end_array();
  return std::move(json).take();
}

Result<int> run(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  std::vector<sync::Finding> findings = sync::check_up(workspace, {context.environment.program(), arguments.offline});
  if (arguments.json) {
    context.terminal.raw(as_json(findings));
  } else {
    for (const sync::Finding& finding : findings) {
      std::string mark =
          finding.good ? context.terminal.paint(Paint::green, "ok   ") : context.terminal.paint(Paint::red, "mend ");
      context.terminal.say(mark + " " + printable(finding.what) + (finding.good ? "" : "; " + printable(finding.mend)));
    }
  }
  bool all_good = std::all_of(findings.begin(), findings.end(), [](const auto& finding) { return finding.good; });
  return all_good ? exit_ok : exit_findings;
}

}  // namespace

void add_doctor(Command& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  Command* command = app.add_subcommand("doctor", "Check that everything is in order, and say how to mend what is not");
  command->add_flag("--offline", arguments->offline, "Do not ask the remote");
  command->add_flag("--json", arguments->json, "Answer in JSON");
  on_run(*command, context, [&context, arguments] { return run(context, *arguments); });
}

}  // namespace aecos::cli
