// What git's hooks call: aecos hook pre-commit, commit-msg, post-merge.

#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/direct_message.h"
#include "cli/hook.h"
#include "cli/project.h"
#include "diff/brief.h"
#include "os/path.h"
#include "revision/content.h"
#include "revision/skipped.h"
#include "revision/words.h"
#include "sync/commit_checks.h"
#include "sync/open_conflicts.h"

namespace aecos::cli {
namespace {

using revision::SkippedCheck;

constexpr std::size_t shown_max = 20;

// By the environment, and by git -c aecos.skip=…, which its hooks are handed.
Result<std::vector<SkippedCheck>> skips_wanted(Context& context, sync::Workspace& workspace) {
  std::vector<std::string> wishes;
  const std::string variable = context.environment.variable("AECOS_SKIP").value_or("");
  if (!variable.empty()) wishes.push_back(variable);
  AECOS_TRY_ASSIGN(const os::Finished told, workspace.program.try_run({"config", "-z", "--get-all", "aecos.skip"}));
  for (const std::string& wish : sync::split_list(told.output)) wishes.push_back(wish);
  std::vector<std::string_view> known;
  for (const sync::CommitCheck& check : sync::commit_checks()) known.push_back(check.name);
  return revision::read_skips(wishes, known);
}

void say_findings(Terminal& terminal, const std::vector<std::string>& lines) {
  for (std::size_t k = 0; k < std::min(lines.size(), shown_max); ++k) terminal.warn(lines[k]);
  if (lines.size() > shown_max) terminal.warn("and " + std::to_string(lines.size() - shown_max) + " more");
}

std::string advice(const std::vector<std::string_view>& failed) {
  std::string names;
  for (const std::string_view name : failed) names += (names.empty() ? "" : ",") + std::string(name);
  const bool secret = std::find(failed.begin(), failed.end(), "secrets") != failed.end();
  return "nothing was committed; " + std::string(secret ? "take it out" : "mend it") +
         ", or, if it is right so, say why, which goes into the commit: AECOS_SKIP='" + names +
         ":REASON' git commit …" + (secret ? " (a hub asks for a reason of its own when it is pushed)" : "");
}

Result<int> check_commit(Context& context) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(const std::vector<SkippedCheck> skips, skips_wanted(context, workspace));
  const std::string index_file = context.environment.variable("GIT_INDEX_FILE").value_or("");
  AECOS_TRY_ASSIGN(const std::vector<sync::StagedFile> files, sync::staged_files(workspace, index_file));
  std::vector<std::string_view> failed;
  for (const sync::CommitCheck& check : sync::commit_checks()) {
    const auto skipped =
        std::find_if(skips.begin(), skips.end(), [&](const SkippedCheck& skip) { return skip.check == check.name; });
    if (skipped != skips.end()) {
      context.terminal.warn(std::string(check.name) + " was not checked: " + skipped->reason);
      continue;
    }
    std::vector<std::string> unread;
    const auto found = check.run(workspace, files, unread);
    for (const std::string& line : unread)
      context.terminal.warn(std::string(check.name) + " was not checked: " + printable(line));
    if (check.only_tells) {
      for (const std::string& line : found ? *found : std::vector<std::string>()) context.terminal.say(printable(line));
      continue;
    }
    AECOS_TRY_ASSIGN(const std::vector<std::string> lines, found);
    say_findings(context.terminal, lines);
    if (!lines.empty()) failed.push_back(check.name);
  }
  if (failed.empty()) return exit_ok;
  context.terminal.fail({ErrorCode::denied, advice(failed)});
  return exit_findings;
}

// What was skipped is said in the commit, for everybody who gets it, and for a hub's audit trail.
Result<int> note_skips(Context& context, const std::string& file) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  AECOS_TRY_ASSIGN(const std::vector<SkippedCheck> skips, skips_wanted(context, workspace));
  if (skips.empty()) return exit_ok;
  const std::string path = context.path(file);
  AECOS_TRY_ASSIGN(std::string message, context.files.read(path));
  AECOS_TRY_ASSIGN(const std::string said,
                   workspace.program.run({"stripspace", "--strip-comments"}, std::move(message)));
  if (said.empty()) return exit_ok;  // Git gives the commit up, as it was asked to.
  std::vector<std::string> arguments{"interpret-trailers", "--in-place", "--if-exists", "addIfDifferent"};
  for (const SkippedCheck& skip : skips) {
    arguments.emplace_back("--trailer");
    arguments.push_back(revision::trailer_of(skip));
  }
  arguments.push_back(path);
  AECOS_TRY(workspace.program.run(std::move(arguments)));
  return exit_ok;
}

