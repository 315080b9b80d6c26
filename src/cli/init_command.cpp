#include <memory>

#include "cli/command.h"
#include "http/client.h"
#include "sync/hub_link.h"
#include "sync/set_up.h"

namespace aecos::cli {
namespace {

void say(Terminal& terminal, const sync::SetUpReport& report) {
  for (const std::string& warning : report.warnings) terminal.warn(warning);
  const std::string what = report.made     ? "Made the project "
                           : report.joined ? "Joined the project "
                                           : "Set up again: the project ";
  terminal.say(what + terminal.paint(Paint::bold, printable(report.name)) + " in " + printable(report.root) + ".");
  terminal.say("You are " + printable(report.member) + ", at work on " + printable(report.branch) +
               "; the team shares " + printable(report.shared_branch) +
               (report.remote_url.empty() ? ". There is no remote yet: aecos init --remote URL adds one."
                                          : " at " + printable(sync::without_secret(report.remote_url)) + "."));
  terminal.say(
      report.hub
          ? "It is a hub: aecos sync --watch shares what you save as you save it, and brings in the others' work."
          : "Save your work in this folder as always; aecos sync shares it.");
}

// At a hub one is called as one signs in there.
std::string member_at_hub(Context& context, const std::string& remote_url) {
  std::string url = remote_url;
  if (url.empty()) {
    const auto repository = git::Repository::open(context.directory);
    const auto there =
        repository ? repository->config("remote.origin.url") : Result<std::optional<std::string>>(std::nullopt);
    if (there && *there) url = **there;
  }
  auto address = sync::hub_address(url);
  const auto client = http::make_client();
  if (!address || !sync::is_hub(*client, *address)) return "";
  git::Program program(context.processes, context.directory);
  *address = sync::with_credentials(program, *address);
  return address->secret.empty() ? "" : sync::login_at(*client, *address);
}

}  // namespace

void add_init(Command& app, Context& context) {
  auto options = std::make_shared<sync::SetUpOptions>();
  Command* command = app.add_subcommand("init", "Make a project of this folder, or join the one at a remote");
  command->add_option("--remote", options->remote_url, "Where the team meets: any git remote")->type_name("URL");
  command->add_option("--name", options->name, "Name of a new project (default: the folder's)");
  command->add_option("--member", options->member, "What the team calls you (default: from git's user.name)");
  command->add_option("--shared-branch", options->shared_branch, "The branch a new project shares (default: develop)")
      ->type_name("BRANCH");
  command->footer(
      "Afterwards plain git (merge, pull, rebase, cherry-pick, diff, show) understands building models too.\n"
      "May be run again at any time; nothing that was saved or committed is changed.");
  on_run(*command, context, [&context, options]() -> Result<int> {
    options->program = context.environment.program();
    options->may_ask =
        context.environment.is_terminal(os::Stream::input) && context.environment.is_terminal(os::Stream::error);
    options->progress = [&context](std::string_view line) { context.terminal.progress(line); };
    if (options->member.empty()) options->member = member_at_hub(context, options->remote_url);
    options->is_hub = [](const std::string& url) {
      const auto address = sync::hub_address(url);
      return address && sync::is_hub(*http::make_client(), *address);
    };
    const sync::World world{context.files, context.clock, context.random, context.processes};
    AECOS_TRY_ASSIGN(const sync::SetUpReport report, sync::set_up(world, context.directory, *options));
    say(context.terminal, report);
    return exit_ok;
  });
}

}  // namespace aecos::cli
