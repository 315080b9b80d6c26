// aecos roles sync: members of roles.json brought up to date with the teams of the forge.

#include <memory>

#include "base/percent.h"
#include "cli/command.h"
#include "cli/forge_link.h"
#include "cli/hub_link.h"
#include "cli/project.h"
#include "policy/policy.h"
#include "policy/teams.h"
#include "text/json_writer.h"

namespace aecos::cli {
namespace {

using What = policy::TeamChange::What;

struct Arguments {
  bool json = false, dry_run = false;
};

// With the user's own token if there is one, otherwise through the hub, which has the project's.
Result<> read_members(Context& context, sync::Workspace& workspace, const forge::Settings& settings,
                      std::vector<policy::Team>& teams) {
  const auto own = forge_access(context, workspace, settings);
  if (own) {
    const auto client = http::make_client();
    const auto forge = forge::connect(*own, *client);
    for (policy::Team& team : teams) {
      AECOS_TRY_ASSIGN(team.members, forge->members(team.name));
    }
    return {};
  }
  AECOS_TRY_ASSIGN(auto hub, sync::HubLink::open(workspace, http::make_client()));
  if (own.error().code != ErrorCode::not_found || !hub) return own.error();
  for (policy::Team& team : teams) {
    AECOS_TRY_ASSIGN(const auto answer, hub->ask("GET", "/team-members?team=" + percent_encode(team.name)));
    for (const text::JsonNode login : answer.root()["members"]) team.members.push_back(text_of(login));
  }
  return {};
}

std::string_view word_for(What what) {
  switch (what) {
    case What::added:
      return "added";
    case What::removed:
      return "removed";
    case What::joined:
      return "joined";
    case What::no_member:
      return "no-member";
  }
  return "";
}

std::string in_words(const policy::TeamChange& change) {
  switch (change.what) {
    case What::added:
      return "gets " + change.role;
    case What::removed:
      return "loses " + change.role;
    case What::joined:
      return "joins with " + change.role;
    case What::no_member:
      return "can be no member; give a member this \"login\"";
  }
  return "";
}

void say(Terminal& terminal, const policy::TeamsApplied& applied, bool dry_run, bool is_changed) {
  Table table;
  for (const policy::TeamChange& change : applied.changes) {
    const bool is_bad = change.what == What::no_member;
    table.add({{printable(is_bad ? change.login : change.member), Paint::bold},
               {printable(in_words(change)), is_bad                         ? Paint::yellow
                                             : change.what == What::removed ? Paint::red
                                                                            : Paint::green},
               {printable(change.team), Paint::dim},
               {change.login.empty() ? "" : "as " + printable(change.login), Paint::dim}});
  }
  table.print(terminal);
  if (!is_changed) terminal.say("roles.json is as the teams are.");
  if (is_changed)
    terminal.say(dry_run ? "Nothing was changed: this was a dry run."
                         : "roles.json was changed in the work tree; look at it, and share it as any other change.");
}

void say_json(Terminal& terminal, const policy::TeamsApplied& applied, bool written) {
  text::JsonWriter json(2);
  json.begin_object().member("written", written).key("changes").begin_array();
  for (const policy::TeamChange& change : applied.changes) {
    json.begin_object().member("what", word_for(change.what)).member("member", change.member);
    json.member("role", change.role).member("team", change.team).member("login", change.login).end_object();
  }
  json.end_array().end_object();
  terminal.raw(std::move(json).take());
}

Result<int> sync_roles(Context& context, const Arguments& arguments) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(const auto settings, read_forge(context, workspace));
  if (!settings)
    return Error{ErrorCode::not_found, "the project has no " + std::string(forge::settings_path) +
                                           ", which says where its teams are; docs/FORGES.md describes it"};
  const std::string path = workspace.full(std::string(policy::roles_path)), shown(policy::roles_path);
  AECOS_TRY_ASSIGN(const os::Seen seen, os::look(context.files, path));
  const auto json = context.files.read(path);
  if (!json) return Error{json.error().code, shown + ": it is not there, or cannot be read: " + json.error().message};
  const std::string system(forge::to_string(settings->kind));
  auto teams = policy::teams_in(*json, system);
  if (!teams) return Error{teams.error().code, at_file(shown, teams.error().message)};
  if (teams->empty())
    return Error{ErrorCode::not_found, shown + " names no team of " + std::string(forge::name_of(settings->kind)) +
                                           "; add one, as \"teams\": {\"ROLE\": {\"" + system + "\": \"acme/TEAM\"}}"};
  AECOS_TRY(read_members(context, workspace, *settings, *teams));
  const auto applied = policy::apply_teams(*json, system, *teams);
  if (!applied) return Error{applied.error().code, at_file(shown, applied.error().message)};
  const bool is_changed = applied->json != *json, is_written = is_changed && !arguments.dry_run;
  if (is_written) {
    os::WriteOptions options;
    options.only_over = seen;
    AECOS_TRY(context.files.write(path, applied->json, options));
  }
  arguments.json ? say_json(context.terminal, *applied, is_written)
                 : say(context.terminal, *applied, arguments.dry_run, is_changed);
  return exit_ok;
}

}  // namespace

void add_roles(Command& app, Context& context) {
  Command* roles = app.add_subcommand("roles", "Who has which role");
  roles->require_subcommand(1);
  const auto arguments = std::make_shared<Arguments>();
  Command* sync = roles->add_subcommand("sync", "Bring roles.json up to date with the teams of GitHub, GitLab, Gitea");
  sync->add_flag("--json", arguments->json, "Answer in JSON");
  sync->add_flag("--dry-run", arguments->dry_run, "Only say what would change");
  on_run(*sync, context, [&context, arguments] { return sync_roles(context, *arguments); });
}

}  // namespace aecos::cli