// --- after a merge

struct Merged {
  CommitId before;
  std::vector<revision::FileChanges> changes;
};

Result<Merged> what_came(sync::Workspace& workspace, CommitId before, CommitId after) {
  Merged merged;
  merged.before = before;
  AECOS_TRY_ASSIGN(const TreeId from, workspace.tree_of(before));
  AECOS_TRY_ASSIGN(const TreeId to, workspace.tree_of(after));
  AECOS_TRY_ASSIGN(const auto files, revision::difference(workspace.repository, from, to));
  merged.changes = diff::brief(revision::changes_of(workspace.library(), files, {64U << 20U, 100}));
  return merged;
}

void say_received(Terminal& terminal, const Merged& merged) {
  for (std::size_t k = 0; k < std::min(merged.changes.size(), shown_max); ++k)
    terminal.say(terminal.paint(Paint::blue, "received ") + " " +
                 printable(revision::summarise({merged.changes[k]}, 160)));
  if (merged.changes.size() > shown_max)
    terminal.say("  … and " + std::to_string(merged.changes.size() - shown_max) + " more files");
}

// Whoever merges into the shared branch by hand does what a hub, or a sync, would tell the team of.
Result<> tell_team(Context& context, sync::Workspace& workspace, const Merged& merged) {
  AECOS_TRY_ASSIGN(const auto head, workspace.head());
  if (head.branch != workspace.shared_ref() || merged.before == head.commit) return {};
  sync::SyncReport report;
  report.branch = report.shared_branch = workspace.project.shared_branch;
  report.head = head.commit;
  report.pushed = true;
  report.shared_before = merged.before;
  report.shared_after = head.commit;
  tell_directly(context, workspace.root, report);
  return {};
}

// Git LFS wants a hook of that name for itself, and does without where another one is there.
void stand_in_for_lfs(Context& context, sync::Workspace& workspace) {
  const auto used = workspace.repository.config("filter.lfs.process");
  const std::string theirs = os::join(workspace.repository.common_folder(), "hooks/post-merge.yours");
  if (used && *used && !os::exists(context.files, theirs))
    static_cast<void>(workspace.program.try_run({"lfs", "post-merge", "0"}));
}

Result<int> after_merge(Context& context) {
  AECOS_TRY_ASSIGN(sync::Workspace workspace, open_workspace(context));
  stand_in_for_lfs(context, workspace);
  AECOS_TRY_ASSIGN(const auto before, workspace.repository.read_ref("ORIG_HEAD"));
  AECOS_TRY_ASSIGN(const auto head, workspace.head());
  if (!before || *before == head.commit) return exit_ok;
  AECOS_TRY_ASSIGN(const Merged merged, what_came(workspace, *before, head.commit));
  say_received(context.terminal, merged);
  AECOS_TRY_ASSIGN(const auto conflicts, sync::open_conflicts(workspace, head.commit));
  if (!conflicts.empty())
    context.terminal.say(std::to_string(conflicts.size()) + (conflicts.size() == 1 ? " conflict" : " conflicts") +
                         " to be settled; see aecos conflicts.");
  AECOS_TRY(tell_team(context, workspace, merged));
  return exit_ok;
}

}  // namespace

bool is_pre_commit(std::string_view program) { return os::name_of(program) == "pre-commit"; }

void add_hook(Command& app, Context& context) {
  Command* hook = app.add_subcommand("hook", "Called by git's hooks, which aecos init puts into a repository");
  hook->group("");
  hook->require_subcommand(1);
  Command* before_commit = hook->add_subcommand("pre-commit", "Check what is staged");
  on_run(*before_commit, context, [&context] { return check_commit(context); });
  auto file = std::make_shared<std::string>();
  Command* message = hook->add_subcommand("commit-msg", "Say in the message which checks were skipped, and why");
  message->add_option("FILE", *file)->required();
  on_run(*message, context, [&context, file] { return note_skips(context, *file); });
  auto squash = std::make_shared<int>(0);
  Command* merged = hook->add_subcommand("post-merge", "Tell what came in");
  merged->add_option("SQUASH", *squash, "1: nothing was committed yet");
  on_run(*merged, context, [&context, squash] { return *squash == 1 ? Result<int>(exit_ok) : after_merge(context); });
}

}  // namespace aecos::cli
