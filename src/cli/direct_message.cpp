#include "cli/direct_message.h"

#include <array>

#include "cli/own_settings.h"
#include "cli/project.h"
#include "diff/brief.h"
#include "event/story.h"
#include "notify/channel.h"
#include "revision/content.h"

namespace aecos::cli {
namespace {

constexpr std::array<std::pair<const char*, notify::Kind>, 3> services{{{"SLACK_WEBHOOK", notify::Kind::slack},
                                                                        {"TEAMS_WEBHOOK", notify::Kind::teams},
                                                                        {"DISCORD_WEBHOOK", notify::Kind::discord}}};
constexpr std::int64_t timeout_ms = 10'000;

struct Wanted {
  std::vector<notify::Target> targets;
  std::vector<std::string> passed_over;  // Variables.
};

Wanted wanted_by(const OwnSettings& settings) {
  Wanted wanted;
  for (const auto& [name, kind] : services) {
    notify::Target target;
    target.kind = kind;
    target.url = settings.value(name);
    if (!target.url.empty())
      wanted.targets.push_back(std::move(target));
    else if (settings.is_passed_over(name))
      wanted.passed_over.emplace_back(name);
  }
  return wanted;
}

// What was shared, in building terms: also what was committed earlier, or by git.
Result<std::vector<diff::FileChanges>> changes_of(sync::Workspace& workspace, const sync::SyncReport& report) {
  AECOS_TRY_ASSIGN(const TreeId before, workspace.tree_of(report.shared_before));
  AECOS_TRY_ASSIGN(const TreeId after, workspace.tree_of(report.shared_after));
  AECOS_TRY_ASSIGN(const auto files, revision::difference(workspace.repository, before, after));
  return diff::brief(revision::changes_of(workspace.library(), files, {64U << 20U, 100}));
}

Result<event::Draft> draft_of(Context& context, sync::Workspace& workspace, const sync::SyncReport& report) {
  event::Draft draft;
  draft.time_us = context.clock.now_us();
  AECOS_TRY_ASSIGN(const git::Signature me, workspace.signature());
  draft.actor = me.name;
  draft.branch = report.shared_branch;
  draft.project = workspace.root.substr(workspace.root.rfind('/') + 1);
  draft.id = report.head.hex();
  draft.commit = report.head.hex();
  draft.type = "commit.integrated";
  if (!report.opened.empty()) {
    const merge::Conflict& conflict = report.opened.front().conflict;
    draft.type = "conflict.opened";
    draft.subject = conflict.id;
    draft.elements = {{conflict.element,
                       report.opened.front().path,
                       {{diff::ChangeKind::text, conflict.element, conflict.at, conflict.ours, conflict.theirs}}}};
    draft.summary = std::to_string(report.opened.size()) + (report.opened.size() == 1 ? " conflict" : " conflicts") +
                    " to decide on " + report.shared_branch;
    return draft;
  }
  AECOS_TRY_ASSIGN(const auto changes, changes_of(workspace, report));
  draft.elements = event::by_element(changes);
  constexpr std::size_t summary_max = 300;
  draft.summary = diff::summarise(changes, summary_max);
  return draft;
}

}  // namespace

void tell_directly(Context& context, const std::string& root, const sync::SyncReport& report) {
  const bool is_news = (report.pushed && report.shared_after) || !report.opened.empty();
  if (!is_news) return;
  const auto settings = OwnSettings::of(context, root);
  if (!settings) return context.terminal.warn("nobody was told of it: " + settings.error().message);
  const Wanted wanted = wanted_by(*settings);
  if (wanted.targets.empty() && wanted.passed_over.empty()) return;
  auto workspace = open_workspace(context);
  if (!workspace) return context.terminal.warn("nobody was told of it: " + workspace.error().message);
  if (const auto hub = sync::HubLink::open(*workspace, http::make_client()); hub && *hub) return;
  const auto client = http::make_client();
  for (const std::string& name : wanted.passed_over)
    context.terminal.warn(name + " in .env does not count, as git does not ignore that file; add it to .gitignore");
  const auto draft = draft_of(context, *workspace, report);
  if (draft && draft->summary.empty()) return;  // A merge that changed nothing.
  const auto entry = draft ? event::read(event::seal(*draft, 1, "").json) : Result<event::Entry>(draft.error());
  if (!entry) return context.terminal.warn("nobody was told of it: " + entry.error().message);
  const event::Story story = event::story_of({&*entry, 1}, "");
  notify::Sending sending;
  sending.id = story.id;
  for (const notify::Target& target : wanted.targets) {
    auto call = notify::render(target, story, sending);
    if (!call) {
      context.terminal.warn(notify::shown(target) + ": " + call.error().message);
      continue;
    }
    call->timeout_ms = timeout_ms;
    const auto response = client->send(*call);
    const notify::Outcome outcome =
        response ? notify::judge(target, *response) : notify::judge_failure(target, response.error());
    if (outcome.verdict != notify::Outcome::Verdict::delivered)
      context.terminal.warn(notify::shown(target) + " was not told: " + outcome.why);
  }
}

}  // namespace aecos::cli
